import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Binding, bindingFlags } from '../location/binding.ts';
import { StoreError } from '../location/store-error.ts';
import { createResponse } from '../sip/create-response.ts';
import { SipRequest, SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { SipError } from '../sip/sip-error.ts';
import type { SipUri } from '../sip/uri.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeRandom } from '../testing/fake-random.ts';
import { sampleBinding, sampleNow } from '../testing/sample-binding.ts';
import type { Hop, Listener } from '../transport/flow.ts';
import { Pinger, type PingerOptions, type PingerPort } from './pinger.ts';

const udp = listener('udp', '192.0.2.1');
const udp2 = listener('udp', '192.0.2.2');
const udp6 = listener('udp', '2001:db8::1');
const tcp = listener('tcp', '192.0.2.1');

function listener(transport: 'udp' | 'tcp', address: string): Listener {
  const host = address.includes(':') ? `[${address}]` : address;
  const text = `${transport}:${host}:5060`;
  return { transport, address, port: 5060, advertisedHost: host, advertisedPort: 5060, toString: () => text };
}

interface Sent {
  readonly at: number;
  readonly to: string;
  readonly from: string;
  readonly bytes: Buffer;
}

/** A pinger over a list of bindings that a test may change. */
function rig(options: Partial<PingerOptions>, bindings: Binding[], different: Partial<PingerPort> = {}) {
  const clock = new FakeClock(sampleNow);
  const sent: Sent[] = [];
  const pinger = new Pinger(
    { natpingInterval: 30, pingNatedOnly: false, sippingFrom: '', sippingMethod: 'OPTIONS', ...options },
    {
      clock,
      random: new FakeRandom(),
      listeners: [tcp, udp, udp2, udp6],
      count: () => bindings.length,
      bindings: () => bindings,
      resolve: literal,
      send: ({ address, port }, from, bytes) =>
        sent.push({ at: clock.now() - sampleNow, to: `${address}:${port}`, from: String(from), bytes }),
      ...different,
    },
  );
  pinger.start();
  return { clock, sent, pinger };
}

function literal(uri: SipUri): readonly Hop[] | SipError {
  if (!/^[\d.]+$|^\[/.test(uri.host)) return new SipError('SIP_BAD_URI', 'no such host');
  return [{ transport: 'udp', address: uri.host.replace(/[[\]]/g, ''), port: uri.port ?? 5060 }];
}

describe('natping_interval', () => {
  test('0: nothing is ever pinged', () => {
    const { clock, sent } = rig({ natpingInterval: 0 }, [sampleBinding('a')]);
    assert.equal(clock.pendingTimers, 0);
    clock.advance(3_600_000);
    assert.deepEqual(sent, []);
  });

  test('30: each contact gets four zero bytes once in 30 s', () => {
    const { clock, sent } = rig({}, [sampleBinding('a', { contact: 'sip:a@10.0.0.1:5062' })]);
    clock.advance(30_000);
    assert.deepEqual(
      sent.map(({ to, bytes }) => [to, bytes.toString('hex')]),
      [['10.0.0.1:5062', '00000000']],
    );
    clock.advance(60_000);
    assert.equal(sent.length, 3);
  });

  test('the pings of a round are spread evenly over the interval', () => {
    const bindings = Array.from({ length: 300 }, (_, i) => sampleBinding(`u${i}`));
    const { clock, sent } = rig({ natpingInterval: 30 }, bindings);
    for (let second = 1; second <= 60; second += 1) {
      clock.advance(1000);
      assert.ok(Math.abs(sent.length - second * 10) <= 1, `${sent.length} pings after ${second} s`);
    }
  });

  test('many contacts: at most 50 wake-ups a second, and no burst', () => {
    const bindings = Array.from({ length: 20_000 }, (_, i) => sampleBinding(`u${i}`));
    const { clock, sent } = rig({ natpingInterval: 10 }, bindings);
    clock.advance(10_000);
    assert.equal(sent.length, 20_000);
    const perInstant = Map.groupBy(sent, ({ at }) => at);
    assert.ok(perInstant.size <= 500, `${perInstant.size} wake-ups`);
    for (const pings of perInstant.values()) assert.ok(pings.length <= 41, `${pings.length} pings at once`);
  });

  test('a contact that comes during a round is pinged at the latest in the next', () => {
    const bindings = [sampleBinding('a')];
    const { clock, sent } = rig({}, bindings);
    clock.advance(10_000);
    bindings.push(sampleBinding('b', { contact: 'sip:b@10.0.0.2' }));
    clock.advance(50_000);
    assert.ok(sent.some(({ to }) => to === '10.0.0.2:5060'));
  });

  test('an empty location: one timer, and pinging goes on when contacts come', () => {
    const bindings: Binding[] = [];
    const { clock, sent } = rig({}, bindings);
    clock.advance(300_000);
    assert.equal(clock.pendingTimers, 1);
    bindings.push(sampleBinding('a'));
    clock.advance(60_000);
    assert.ok(sent.length >= 1);
  });

  test('stop: no further ping and no timer', () => {
    const { clock, sent, pinger } = rig({}, [sampleBinding('a')]);
    clock.advance(30_000);
    pinger.stop();
    clock.advance(300_000);
    assert.equal(sent.length, 1);
    assert.equal(clock.pendingTimers, 0);
  });

  test('start twice pings once', () => {
    const { clock, sent, pinger } = rig({}, [sampleBinding('a')]);
    pinger.start();
    clock.advance(30_000);
    assert.equal(sent.length, 1);
  });

  test('a clock that is set back by an hour does not silence the pinger', () => {
    let offsetMs = 0;
    const inner = new FakeClock(sampleNow);
    const clock = { now: () => inner.now() + offsetMs, after: inner.after.bind(inner) };
    const { sent } = rig({}, [sampleBinding('a')], { clock });
    inner.advance(30_000);
    assert.equal(sent.length, 1);
    offsetMs = -3_600_000;
    inner.advance(60_000);
    assert.ok(sent.length >= 2);
  });
});

/** A database that answers as a test says, and what it was asked. */
class Database {
  readonly asked: string[] = [];
  /** How many times somebody has left a walk, or come to its end. */
  ended = 0;
  underWay = 0;
  mostUnderWay = 0;
  /** What every answer waits for. */
  answer: () => Promise<unknown> = () => setImmediate();
  readonly bindings: Binding[];

  constructor(...bindings: Binding[]) {
    this.bindings = bindings;
  }

  get port(): Pick<PingerPort, 'count' | 'bindings'> {
    return { count: () => this.#ask('count', () => this.bindings.length), bindings: () => this.#walk() };
  }

  async *#walk(): AsyncIterable<Binding> {
    try {
      for (const binding of this.bindings) yield this.#ask(binding.ruid, () => binding);
      await this.#ask('end', () => undefined);
    } finally {
      this.ended += 1;
    }
  }

  async #ask<T>(what: string, answer: () => T): Promise<T> {
    this.asked.push(what);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await this.answer().finally(() => {
      this.underWay -= 1;
    });
    return answer();
  }
}

/** Lets time pass in steps, with what has been asked answered in between. */
async function pass(clock: FakeClock, ms: number, stepMs = 100): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(stepMs);
    for (let turns = 0; turns < 5; turns++) await setImmediate();
  }
}

