import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { Bench, request, responseTo } from './testing/bench.ts';
import { playServer, type Row } from './testing/play.ts';

const rows: readonly Row[] = [
  {
    title: '§17.2.1: without a response of the user within 200 ms the transaction says 100 itself',
    steps: ['again', 'wait 199', 'wait 1', 'again'],
    log: ['0 absorbed', '200 send 100', '200 send 100', '200 absorbed'],
    state: 'proceeding',
  },
  {
    title: '§17.2.1: a provisional response of the user in time makes the 100 needless',
    steps: ['respond 180', 'wait 1000'],
    log: ['0 send 180'],
    state: 'proceeding',
  },
  {
    title: '§17.2.1: Proceeding answers a retransmission by the most recent provisional response',
    steps: ['respond 100', 'respond 180', 'again', 'respond 183', 'again'],
    log: ['0 send 100', '0 send 180', '0 send 180', '0 absorbed', '0 send 183', '0 send 183', '0 absorbed'],
    state: 'proceeding',
  },
  {
    title: '§17.2.1: an ACK before the final response is absorbed without effect',
    steps: ['respond 180', 'ack'],
    log: ['0 send 180', '0 absorbed'],
    state: 'proceeding',
  },
  {
    title: '§17.2.1: Completed repeats by timer G, doubling up to T2, until timer H at 64*T1 tells the user',
    steps: ['respond 486', 'wait 32000'],
    log: [
      '0 send 486',
      '500 send 486',
      '1500 send 486',
      '3500 send 486',
      '7500 send 486',
      '11500 send 486',
      '15500 send 486',
      '19500 send 486',
      '23500 send 486',
      '27500 send 486',
      '31500 send 486',
      '32000 ack timeout',
      '32000 ended',
    ],
    state: 'terminated',
  },
  {
    title: '§17.2.1: Completed over a reliable transport does not repeat; timer H holds',
    transport: 'tcp',
    steps: ['respond 180', 'respond 600', 'wait 31999', 'wait 1'],
    log: ['0 send 180', '0 send 600', '32000 ack timeout', '32000 ended'],
    state: 'terminated',
  },
  {
    title: '§17.2.1: Completed answers a retransmission by the final response',
    transport: 'tcp',
    steps: ['respond 302', 'again'],
    log: ['0 send 302', '0 send 302', '0 absorbed'],
    state: 'completed',
  },
  {
    title: '§17.2.1: Completed discards what else the user says',
    transport: 'tcp',
    steps: ['respond 302', 'respond 180', 'respond 200', 'respond 486'],
    log: ['0 send 302', '0 discarded 180', '0 discarded 200', '0 discarded 486'],
    state: 'completed',
  },
  {
    title: '§17.2.1: the ACK stops timers G and H; Confirmed absorbs for the T4 of timer I',
    steps: ['respond 486', 'wait 100', 'ack', 'wait 4999', 'ack', 'again', 'respond 500'],
    log: ['0 send 486', '100 absorbed', '5099 absorbed', '5099 absorbed', '5099 discarded 500'],
    state: 'confirmed',
  },
  {
    title: '§17.2.1: timer I ends Confirmed',
    steps: ['respond 486', 'ack', 'wait 5000'],
    log: ['0 send 486', '0 absorbed', '5000 ended'],
    state: 'terminated',
  },
  {
    title: '§17.2.1: over a reliable transport timer I is zero',
    transport: 'tcp',
    steps: ['respond 486', 'ack'],
    log: ['0 send 486', '0 ended', '0 absorbed'],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §7.1: a 2xx leads to Accepted, which absorbs retransmissions and repeats nothing by itself',
    steps: ['respond 200', 'again', 'wait 31999', 'again'],
    log: ['0 send 200', '0 absorbed', '31999 absorbed'],
    state: 'accepted',
  },
  {
    title: 'RFC 6026 §7.1: Accepted sends every further 2xx and discards other responses; timer L ends it',
    steps: ['respond 180', 'respond 200', 'wait 500', 'respond 200', 'respond 180', 'respond 486', 'wait 31500'],
    log: ['0 send 180', '0 send 200', '500 send 200', '500 discarded 180', '500 discarded 486', '32000 ended'],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §7.1: Accepted over a reliable transport waits for timer L as well',
    transport: 'tcp',
    steps: ['respond 200', 'wait 31999', 'wait 1'],
    log: ['0 send 200', '32000 ended'],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §7.1: an ACK in Accepted is told to the user and routed',
    steps: ['respond 200', 'ack'],
    log: ['0 send 200', '0 ack', '0 new'],
    state: 'accepted',
  },
  {
    title: 'RFC 6026 §8.8: Proceeding, transport error: the user is told, the state stays',
    transport: 'tcp',
    steps: ['break closed', 'respond 180', 'mend', 'respond 486'],
    log: ['0 closed 180', '0 transport error', '0 send 486'],
    state: 'completed',
  },
  {
    title: 'RFC 6026 §8.8: Completed, transport error: the user is told, timer H holds',
    transport: 'tcp',
    steps: ['break overflow', 'respond 486', 'again', 'wait 32000'],
    log: [
      '0 overflow 486',
      '0 transport error',
      '0 overflow 486',
      '0 transport error',
      '0 absorbed',
      '32000 ack timeout',
      '32000 ended',
    ],
    state: 'terminated',
  },
  {
    title: 'RFC 6026 §8.8: Accepted, transport error: the user is told, the state stays',
    transport: 'tcp',
    steps: ['break closed', 'respond 200'],
    log: ['0 closed 200', '0 transport error'],
    state: 'accepted',
  },
  {
    title: 'terminate ends it without a word, and what the user says then is discarded',
    steps: ['terminate', 'terminate', 'respond 200', 'wait 1000'],
    log: ['0 ended', '0 discarded 200'],
    state: 'terminated',
  },
];

describe('INVITE server transaction', () => {
  for (const row of rows) test(row.title, () => void playServer('INVITE', row));

  test('§17.2.1: a retransmission is answered by the same bytes', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const invite = request('INVITE');
    const transaction = bench.server(invite, flow);
    transaction.respond(responseTo(invite, 486));
    bench.layer.receiveRequest(request('INVITE'));
    bench.clock.advance(1_500);
    assert.equal(flow.sent.length, 4);
    assert.equal(new Set(flow.sent.map((bytes) => bytes.toString('latin1'))).size, 1);
    assert.equal(transaction.lastResponse?.status, 486);
  });

  test('§17.2.1, §8.2.6: the 100 of the transaction has no To tag and repeats the Timestamp', () => {
    const bench = new Bench();
    const flow = bench.flow();
    bench.server(request('INVITE', { headers: ['Timestamp: 54.5'] }), flow);
    bench.clock.advance(200);
    const trying = parseMessage(flow.sent[0] ?? Buffer.alloc(0));
    assert.ok(trying instanceof SipResponse);
    assert.equal(trying.status, 100);
    assert.equal(trying.header('to'), '<sip:bob@example.org>');
    assert.equal(trying.header('timestamp'), '54.5');
    assert.equal(trying.header('via'), 'SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKabc');
  });

  test('§9.2: the To tag for replies made here stays the same', () => {
    const bench = new Bench();
    const transaction = bench.server(request('INVITE'), bench.flow());
    const other = bench.server(request('INVITE', { via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKdef' }), bench.flow());
    assert.equal(transaction.toTag, transaction.toTag);
    assert.notEqual(transaction.toTag, other.toTag);
  });
});
