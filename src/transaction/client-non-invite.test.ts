import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Bench } from './testing/bench.ts';
import { playClient, type Row } from './testing/play.ts';

const rows: readonly Row[] = [
  {
    title: '§17.1.2.2: Trying repeats by timer E, doubling up to T2, until timer F at 64*T1',
    steps: ['wait 32000'],
    log: [
      '0 send OPTIONS',
      '500 send OPTIONS',
      '1500 send OPTIONS',
      '3500 send OPTIONS',
      '7500 send OPTIONS',
      '11500 send OPTIONS',
      '15500 send OPTIONS',
      '19500 send OPTIONS',
      '23500 send OPTIONS',
      '27500 send OPTIONS',
      '31500 send OPTIONS',
      '32000 timeout (terminated)',
      '32000 ended',
    ],
    state: 'terminated',
  },
  {
    title: '§17.1.2.2: over a reliable transport it sends once and ends by timer F',
    transport: 'tcp',
    steps: ['wait 31999', 'wait 1'],
    log: ['0 send OPTIONS', '32000 timeout (terminated)', '32000 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.2.2: Proceeding repeats every T2 once the running timer E has fired; timer F goes on',
    steps: ['wait 100', 'receive 100', 'receive 183', 'wait 13000', 'wait 18900'],
    log: [
      '0 send OPTIONS',
      '100 response 100',
      '100 response 183',
      '500 send OPTIONS',
      '4500 send OPTIONS',
      '8500 send OPTIONS',
      '12500 send OPTIONS',
      '16500 send OPTIONS',
      '20500 send OPTIONS',
      '24500 send OPTIONS',
      '28500 send OPTIONS',
      '32000 timeout (terminated)',
      '32000 ended',
    ],
    state: 'terminated',
  },
  {
    title: '§17.1.2.2: Trying, final response: passed up, Completed for the T4 of timer K, which absorbs the rest',
    steps: ['receive 200', 'wait 4999', 'receive 200', 'receive 100'],
    log: ['0 send OPTIONS', '0 response 200', '0 ended'],
    state: 'completed',
  },
  {
    title: '§17.1.2.2: Proceeding, final response: the same; timer K ends it',
    steps: ['receive 100', 'receive 404', 'wait 5000'],
    log: ['0 send OPTIONS', '0 response 100', '0 response 404', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.2.2: over a reliable transport timer K is zero',
    transport: 'tcp',
    steps: ['receive 100', 'receive 404', 'receive 404'],
    log: ['0 send OPTIONS', '0 response 100', '0 response 404', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.4: a first send that fails is told from the clock',
    steps: ['break closed', 'wait 0'],
    log: ['0 closed OPTIONS', '0 transport error', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.4: over a reliable transport a full queue is a transport error',
    transport: 'tcp',
    steps: ['break overflow', 'wait 0'],
    log: ['0 overflow OPTIONS', '0 transport error', '0 ended'],
    state: 'terminated',
  },
  {
    title: 'figure 6: Trying, transport error of a retransmission: terminated',
    steps: ['wait 499', 'break closed', 'wait 1'],
    log: ['0 send OPTIONS', '500 closed OPTIONS', '500 transport error', '500 ended'],
    state: 'terminated',
  },
  {
    title: 'figure 6: Proceeding, transport error of a retransmission: terminated',
    steps: ['receive 100', 'break closed', 'wait 500'],
    log: ['0 send OPTIONS', '0 response 100', '500 closed OPTIONS', '500 transport error', '500 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.4: the end of its connection fails a request that nobody answered',
    transport: 'tcp',
    steps: ['flow closed'],
    log: ['0 send OPTIONS', '0 transport error', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§18.2.2: after a provisional response the end of the connection fails nothing',
    transport: 'tcp',
    steps: ['receive 100', 'flow closed', 'receive 200'],
    log: ['0 send OPTIONS', '0 response 100', '0 response 200', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§9.1: CANCEL is for INVITE only',
    steps: ['receive 100', 'cancel'],
    log: ['0 send OPTIONS', '0 response 100'],
    state: 'proceeding',
  },
  {
    title: 'terminate ends it without a word to the network',
    steps: ['terminate', 'terminate', 'wait 40000'],
    log: ['0 send OPTIONS', '0 ended'],
    state: 'terminated',
  },
];

describe('non-INVITE client transaction', () => {
  for (const row of rows) test(row.title, () => void playClient('OPTIONS', row));

  test('fr_timer takes the place of timer F', () => {
    playClient(
      'OPTIONS',
      {
        title: '',
        transport: 'tcp',
        steps: ['wait 30000'],
        log: ['0 send OPTIONS', '30000 timeout (terminated)', '30000 ended'],
        state: 'terminated',
      },
      new Bench({ frTimerMs: 30_000 }),
    );
  });

  test('§17.1.2.2: a retransmission is the same bytes', () => {
    const bench = new Bench();
    const flow = bench.flow();
    bench.client('OPTIONS', flow);
    bench.clock.advance(1_500);
    assert.equal(flow.sent.length, 3);
    assert.equal(new Set(flow.sent.map((bytes) => bytes.toString('latin1'))).size, 1);
  });
});
