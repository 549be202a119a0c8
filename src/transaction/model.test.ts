import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { SendResult, TransportName } from '../transport/flow.ts';
import type { ClientTransaction } from './client-transaction.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { Bench, request, responseTo } from './testing/bench.ts';

const status = fc.constantFrom(100, 180, 183, 200, 202, 302, 404, 486, 503, 600);
const method = fc.constantFrom('INVITE', 'OPTIONS');
const transport = fc.constantFrom<TransportName>('udp', 'tcp');

type Event =
  | { readonly kind: 'message' | 'ack' | 'cancel' | 'terminate' | 'abandon' | 'flow closed' | 'send failed' | 'find' }
  | { readonly kind: 'response'; readonly status: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'flow becomes'; readonly result: SendResult };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      'message',
      'ack',
      'cancel',
      'terminate',
      'abandon',
      'flow closed',
      'send failed',
      'find' as const,
    ),
  }),
  fc.record({ kind: fc.constant('response' as const), status }),
  fc.record({ kind: fc.constant('response' as const), status }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 499, 500, 4_000, 5_000, 32_000, 120_000) }),
  fc.record({
    kind: fc.constant('flow becomes' as const),
    result: fc.constantFrom<SendResult>('sent', 'sent', 'closed', 'overflow'),
  }),
);

const states: Readonly<Record<string, number>> = {
  calling: 0,
  trying: 0,
  proceeding: 1,
  completed: 2,
  accepted: 2,
  confirmed: 3,
  terminated: 4,
};

/** A state never goes back; once terminated, nothing leaves and nobody is told anything. */
class Watch {
  readonly #bench: Bench;
  readonly #transaction: ClientTransaction | ServerTransaction;
  #rank: number;

  constructor(bench: Bench, transaction: ClientTransaction | ServerTransaction) {
    this.#bench = bench;
    this.#transaction = transaction;
    this.#rank = this.rank();
    bench.take();
  }

  rank(): number {
    const rank = states[this.#transaction.state];
    assert.ok(rank !== undefined);
    return rank;
  }

  check(wasTerminated: boolean): void {
    const rank = this.rank();
    assert.ok(rank >= this.#rank, `state went back to ${this.#transaction.state}`);
    this.#rank = rank;
    const log = this.#bench.take();
    if (wasTerminated) assert.deepEqual(log, [], 'after termination');
    const ended = log.findIndex((line) => line.endsWith(' ended'));
    if (ended >= 0) assert.equal(ended, log.length - 1, `its end is the last that is told: ${log.join(', ')}`);
  }
}

describe('any sequence of events', () => {
  test('leaves a client transaction legal, and at last gone', () => {
    fc.assert(
      fc.property(
        method,
        transport,
        fc.boolean(),
        fc.array(event, { maxLength: 30 }),
        (name, protocol, timers, events) => {
          const bench = new Bench(timers ? { frTimerMs: 30_000, frInvTimerMs: 120_000 } : {});
          const flow = bench.flow(protocol);
          // The CANCEL's own transaction is quiet here: its sends are not this transaction's.
          const transaction = bench.client(name, flow);
          const watch = new Watch(bench, transaction);
          for (const happening of events) {
            const terminated = transaction.state === 'terminated';
            const count = flow.sent.length;
            switch (happening.kind) {
              case 'response':
                bench.layer.receiveResponse(responseTo(transaction.request, happening.status), flow);
                break;
              case 'cancel':
                transaction.cancel();
                break;
              case 'terminate':
                transaction.terminate();
                break;
              case 'flow closed':
                bench.layer.flowClosed(flow);
                break;
              case 'send failed':
                bench.layer.sendFailed(flow);
                break;
              case 'wait':
                bench.clock.advance(happening.ms);
                break;
              case 'flow becomes':
                flow.result = happening.result;
                break;
              default:
                break;
            }
            const own = flow.sent.slice(count).filter((bytes) => !bytes.toString('latin1').startsWith('CANCEL'));
            if (terminated) assert.equal(own.length, 0, 'nothing is sent after termination');
            bench.log = bench.log.filter((line) => !line.endsWith(' CANCEL'));
            watch.check(terminated);
          }
          // Whatever happened: a final response, or a user that gives up, and the timers bring it to its end.
          flow.result = 'sent';
          bench.layer.receiveResponse(responseTo(transaction.request, 500), flow);
          bench.clock.advance(200_000);
          assert.equal(transaction.state, 'terminated');
          assert.equal(bench.layer.size, 0);
          assert.equal(bench.clock.pendingTimers, 0);
        },
      ),
    );
  });

  test('leaves a server transaction legal, and at last gone', () => {
    fc.assert(
      fc.property(
        method,
        transport,
        fc.boolean(),
        fc.array(event, { maxLength: 30 }),
        (name, protocol, cookie, events) => {
          const bench = new Bench();
          const flow = bench.flow(protocol);
          const parts = cookie ? {} : { via: 'SIP/2.0/UDP 192.0.2.2:5070' };
          const first = request(name, parts);
          const transaction = bench.server(first, flow);
          const watch = new Watch(bench, transaction);
          for (const happening of events) {
            const terminated = transaction.state === 'terminated';
            switch (happening.kind) {
              case 'message':
                assert.equal(bench.layer.receiveRequest(request(name, parts)), terminated ? 'new' : 'absorbed');
                break;
              case 'ack':
                bench.layer.receiveRequest(request('ACK', { ...parts, toTag: 'bob1' }));
                break;
              case 'response':
                if (transaction.respond(responseTo(first, happening.status)) === 'sent')
                  assert.equal(terminated, false);
                break;
              case 'cancel':
                if (!terminated) bench.layer.answerCancel(request('CANCEL', parts), flow);
                break;
              case 'find':
                assert.equal(
                  bench.layer.findInvite(request('CANCEL', parts)),
                  terminated || name !== 'INVITE' ? undefined : transaction,
                );
                break;
              case 'terminate':
                transaction.terminate();
                break;
              case 'abandon':
                if (transaction.kind === 'non-invite') transaction.abandon();
                break;
              case 'wait':
                bench.clock.advance(happening.ms);
                break;
              case 'flow becomes':
                flow.result = happening.result;
                break;
              default:
                break;
            }
            watch.check(terminated);
          }
          transaction.respond(responseTo(first, 500));
          bench.clock.advance(64_000);
          assert.equal(transaction.state, 'terminated');
          assert.equal(bench.layer.size, 0);
          assert.equal(bench.clock.pendingTimers, 0);
        },
      ),
    );
  });
});