describe('bindings in a database', () => {
  const a = sampleBinding('a', { contact: 'sip:a@10.0.0.1' });
  const b = sampleBinding('b', { contact: 'sip:b@10.0.0.2' });

  test('natping_interval=30: each contact is pinged once in 30 s, evenly spread; they are counted once a round', async () => {
    const database = new Database(...Array.from({ length: 30 }, (_, i) => sampleBinding(`u${i}`)));
    const { clock, sent } = rig({}, [], database.port);
    for (let second = 1; second <= 60; second += 1) {
      await pass(clock, 1000);
      assert.ok(Math.abs(sent.length - second) <= 1, `${sent.length} pings after ${second} s`);
    }
    assert.equal(database.asked.filter((what) => what === 'count').length, 3);
    assert.equal(database.mostUnderWay, 1);
  });

  test('a contact that comes during a round is pinged at the latest in the next', async () => {
    const database = new Database(a);
    const { clock, sent } = rig({}, [], database.port);
    await pass(clock, 40_000);
    database.bindings.push(b);
    await pass(clock, 50_000);
    assert.ok(sent.some(({ to }) => to === '10.0.0.2:5060'));
  });

  test('while an answer is awaited nothing else is asked, however long it takes; then the round goes on', async () => {
    const database = new Database(a, b);
    const { clock, sent } = rig({}, [], database.port);
    await pass(clock, 1000);
    const { promise, resolve } = Promise.withResolvers<void>();
    database.answer = () => promise;
    await pass(clock, 100_000, 1000);
    assert.deepEqual([database.asked, database.underWay, clock.pendingTimers], [['count', 'a'], 1, 0]);
    database.answer = () => setImmediate();
    resolve();
    await setImmediate();
    await pass(clock, 1000);
    assert.deepEqual(
      sent.map(({ at, to }) => [at, to]),
      [
        [101_000, '10.0.0.1:5060'],
        [101_100, '10.0.0.2:5060'],
      ],
    );
    await pass(clock, 31_000);
    assert.equal(sent.length, 4);
    assert.equal(database.mostUnderWay, 1);
  });

  test('a contact that expires while an answer is awaited is not pinged', async () => {
    const database = new Database({ ...a, expiresAt: sampleNow + 60_000 });
    const { clock, sent } = rig({}, [], database.port);
    await pass(clock, 1000);
    const { promise, resolve } = Promise.withResolvers<void>();
    database.answer = () => promise;
    await pass(clock, 60_000, 1000);
    resolve();
    await pass(clock, 1000);
    assert.deepEqual(sent, []);
  });

  test('stop: what is answered later is not pinged, and the walk is left', async () => {
    const database = new Database(a, b);
    const { clock, sent, pinger } = rig({}, [], database.port);
    await pass(clock, 1000);
    const { promise, resolve } = Promise.withResolvers<void>();
    database.answer = () => promise;
    await pass(clock, 20_000, 1000);
    assert.equal(database.underWay, 1);
    pinger.stop();
    resolve();
    await pass(clock, 100_000, 1000);
    assert.deepEqual([sent, database.asked, database.ended, clock.pendingTimers], [[], ['count', 'a'], 1, 0]);
  });

  test('stop while they are counted: no round begins', async () => {
    const database = new Database(a);
    const { clock, sent, pinger } = rig({}, [], database.port);
    pinger.stop();
    await pass(clock, 60_000, 1000);
    assert.deepEqual([sent, database.asked, clock.pendingTimers], [[], ['count'], 0]);
  });

  const down = () => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'down'));

  test('an error of the store ends the round and is counted; the next round begins at its time', async () => {
    const c = sampleBinding('c', { contact: 'sip:c@10.0.0.3' });
    const database = new Database(a, b, c);
    const { clock, sent, pinger } = rig({}, [], database.port);
    await pass(clock, 19_900);
    database.answer = down;
    await pass(clock, 100);
    assert.equal(pinger.statistics.failures, 1);
    database.answer = () => setImmediate();
    await pass(clock, 41_000);
    assert.deepEqual(
      sent.map(({ at, to }) => [Math.round(at / 1000), to]),
      [
        [10, '10.0.0.1:5060'],
        [40, '10.0.0.1:5060'],
        [50, '10.0.0.2:5060'],
        [60, '10.0.0.3:5060'],
      ],
    );
    assert.equal(pinger.statistics.failures, 1);
  });

  test('a round whose bindings cannot be counted pings nobody; the next one does', async () => {
    const database = new Database(a);
    database.answer = down;
    const { clock, sent, pinger } = rig({}, [], database.port);
    await pass(clock, 1000);
    assert.equal(pinger.statistics.failures, 1);
    database.answer = () => setImmediate();
    await pass(clock, 61_000);
    assert.deepEqual(
      sent.map(({ at }) => Math.round(at / 1000)),
      [60],
    );
  });

  test('a store that is down for an hour is asked once a round', async () => {
    const database = new Database(a);
    database.answer = down;
    const { clock, pinger } = rig({}, [], database.port);
    await pass(clock, 3_600_000 - 1000, 1000);
    assert.equal(pinger.statistics.failures, 120);
    assert.equal(database.asked.length, 120);
  });
});

