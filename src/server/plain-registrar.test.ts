import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asAor } from '../location/aor.ts';
import type { Binding } from '../location/binding.ts';
import { MemoryLocation } from '../location/memory-location.ts';
import { PlainSave } from '../modules/plain-save.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import { Domains } from '../routing/domains.ts';
import type { Via } from '../sip/headers/via.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeRandom } from '../testing/fake-random.ts';
import { registrarDefaults } from '../testing/registrar-defaults.ts';
import { StatelessReplies } from '../transaction/stateless.ts';
import type { Flow, SendResult } from '../transport/flow.ts';
import { injectedListener } from './inject.ts';
import { PlainRegistrar } from './plain-registrar.ts';

/** A plain registrar with everything around it recorded. */
class Bench {
  readonly clock = new FakeClock();
  readonly location = new MemoryLocation();
  readonly table = this.location.table('location');
  /** What went back to the source, and what was left to the transport layer. */
  readonly sent: string[] = [];
  readonly elsewhere: string[] = [];
  /** Hosts that somebody had to judge. */
  readonly judged: string[] = [];
  isOurs = true;
  readonly #registrar: PlainRegistrar;

  constructor(different: Partial<RegistrarOptions> = {}, domains: readonly string[] = ['example.com']) {
    const { clock } = this;
    const random = new FakeRandom();
    const isOurs = (host: string): boolean => {
      this.judged.push(host);
      return this.isOurs;
    };
    const save = new PlainSave({
      options: { ...registrarDefaults, ...different },
      stateless: new StatelessReplies({ clock, random }),
      transport: {
        sendReply: (_flow: Flow, { host, port }: Via, message: string): SendResult => {
          this.elsewhere.push(`${host}:${port} ${message}`);
          return 'sent';
        },
      },
    });
    this.#registrar = new PlainRegistrar({
      save,
      table: this.table,
      domains: new Domains(domains, { listeners: [{ port: 5060, advertisedPort: 5060 }], isOurs }),
      clock,
      ruid: () => random.token(),
    });
  }

  /** Whether it was answered. */
  receive(message: string, flow: Flow): boolean {
    const status = this.#registrar.receive(flow, Buffer.from(message, 'latin1'));
    assert.ok(status === undefined || status === 200, 'what is not granted is not for here');
    return status !== undefined;
  }

  flow(transport: 'udp' | 'tcp', remotePort = 5062, result: SendResult = 'sent', open = true): Flow {
    return {
      id: 7,
      transport,
      listener: injectedListener,
      localAddress: '127.0.0.1',
      localPort: 5060,
      remoteAddress: '10.0.0.1',
      remotePort,
      reliable: transport === 'tcp',
      open,
      send: (bytes) => {
        this.sent.push(bytes.toString('latin1'));
        return result;
      },
    };
  }

  get bindings(): readonly Binding[] {
    return this.table.get(asAor('alice'), this.clock.now());
  }
}

function register(different: { host?: string; via?: string; more?: string } = {}): string {
  const { host = 'example.com', via = '10.0.0.1:5062;rport', more = 'Contact: <sip:alice@10.0.0.1:5062>' } = different;
  return [
    `REGISTER sip:${host} SIP/2.0`,
    `Via: SIP/2.0/UDP ${via};branch=z9hG4bK-1`,
    `From: <sip:alice@${host}>;tag=f`,
    `To: <sip:alice@${host}>`,
    'Call-ID: call',
    'CSeq: 1 REGISTER',
    more,
    '',
    '',
  ].join('\r\n');
}

describe('the short way of a REGISTER', () => {
  it('§10.3 step 8: stores, and answers with everything that is stored', () => {
    const bench = new Bench();
    assert.equal(bench.receive(register(), bench.flow('udp')), true);
    assert.equal(bench.bindings.length, 1);
    assert.deepEqual(bench.sent[0]?.split('\r\n'), [
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/UDP 10.0.0.1:5062;rport=5062;branch=z9hG4bK-1;received=10.0.0.1',
      'From: <sip:alice@example.com>;tag=f',
      bench.sent[0]?.split('\r\n')[3],
      'Call-ID: call',
      'CSeq: 1 REGISTER',
      'Contact: <sip:alice@10.0.0.1:5062>;q=0;expires=3600',
      'Date: Tue, 14 Nov 2023 22:13:20 GMT',
      'Server: Aorta',
      'Content-Length: 0',
      '',
      '',
    ]);
    assert.match(bench.sent[0] ?? '', /\r\nTo: <sip:alice@example.com>;tag=[0-9a-f]{32}\.[0-9a-f]{8}\r\n/);
  });

  it('§10.2.3: a query without contacts has no Contact in its answer', () => {
    const bench = new Bench();
    assert.equal(bench.receive(register({ more: 'Expires: 60' }), bench.flow('udp')), true);
    assert.doesNotMatch(bench.sent[0] ?? '', /Contact/);
  });

  it('§10.2.2: a star with Expires 0 removes all, with anything else it is left alone', () => {
    const bench = new Bench({ cseqCheck: false });
    bench.receive(register(), bench.flow('udp'));
    assert.equal(bench.receive(register({ more: 'Contact: *\r\nExpires: 1' }), bench.flow('udp')), false);
    assert.equal(bench.receive(register({ more: 'Contact: *' }), bench.flow('udp')), false);
    assert.equal(bench.bindings.length, 1);
    assert.equal(bench.receive(register({ more: 'Contact: *\r\nExpires: 0' }), bench.flow('udp')), true);
    assert.equal(bench.bindings.length, 0);
  });

  it('a message that comes in while a listener hears of another takes the long way, and spoils nothing', () => {
    const bench = new Bench();
    const nested: boolean[] = [];
    bench.location.onEvent(() => nested.push(bench.receive(register({ via: 'other:1;rport' }), bench.flow('udp'))));
    assert.equal(bench.receive(register(), bench.flow('udp')), true);
    assert.deepEqual([nested, bench.sent.length], [[false], 1]);
    assert.match(bench.sent[0] ?? '', /^Via: SIP\/2.0\/UDP 10.0.0.1:5062;rport=5062;/m);
    assert.equal(bench.receive(register(), bench.flow('udp')), true);
  });

  for (const [what, options, more] of [
    ['§10.3 step 7: an interval too brief', { minExpiresMode: 'reject' }, 'Contact: <sip:a@b>;expires=5'],
    ['a malformed URI', {}, 'Contact: <sip:a@b@c>'],
    ['a malformed Contact', {}, 'Contact: <sip:a@b'],
    ['one contact too many', { maxContacts: 1 }, 'Contact: <sip:a@b>, <sip:c@d>'],
  ] as const) {
    it(`what is refused is left to the long way, and nothing has changed: ${what}`, () => {
      const bench = new Bench(options);
      assert.equal(bench.receive(register({ more }), bench.flow('udp')), false);
      assert.deepEqual([bench.sent, bench.elsewhere, bench.bindings], [[], [], []]);
    });
  }
});

