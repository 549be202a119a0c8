import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SipRequest } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { Bench, request, responseTo } from './testing/bench.ts';
import { playClient, type Row } from './testing/play.ts';

const rows: readonly Row[] = [
  {
    title: '§17.1.1.2: Calling repeats the INVITE by timer A, doubling without a limit, until timer B at 64*T1',
    steps: ['wait 32000'],
    log: [
      '0 send INVITE',
      '500 send INVITE',
      '1500 send INVITE',
      '3500 send INVITE',
      '7500 send INVITE',
      '15500 send INVITE',
      '31500 send INVITE',
      '32000 timeout (terminated)',
      '32000 ended',
    ],
    state: 'terminated',
  },
  {
    title: '§17.1.1.2: Calling over a reliable transport sends once and ends by timer B',
    transport: 'tcp',
    steps: ['wait 31999', 'wait 1'],
    log: ['0 send INVITE', '32000 timeout (terminated)', '32000 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.1.2: a provisional response stops timers A and B; each is passed up',
    steps: ['wait 600', 'receive 100', 'receive 180', 'wait 600000', 'receive 183'],
    log: ['0 send INVITE', '500 send INVITE', '600 response 100', '600 response 180', '600600 response 183'],
    state: 'proceeding',
  },
  {
    title: '§17.1.1.2: Calling, negative final response: ACK, pass up, Completed for the 32 s of timer D',
    steps: ['receive 486', 'wait 31999'],
    log: ['0 send INVITE', '0 send ACK', '0 response 486', '0 ended'],
    state: 'completed',
  },
  {
    title: '§17.1.1.2: Proceeding, negative final response: the same; timer D ends it',
    steps: ['receive 180', 'wait 1000', 'receive 302', 'wait 32000'],
    log: ['0 send INVITE', '0 response 180', '1000 send ACK', '1000 response 302', '1000 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.1.2: Completed answers each retransmission by an ACK and does not pass it up',
    steps: ['receive 486', 'wait 500', 'receive 486', 'wait 1000', 'receive 486'],
    log: ['0 send INVITE', '0 send ACK', '0 response 486', '0 ended', '500 send ACK', '1500 send ACK'],
    state: 'completed',
  },
  {
    title: '§17.1.1.2: Completed has no use for a late provisional or 2xx response',
    steps: ['receive 486', 'receive 180', 'receive 200'],
    log: ['0 send INVITE', '0 send ACK', '0 response 486', '0 ended'],
    state: 'completed',
  },
  {
    title: '§17.1.1.2: over a reliable transport timer D is zero',
    transport: 'tcp',
    steps: ['receive 486', 'receive 486'],
    log: ['0 send INVITE', '0 send ACK', '0 response 486', '0 ended'],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §7.2: Calling, 2xx: Accepted, without ACK, for the 64*T1 of timer M',
    steps: ['receive 200', 'wait 31999'],
    log: ['0 send INVITE', '0 response 200'],
    state: 'accepted',
  },
  {
    title: 'RFC 6026 §7.2: Proceeding, 2xx: Accepted; every further 2xx is passed up; timer M ends it',
    steps: ['receive 180', 'receive 200', 'wait 500', 'receive 200', 'wait 31500'],
    log: ['0 send INVITE', '0 response 180', '0 response 200', '500 response 200', '32000 ended'],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §7.2: Accepted over a reliable transport waits for timer M as well',
    transport: 'tcp',
    steps: ['receive 200', 'wait 31999', 'receive 200', 'wait 1'],
    log: ['0 send INVITE', '0 response 200', '31999 response 200', '32000 ended'],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §7.2: Accepted does not pass up or acknowledge anything but a 2xx',
    steps: ['receive 200', 'receive 180', 'receive 486'],
    log: ['0 send INVITE', '0 response 200'],
    state: 'accepted',
  },
  {
    title: '§17.1.4: a first send that fails is told from the clock, never inside createClient',
    transport: 'tcp',
    steps: ['break closed', 'wait 0'],
    log: ['0 closed INVITE', '0 transport error', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.4: a retransmission that fails ends Calling',
    steps: ['break overflow', 'wait 499', 'break closed', 'wait 1'],
    log: ['0 overflow INVITE', '500 closed INVITE', '500 transport error', '500 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.4: a datagram that found the queue full is repaired by the next retransmission',
    steps: ['break overflow', 'mend', 'wait 500'],
    log: ['0 overflow INVITE', '500 send INVITE'],
    state: 'calling',
  },
  {
    title: 'figure 5: Completed, transport error of a repeated ACK: terminated; the user has been let go before',
    steps: ['receive 486', 'break closed', 'receive 486', 'receive 486'],
    log: ['0 send INVITE', '0 send ACK', '0 response 486', '0 ended', '0 closed ACK'],
    state: 'terminated',
  },
  {
    title: 'figure 5: transport error of the first ACK: the response is passed up first',
    steps: ['receive 180', 'break closed', 'receive 486'],
    log: ['0 send INVITE', '0 response 180', '0 closed ACK', '0 response 486', '0 transport error', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§17.1.4: the end of its connection fails an INVITE that nobody answered',
    transport: 'tcp',
    steps: ['flow closed'],
    log: ['0 send INVITE', '0 transport error', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§18.2.2: after a provisional response the end of the connection fails nothing, for the peer opens another',
    transport: 'tcp',
    steps: ['receive 180', 'flow closed', 'receive 200'],
    log: ['0 send INVITE', '0 response 180', '0 response 200'],
    state: 'accepted',
  },
  {
    title: '§18.4: an unreachable peer fails an INVITE that nobody answered',
    steps: ['send failed'],
    log: ['0 send INVITE', '0 transport error', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§9.1: CANCEL is held back until the first provisional response',
    steps: ['cancel', 'wait 500', 'receive 100', 'receive 180'],
    log: ['0 send INVITE', '500 send INVITE', '500 send CANCEL', '500 response 100', '500 response 180'],
    state: 'proceeding',
  },
  {
    title: '§9.1: CANCEL goes out at once after a provisional response, once',
    transport: 'tcp',
    steps: ['receive 180', 'cancel', 'cancel', 'receive 487'],
    log: ['0 send INVITE', '0 response 180', '0 send CANCEL', '0 send ACK', '0 response 487', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§9.1: CANCEL has no effect after a final response',
    steps: ['receive 486', 'cancel', 'wait 32000', 'cancel'],
    log: ['0 send INVITE', '0 send ACK', '0 response 486', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§9.1: a held CANCEL is dropped when the answer is a 2xx',
    steps: ['cancel', 'receive 200'],
    log: ['0 send INVITE', '0 response 200'],
    state: 'accepted',
  },
  {
    title: '§9.1: a held CANCEL without any response ends by timer B',
    transport: 'tcp',
    steps: ['cancel', 'wait 32000'],
    log: ['0 send INVITE', '32000 timeout (terminated)', '32000 ended'],
    state: 'terminated',
  },
  {
    title: '§9.1: 64*T1 after a CANCEL the INVITE counts as cancelled; a provisional response does not prolong it',
    transport: 'tcp',
    steps: ['receive 180', 'cancel', 'wait 31000', 'receive 180', 'wait 1000'],
    log: [
      '0 send INVITE',
      '0 response 180',
      '0 send CANCEL',
      '31000 response 180',
      '32000 timeout (terminated)',
      '32000 ended',
    ],
    state: 'terminated',
  },
  {
    title: 'terminate ends Calling without a word to the network',
    steps: ['terminate', 'wait 40000'],
    log: ['0 send INVITE', '0 ended'],
    state: 'terminated',
  },
];

describe('INVITE client transaction', () => {
  for (const row of rows) test(row.title, () => void playClient('INVITE', row));

  test('fr_timer takes the place of timer B', () => {
    playClient(
      'INVITE',
      {
        title: '',
        transport: 'tcp',
        steps: ['wait 30000'],
        log: ['0 send INVITE', '30000 timeout (terminated)', '30000 ended'],
        state: 'terminated',
      },
      new Bench({ frTimerMs: 30_000 }),
    );
  });

  test('fr_inv_timer counts from the last provisional response, cancels, and lets a late 2xx come up', () => {
    const bench = playClient(
      'INVITE',
      {
        title: '',
        transport: 'tcp',
        steps: ['receive 100', 'wait 100000', 'receive 180', 'wait 119999', 'wait 1', 'receive 200'],
        log: [
          '0 send INVITE',
          '0 response 100',
          '100000 response 180',
          '220000 send CANCEL',
          '220000 timeout (proceeding)',
          '220000 response 200',
        ],
        state: 'accepted',
      },
      new Bench({ frInvTimerMs: 120_000 }),
    );
    bench.clock.advance(32_000);
    assert.equal(bench.layer.size, 0);
  });

  test('fr_inv_timer and a CANCEL that nobody answers: one timeout is told, and nothing is left', () => {
    const bench = playClient(
      'INVITE',
      {
        title: '',
        transport: 'tcp',
        steps: ['receive 180', 'wait 120000', 'wait 32000'],
        log: ['0 send INVITE', '0 response 180', '120000 send CANCEL', '120000 timeout (proceeding)', '152000 ended'],
        state: 'terminated',
      },
      new Bench({ frInvTimerMs: 120_000 }),
    );
    assert.equal(bench.layer.size, 0);
    assert.equal(bench.clock.pendingTimers, 0);
  });

  test('fr_inv_timer does not prolong the 64*T1 of a CANCEL', () => {
    playClient(
      'INVITE',
      {
        title: '',
        transport: 'tcp',
        steps: ['receive 180', 'cancel', 'wait 31000', 'receive 180', 'wait 1000'],
        log: [
          '0 send INVITE',
          '0 response 180',
          '0 send CANCEL',
          '31000 response 180',
          '32000 timeout (terminated)',
          '32000 ended',
        ],
        state: 'terminated',
      },
      new Bench({ frInvTimerMs: 120_000 }),
    );
  });

  test('options of one transaction go before the settings', () => {
    const bench = new Bench({ frTimerMs: 30_000 });
    bench.layer.createClient(request('INVITE'), bench.flow('tcp'), bench.clientUser(), { frTimerMs: 5_000 });
    bench.clock.advance(5_000);
    assert.deepEqual(bench.take(), ['0 send INVITE', '5000 timeout (terminated)', '5000 ended']);
  });

  test('§17.1.1.3: the ACK has the R-URI, Call-ID, From, Route and one Via of the INVITE, and the To of the response', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const invite = request('INVITE', {
      uri: 'sip:bob@192.0.2.9;x=1',
      via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKours, SIP/2.0/TCP 192.0.2.2;branch=z9hG4bKabc',
      headers: ['Route: <sip:a.example.org;lr>', 'Route: <sip:b.example.org;lr>, <sip:c.example.org;lr>'],
    });
    bench.layer.createClient(invite, flow, bench.clientUser());
    bench.layer.receiveResponse(responseTo(invite, 486, 'tag-of-bob'), flow);
    const ack = parseMessage(flow.sent[1] ?? Buffer.alloc(0));
    assert.ok(ack instanceof SipRequest);
    assert.equal(ack.method, 'ACK');
    assert.equal(ack.uriText, 'sip:bob@192.0.2.9;x=1');
    assert.deepEqual([...ack.values('via')], ['SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKours']);
    assert.deepEqual(
      [...ack.values('route')],
      ['<sip:a.example.org;lr>', '<sip:b.example.org;lr>', '<sip:c.example.org;lr>'],
    );
    assert.equal(ack.header('from'), '"Alice" <sip:alice@example.org>;tag=alice1');
    assert.equal(ack.header('to'), '<sip:bob@example.org>;tag=tag-of-bob');
    assert.equal(ack.header('call-id'), 'call-1@192.0.2.2');
    assert.deepEqual(ack.cseq, invite.cseq && { ...ack.cseq, number: 7, method: 'ACK' });
    assert.equal(ack.header('max-forwards'), '70');
    assert.equal(ack.header('content-length'), '0');
  });

  test('§17.1.1.3: a retransmitted response is acknowledged by the same bytes', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const { request: invite } = bench.client('INVITE', flow);
    for (let times = 0; times < 3; times++) bench.layer.receiveResponse(responseTo(invite, 500), flow);
    assert.equal(flow.sent.length, 4);
    assert.deepEqual(flow.sent[2], flow.sent[1]);
    assert.deepEqual(flow.sent[3], flow.sent[1]);
  });

  test('§9.1: CANCEL has the R-URI, Call-ID, From, To, Route, CSeq number and one Via of the INVITE', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const invite = request('INVITE', {
      via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKours, SIP/2.0/TCP 192.0.2.2;branch=z9hG4bKabc',
      headers: ['Route: <sip:a.example.org;lr>', 'Require: foo', 'Proxy-Require: bar'],
    });
    const transaction = bench.layer.createClient(invite, flow, bench.clientUser());
    bench.layer.receiveResponse(responseTo(invite, 180), flow);
    transaction.cancel('SIP ;cause=200 ;text="Call completed elsewhere"');
    const cancel = parseMessage(flow.sent[1] ?? Buffer.alloc(0));
    assert.ok(cancel instanceof SipRequest);
    assert.equal(cancel.method, 'CANCEL');
    assert.equal(cancel.uriText, invite.uriText);
    assert.deepEqual([...cancel.values('via')], ['SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKours']);
    for (const name of ['from', 'to', 'call-id', 'route']) assert.equal(cancel.header(name), invite.header(name), name);
    assert.equal(cancel.header('cseq'), '7 CANCEL');
    assert.equal(cancel.has('require'), false);
    assert.equal(cancel.has('proxy-require'), false);
    assert.equal(cancel.header('reason'), 'SIP ;cause=200 ;text="Call completed elsewhere"');
  });

  test('§9.1: CANCEL is a transaction of its own, whose 200 does not reach the INVITE', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const transaction = bench.client('INVITE', flow);
    bench.layer.receiveResponse(responseTo(transaction.request, 180), flow);
    transaction.cancel();
    bench.take();
    bench.clock.advance(500);
    assert.deepEqual(bench.take(), ['500 send CANCEL']);
    const cancel = parseMessage(flow.sent.at(-1) ?? Buffer.alloc(0));
    assert.ok(cancel instanceof SipRequest);
    assert.equal(bench.layer.receiveResponse(responseTo(cancel, 200), flow), true);
    assert.deepEqual(bench.take(), []);
    assert.equal(transaction.state, 'proceeding');
    bench.layer.receiveResponse(responseTo(transaction.request, 487), flow);
    bench.clock.advance(32_000);
    assert.equal(bench.layer.size, 0);
  });
});
