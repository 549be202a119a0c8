import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Bench, request, responseTo } from './testing/bench.ts';
import { playServer, type Row } from './testing/play.ts';

const rows: readonly Row[] = [
  {
    title: '§17.2.2: Trying discards a retransmission and says nothing by itself',
    steps: ['again', 'wait 1000', 'again'],
    log: ['0 absorbed', '1000 absorbed'],
    state: 'trying',
  },
  {
    title: '§17.2.2: Proceeding answers a retransmission by the most recent provisional response',
    steps: ['respond 100', 'again', 'respond 183', 'again'],
    log: ['0 send 100', '0 send 100', '0 absorbed', '0 send 183', '0 send 183', '0 absorbed'],
    state: 'proceeding',
  },
  {
    title: '§17.2.2: Trying, final response: Completed, which answers a retransmission by it for the 64*T1 of timer J',
    steps: ['respond 200', 'wait 31999', 'again'],
    log: ['0 send 200', '0 ended', '31999 send 200', '31999 absorbed'],
    state: 'completed',
  },
  {
    title: '§17.2.2: Proceeding, final response: the same; timer J ends it',
    steps: ['respond 100', 'respond 404', 'wait 32000'],
    log: ['0 send 100', '0 send 404', '0 ended'],
    state: 'terminated',
  },
  {
    title: '§17.2.2: Completed discards what else the user says',
    steps: ['respond 404', 'respond 100', 'respond 200'],
    log: ['0 send 404', '0 ended', '0 discarded 100', '0 discarded 200'],
    state: 'completed',
  },
  {
    title: '§17.2.2: over a reliable transport timer J is zero',
    transport: 'tcp',
    steps: ['respond 200', 'respond 200'],
    log: ['0 send 200', '0 ended', '0 discarded 200'],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §8.8: Proceeding, transport error: the user is told, the state stays',
    transport: 'tcp',
    steps: ['break closed', 'respond 100'],
    log: ['0 closed 100', '0 transport error'],
    state: 'proceeding',
  },
  {
    title: 'RFC 6026 §8.8: Completed, transport error: the user is told, a retransmission may yet be answered',
    steps: ['break closed', 'respond 200', 'mend', 'again'],
    log: ['0 closed 200', '0 transport error', '0 ended', '0 send 200', '0 absorbed'],
    state: 'completed',
  },
  {
    title: 'RFC 4320 §4.2: abandon answers nothing, and absorbs retransmissions for as long as timer J runs',
    steps: ['abandon', 'again', 'respond 200', 'wait 31999', 'again', 'wait 1', 'abandon'],
    log: ['0 ended', '0 absorbed', '0 discarded 200', '31999 absorbed'],
    state: 'terminated',
  },
  {
    title: 'RFC 4320 §4.2: Proceeding that is abandoned no longer repeats its provisional response',
    steps: ['respond 100', 'abandon', 'again'],
    log: ['0 send 100', '0 ended', '0 absorbed'],
    state: 'completed',
  },
  {
    title: 'terminate ends Completed: what comes then is new',
    steps: ['respond 200', 'terminate', 'again'],
    log: ['0 send 200', '0 ended', '0 new'],
    state: 'terminated',
  },
  {
    title: 'terminate ends it without a word, and what the user says then is discarded',
    steps: ['terminate', 'terminate', 'respond 200'],
    log: ['0 ended', '0 discarded 200'],
    state: 'terminated',
  },
];

describe('non-INVITE server transaction', () => {
  for (const row of rows) test(row.title, () => void playServer('OPTIONS', row));

  test('§17.2.2: a retransmission is answered by the same bytes', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const options = request('OPTIONS');
    const transaction = bench.server(options, flow);
    transaction.respond(responseTo(options, 200));
    bench.layer.receiveRequest(request('OPTIONS'));
    bench.layer.receiveRequest(request('OPTIONS'));
    assert.equal(flow.sent.length, 3);
    assert.equal(new Set(flow.sent.map((bytes) => bytes.toString('latin1'))).size, 1);
    assert.equal(transaction.lastResponse?.status, 200);
  });

  test('a user that terminates the transaction when told of a transport error is obeyed', () => {
    const bench = new Bench();
    const flow = bench.flow('tcp');
    flow.result = 'closed';
    const options = request('OPTIONS');
    const transaction = bench.layer.createServer(options, flow, { onTransportError: () => end() });
    assert.ok(typeof transaction !== 'string');
    const end = () => transaction.terminate();
    transaction.respond(responseTo(options, 200));
    assert.equal(transaction.state, 'terminated');
    assert.equal(bench.layer.size, 0);
  });
});
