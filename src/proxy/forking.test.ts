import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { targetOf } from './target.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

const hosts = ['192.0.2.11', '192.0.2.12'] as const;
type Host = (typeof hosts)[number];

/** What may happen to a forked request: a branch answers, or falls silent for good, or the caller cancels. */
type Event = { readonly host: Host; readonly status: number } | 'cancel' | 'time';

const finals = [200, 302, 404, 407, 486, 500, 503, 603] as const;

/** All orders in which the two lists can be interleaved. */
function* interleavings<T>(a: readonly T[], b: readonly T[]): Generator<T[]> {
  const [firstA, ...restA] = a;
  const [firstB, ...restB] = b;
  if (firstA === undefined) yield [...b];
  else if (firstB === undefined) yield [...a];
  else {
    for (const rest of interleavings(restA, b)) yield [firstA, ...rest];
    for (const rest of interleavings(a, restB)) yield [firstB, ...rest];
  }
}

/** Plays the events; a branch that was cancelled answers 487 unless the script gives it another final answer. */
function play(method: 'INVITE' | 'MESSAGE', events: readonly Event[]): ProxyBench {
  const bench = new ProxyBench();
  bench.relay(
    hosts.map((host) => targetOf(`sip:bob@${host}`)),
    {},
    request({ method }),
  );
  for (const event of events) {
    if (event === 'cancel') bench.callerCancels();
    else if (event === 'time') bench.clock.advance(1_000);
    else bench.answer(event.host, event.status, { method });
  }
  // Whoever was told to stop says so; the rest of the world stays silent until every timer has run.
  for (const host of hosts) {
    const requests = bench.to(host).requests;
    if (requests.some((sent) => sent.method === 'CANCEL')) bench.answer(host, 487, { method });
  }
  bench.clock.advance(600_000);
  return bench;
}

/** What must hold however a forked INVITE went. */
function checkInvite(events: readonly Event[]): void {
  const bench = play('INVITE', events);
  const final = bench.finals;
  const text = JSON.stringify(events);
  const negative = final.filter(({ status }) => status >= 300);
  const accepted = new Set(
    events.flatMap((event) =>
      typeof event === 'object' && event.status < 300 && event.status >= 200 ? event.host : [],
    ),
  );
  assert(final.length >= 1, `there is a final response: ${text}`);
  assert(negative.length <= 1, `there is one negative final response at most: ${text}`);
  // A 2xx after a final response of the same branch is against §17 and does not occur here.
  for (const host of accepted) {
    assert(
      final.some((response) => response.status === 200 && response.header('to')?.includes(`callee-${host}`)),
      `the 2xx of ${host} goes upstream: ${text}`,
    );
  }
  if (accepted.size > 0 && negative.length > 0) {
    assert(
      bench.statelessReplies.length > 0,
      `a negative response goes before a 2xx only when it was earlier: ${text}`,
    );
  }
  assert.deepEqual(bench.errors, []);
  assert.equal(bench.transactions.size, 0, `all transactions end: ${text}`);
  for (const host of hosts) {
    const cancels = bench.to(host).requests.filter(({ method }) => method === 'CANCEL');
    assert(new Set(cancels.map((cancel) => cancel.toWire())).size <= 1, `a branch is cancelled once: ${text}`);
  }
}

function script(host: Host, kind: 'silent' | 'ringing' | number, ringsFirst: boolean): readonly Event[] {
  if (kind === 'silent') return [];
  if (kind === 'ringing') return [{ host, status: 180 }];
  return ringsFirst
    ? [
        { host, status: 180 },
        { host, status: kind },
      ]
    : [{ host, status: kind }];
}

test('§16.7: two branches, every pair of outcomes in every order: one final response, every 2xx, never none', () => {
  const kinds = ['silent', 'ringing', ...finals] as const;
  let count = 0;
  for (const a of kinds) {
    for (const b of kinds) {
      for (const rings of [false, true]) {
        for (const order of interleavings(script(hosts[0], a, rings), script(hosts[1], b, rings))) {
          checkInvite(order);
          count++;
        }
      }
    }
  }
  assert(count > 500);
});

test('§16.10: the same with a CANCEL of the caller at every place', () => {
  const kinds = ['silent', 'ringing', 200, 486, 503, 603] as const;
  for (const a of kinds) {
    for (const b of kinds) {
      for (const order of interleavings(script(hosts[0], a, true), script(hosts[1], b, true))) {
        for (let at = 0; at <= order.length; at++) {
          const events: Event[] = [...order.slice(0, at), 'cancel', ...order.slice(at)];
          checkInvite(events);
        }
      }
    }
  }
});

test('§16.7: the best of two negative answers goes upstream, whichever came first', () => {
  const better: readonly (readonly [number, number])[] = [
    [302, 404],
    [404, 486],
    [407, 404],
    [486, 500],
    [404, 503],
    [603, 302],
    [603, 486],
  ];
  for (const [best, other] of better) {
    for (const order of [
      [best, other],
      [other, best],
    ] as const) {
      const events = order.map((status, i) => ({ host: hosts[i] ?? hosts[0], status }));
      assert.deepEqual(
        play('INVITE', events).finals.map(({ status }) => status),
        [best],
      );
    }
  }
});

test('§16.7: a MESSAGE gets one final response at most, and the first 2xx if there is one', () => {
  const kinds = ['silent', ...finals] as const;
  for (const a of kinds) {
    for (const b of kinds) {
      for (const order of interleavings(script(hosts[0], a, false), script(hosts[1], b, false))) {
        const bench = play('MESSAGE', order);
        const statuses = bench.finals.map(({ status }) => status);
        const expectsNothing =
          a === 'silent' || b === 'silent' ? ![a, b].includes(200) && ![a, b].includes(603) : false;
        assert(statuses.length <= 1, JSON.stringify(order));
        if ([a, b].includes(200)) assert.deepEqual(statuses, [200], JSON.stringify(order));
        else if (!expectsNothing) assert.equal(statuses.length, 1, JSON.stringify(order));
        assert.equal(bench.transactions.size, 0);
      }
    }
  }
});

test('§16.7 property: whatever ringing, waiting and cancelling goes before, a forked INVITE gets its final response', () => {
  const event: fc.Arbitrary<Event> = fc.oneof(
    fc.record({ host: fc.constantFrom(...hosts), status: fc.constantFrom(100, 180, 183) }),
    fc.constant<Event>('time'),
    fc.constant<Event>('cancel'),
  );
  const ending = fc.record({ host: fc.constantFrom(...hosts), status: fc.constantFrom(...finals) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), fc.array(ending, { maxLength: 2 }), (before, endings) => {
      // One final answer per branch, as §17.2 has it.
      const last = endings.filter(({ host }, i) => endings.findIndex((other) => other.host === host) === i);
      checkInvite([...before, ...last]);
    }),
    { numRuns: 300 },
  );
});