describe('who is pinged', () => {
  test('never a contact that has expired, though it is not collected yet', () => {
    const bindings = [
      sampleBinding('dead', { contact: 'sip:dead@10.0.0.1', expiresAt: sampleNow + 10_000 }),
      sampleBinding('live', { contact: 'sip:live@10.0.0.2', expiresAt: sampleNow + 60_000 }),
      sampleBinding('static', { contact: 'sip:s@10.0.0.3', expiresAt: sampleNow, flags: bindingFlags.permanent }),
    ];
    const { clock, sent } = rig({}, bindings);
    clock.advance(30_000);
    // Of the three at 10, 20 and 30 s, the first has just expired.
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['10.0.0.2:5060', '10.0.0.3:5060'],
    );
    clock.advance(60_000);
    assert.equal(sent.filter(({ to }) => to === '10.0.0.2:5060').length, 2);
  });

  test('ping_nated_only=1: only contacts with the NAT mark', () => {
    const bindings = [
      sampleBinding('plain', { contact: 'sip:p@10.0.0.1' }),
      sampleBinding('nated', { contact: 'sip:n@10.0.0.2', flags: bindingFlags.nat }),
    ];
    const { clock, sent } = rig({ pingNatedOnly: true }, bindings);
    clock.advance(30_000);
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['10.0.0.2:5060'],
    );
  });

  test('ping_nated_only=0 (default): all contacts', () => {
    const bindings = [sampleBinding('plain'), sampleBinding('nated', { flags: bindingFlags.nat })];
    const { clock, sent } = rig({}, bindings);
    clock.advance(30_000);
    assert.equal(sent.length, 2);
  });

  const targets: readonly (readonly [title: string, Partial<Binding>, to: string | undefined])[] = [
    ['the received URI before the contact', { received: 'sip:198.51.100.7:40000' }, '198.51.100.7:40000'],
    ['the contact, default port 5060', { contact: 'sip:a@10.0.0.1' }, '10.0.0.1:5060'],
    ['transport=udp', { contact: 'sip:a@10.0.0.1;transport=UDP' }, '10.0.0.1:5060'],
    ['an IPv6 contact', { contact: 'sip:a@[2001:db8::9]:7' }, '2001:db8::9:7'],
    ['not over TCP', { contact: 'sip:a@10.0.0.1;transport=tcp' }, undefined],
    ['not to a received URI over TCP', { received: 'sip:198.51.100.7:40000;transport=TCP' }, undefined],
    ['not to sips', { contact: 'sips:a@10.0.0.1' }, undefined],
    ['not to other schemes', { contact: 'tel:+1234' }, undefined],
    ['not to what is no URI', { contact: 'nonsense' }, undefined],
    ['not to a host without an address', { contact: 'sip:a@nowhere.invalid' }, undefined],
  ];
  for (const [title, different, to] of targets) {
    test(`target: ${title}`, () => {
      const { clock, sent, pinger } = rig({}, [sampleBinding('a', different)]);
      clock.advance(30_000);
      assert.deepEqual(
        sent.map((ping) => ping.to),
        to === undefined ? [] : [to],
      );
      assert.equal(pinger.statistics.skipped, to === undefined ? 1 : 0);
    });
  }

  test('target: a host name whose address comes later (RFC 3263)', async () => {
    const hops = Promise.resolve([{ transport: 'udp', address: '10.0.0.8', port: 5060 }] as const);
    const { clock, sent } = rig({}, [sampleBinding('a', { contact: 'sip:a@phone.example' })], { resolve: () => hops });
    clock.advance(30_000);
    await hops;
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['10.0.0.8:5060'],
    );
  });

  test('target: an address that comes after stop is not pinged', async () => {
    const hops = Promise.resolve([{ transport: 'udp', address: '10.0.0.8', port: 5060 }] as const);
    const { clock, sent, pinger } = rig({}, [sampleBinding('a')], { resolve: () => hops });
    clock.advance(30_000);
    pinger.stop();
    await hops;
    assert.deepEqual(sent, []);
  });
});