describe('§18.2.2: where the reply goes', () => {
  it('RFC 3581 §4: to the source, when the Via has rport, or names the port itself', () => {
    const bench = new Bench();
    bench.receive(register({ via: 'phone.example.com:9;rport' }), bench.flow('udp'));
    bench.receive(register({ via: 'phone.example.com:5062' }), bench.flow('udp'));
    bench.receive(register({ via: '10.0.0.1' }), bench.flow('udp', 5060));
    assert.equal(bench.sent.length, 3);
    assert.match(
      bench.sent[1] ?? '',
      /^Via: SIP\/2.0\/UDP phone.example.com:5062;branch=z9hG4bK-1;received=10.0.0.1\r$/m,
    );
    assert.match(bench.sent[2] ?? '', /^Via: SIP\/2.0\/UDP 10.0.0.1;branch=z9hG4bK-1\r$/m);
    assert.deepEqual(bench.elsewhere, []);
  });

  it('to the port of the sent-by, when that is another', () => {
    const bench = new Bench();
    assert.equal(bench.receive(register({ via: '10.0.0.1:9' }), bench.flow('udp')), true);
    assert.equal(bench.receive(register({ via: '10.0.0.1' }), bench.flow('udp')), true);
    assert.deepEqual(bench.sent, []);
    assert.match(bench.elsewhere[0] ?? '', /^10.0.0.1:9 SIP\/2.0 200 OK\r\n/);
    assert.match(bench.elsewhere[1] ?? '', /^10.0.0.1:undefined SIP\/2.0 200 OK\r\n/);
  });

  it('a connection that is gone is left to the transport layer, before or after it is tried', () => {
    const bench = new Bench();
    assert.equal(bench.receive(register(), bench.flow('tcp', 5062, 'closed', false)), true);
    assert.deepEqual([bench.sent.length, bench.elsewhere.length], [0, 1]);
    assert.equal(bench.receive(register(), bench.flow('tcp', 5062, 'closed')), true);
    assert.deepEqual([bench.sent.length, bench.elsewhere.length], [1, 2]);
    assert.equal(bench.receive(register(), bench.flow('tcp', 5062, 'overflow')), true);
    assert.deepEqual([bench.sent.length, bench.elsewhere.length], [2, 2]);
  });
});

describe('§10.3 step 1: whose domain it is', () => {
  it('is asked once for a host, and again after ten seconds', () => {
    const bench = new Bench();
    const ask = () => bench.receive(register({ host: '192.0.2.1:5060' }), bench.flow('udp'));
    assert.deepEqual([ask(), ask(), bench.judged.length], [true, true, 1]);
    bench.isOurs = false;
    bench.clock.advance(9_999);
    assert.deepEqual([ask(), bench.judged.length], [true, 1]);
    bench.clock.advance(1);
    assert.deepEqual([ask(), ask(), bench.judged.length], [false, false, 2]);
  });

  it('is asked for the Request-URI too', () => {
    const bench = new Bench();
    const message = register().replace('REGISTER sip:example.com', 'REGISTER sip:192.0.2.1:5060');
    assert.equal(bench.receive(message, bench.flow('udp')), true);
    bench.isOurs = false;
    bench.clock.advance(10_000);
    assert.equal(bench.receive(message, bench.flow('udp')), false);
  });

  it('limit: no more than 257 answers are remembered', () => {
    const bench = new Bench();
    const ask = (host: string) => bench.receive(register({ host }), bench.flow('udp'));
    for (let index = 0; index < 257; index++) ask(`h${index}.example:5060`);
    const before = bench.judged.length;
    ask('h256.example:5060');
    assert.equal(bench.judged.length, before + 1, 'all were forgotten');
    ask('h256.example:5060');
    assert.equal(bench.judged.length, before + 1);
  });

  it('a host that is none is left to the long way', () => {
    const bench = new Bench({}, []);
    for (const host of ['a..b', '-', '1.2.3', 'example.com:65536']) {
      assert.equal(bench.receive(register({ host }), bench.flow('udp')), false, host);
    }
  });

  it('an address of record that may be too long is left to the long way', () => {
    const bench = new Bench();
    const message = register().replaceAll('alice@example', `${'a'.repeat(200)}@example`);
    assert.equal(bench.receive(message, bench.flow('udp')), false);
  });
});