describe('which socket pings', () => {
  const rows: readonly (readonly [string, Partial<Binding>, forceSocket: string | undefined, from: string])[] = [
    ['the stored one', { socket: String(udp2) }, String(udp), String(udp2)],
    ['force_socket when none is stored', { socket: undefined }, String(udp2), String(udp2)],
    ['force_socket when the stored one is gone', { socket: 'udp:203.0.113.9:5060' }, String(udp2), String(udp2)],
    ['the first one for UDP by default', { socket: undefined }, undefined, String(udp)],
    ['not a stored one for TCP', { socket: String(tcp) }, '', String(udp)],
    ['one of the address family', { socket: String(udp), contact: 'sip:a@[2001:db8::9]' }, String(udp), String(udp6)],
  ];
  for (const [title, different, forceSocket, from] of rows) {
    test(title, () => {
      const { clock, sent } = rig({ forceSocket }, [sampleBinding('a', different)]);
      clock.advance(30_000);
      assert.deepEqual(
        sent.map((ping) => ping.from),
        [from],
      );
    });
  }

  test('none that reaches the address: skipped', () => {
    const bindings = [sampleBinding('a', { contact: 'sip:a@[2001:db8::9]' })];
    const { clock, sent, pinger } = rig({}, bindings, { listeners: [tcp, udp] });
    clock.advance(30_000);
    assert.deepEqual(sent, []);
    assert.equal(pinger.statistics.skipped, 1);
  });
});

describe('SIP pings', () => {
  const asked = sampleBinding('a', {
    contact: 'sip:a@10.0.0.1:5062',
    received: 'sip:198.51.100.7:40000',
    flags: bindingFlags.nat | bindingFlags.sipPing,
  });

  function ping(options: Partial<PingerOptions>, binding = asked) {
    const { clock, sent, pinger } = rig({ sippingFrom: 'sip:pinger@example.org', ...options }, [binding]);
    clock.advance(30_000);
    return { pinger, sent, message: parseMessage(sent[0]?.bytes ?? Buffer.alloc(0)) };
  }

  test('sipping_from and sip_natping_flag: a request that RFC 3261 §8.1.1 accepts', () => {
    const { sent, message } = ping({});
    assert.equal(sent[0]?.to, '198.51.100.7:40000');
    assert.ok(message instanceof SipRequest);
    assert.equal(message.method, 'OPTIONS');
    assert.equal(message.uriText, 'sip:198.51.100.7:40000');
    assert.match(message.header('via') ?? '', /^SIP\/2\.0\/UDP 192\.0\.2\.1:5060;branch=z9hG4bK[a-z0-9]+$/);
    assert.match(message.header('from') ?? '', /^<sip:pinger@example\.org>;tag=.+$/);
    assert.equal(message.header('to'), '<sip:198.51.100.7:40000>');
    assert.equal(message.header('cseq'), '1 OPTIONS');
    assert.equal(message.header('max-forwards'), '70');
    assert.equal(message.header('content-length'), '0');
    assert.equal(message.has('contact'), false);
  });

  test('sipping_method=INFO: another method', () => {
    const { message } = ping({ sippingMethod: 'INFO' });
    assert.ok(message instanceof SipRequest);
    assert.equal(message.method, 'INFO');
    assert.equal(message.header('cseq'), '1 INFO');
  });

  test('sipping_from unset: sip_natping_flag has no effect', () => {
    for (const sippingFrom of [undefined, '']) {
      assert.equal(ping({ sippingFrom }).sent[0]?.bytes.toString('hex'), '00000000');
    }
  });

  test('a contact without sip_natping_flag gets four zero bytes', () => {
    assert.equal(ping({}, { ...asked, flags: bindingFlags.nat }).sent[0]?.bytes.toString('hex'), '00000000');
  });

  test('every ping has a Call-ID, a From tag and a branch of its own', () => {
    const { clock, sent } = rig({ sippingFrom: 'sip:pinger@example.org' }, [asked]);
    clock.advance(90_000);
    const messages = sent.map(({ bytes }) => parseMessage(bytes));
    for (const name of ['call-id', 'from', 'via']) {
      const values = messages.map((message) => message instanceof SipRequest && message.header(name));
      assert.equal(new Set(values).size, 3, name);
    }
  });

  test('an answer is swallowed, whatever its status', () => {
    const { pinger, message } = ping({});
    assert.ok(message instanceof SipRequest);
    for (const status of [200, 404, 486, 500]) assert.equal(pinger.absorb(createResponse(message, status, 'x')), true);
    assert.equal(pinger.statistics.answers, 4);
  });

  const foreign: readonly (readonly [string, (ping: string) => string])[] = [
    ['another Call-ID', (text) => text.replace(/^Call-ID: .*?-/m, 'Call-ID: other-')],
    ['another method in CSeq', (text) => text.replace('1 OPTIONS', '1 INVITE')],
    ['a second Via', (text) => text.replace(/^(Via: .*)\r$/m, '$1\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK2\r')],
    ['no Call-ID', (text) => text.replace(/^Call-ID: .*\r\n/m, '')],
    ['a CSeq that cannot be read', (text) => text.replace('1 OPTIONS', 'OPTIONS')],
  ];
  for (const [title, change] of foreign) {
    test(`a response with ${title} is not an answer to a ping`, () => {
      const { pinger, message } = ping({});
      assert.ok(message instanceof SipRequest);
      const response = parseMessage(Buffer.from(change(createResponse(message, 200, 'OK').toWire()), 'latin1'));
      assert.ok(response instanceof SipResponse);
      assert.equal(pinger.absorb(response), false);
    });
  }
});
