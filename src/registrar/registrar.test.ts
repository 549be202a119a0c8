import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asAor } from '../location/aor.ts';
import { bindingFlags } from '../location/binding.ts';
import { RegistrarFixture, registerRequest } from '../testing/registrar-fixture.ts';
import { sampleBinding } from '../testing/sample-binding.ts';
import type { RegisterResult } from './register-result.ts';

const a = 'Contact: <sip:a@10.0.0.1>';
const b = 'Contact: <sip:b@10.0.0.1>';

function codeOf(result: RegisterResult): string {
  return result.ok ? result.outcome : result.error.code;
}

describe('outcome (decision 20)', () => {
  test('a REGISTER inserts, updates, removes, fetches or leaves everything as it is', () => {
    const registrar = new RegistrarFixture();
    assert.equal(codeOf(registrar.register([a])), 'inserted');
    assert.equal(codeOf(registrar.register([a])), 'updated');
    assert.equal(codeOf(registrar.register([a, b])), 'inserted');
    assert.equal(codeOf(registrar.register([`${a};expires=0`, b])), 'updated');
    assert.equal(codeOf(registrar.register([])), 'fetched');
    assert.equal(codeOf(registrar.register([`${a};expires=0`])), 'unchanged');
    assert.equal(codeOf(registrar.register([`${b};expires=0`])), 'removed');
    assert.equal(codeOf(registrar.register(['Contact: *', 'Expires: 0'])), 'unchanged');
  });

  test('§10.3 step 6: "*" removes', () => {
    const registrar = new RegistrarFixture();
    registrar.register([a, b]);
    assert.equal(codeOf(registrar.register(['Contact: *', 'Expires: 0'])), 'removed');
    assert.deepEqual(registrar.bindings, []);
  });
});

describe('§10.3 step 2: extensions (decision 28)', () => {
  test('420 names every option tag that is not known, and nothing is stored', () => {
    const registrar = new RegistrarFixture();
    const result = registrar.register([a, 'Require: path, gruu', 'Require: outbound']);
    assert.equal(codeOf(result), 'BAD_EXTENSION');
    const { status, headers } = registrar.reply(result);
    assert.equal(status, 420);
    assert.deepEqual(new Map(headers).get('Unsupported'), 'gruu, outbound');
    assert.deepEqual(registrar.bindings, []);
  });

  test('RFC 3327 §5.3: Path is known, stored in order and given back', () => {
    const registrar = new RegistrarFixture();
    const result = registrar.register([a, 'Require: path', 'Path: <sip:p1;lr>', 'Path: <sip:p2;lr>, <sip:p3;lr>']);
    assert.equal(registrar.bindings[0]?.path, '<sip:p1;lr>, <sip:p2;lr>, <sip:p3;lr>');
    assert.equal(new Map(registrar.reply(result).headers).get('Path'), '<sip:p1;lr>, <sip:p2;lr>, <sip:p3;lr>');
  });

  test('a malformed Path is refused', () => {
    const registrar = new RegistrarFixture();
    assert.equal(codeOf(registrar.register([a, 'Path: <sip:p1'])), 'MESSAGE_MALFORMED');
    assert.deepEqual(registrar.bindings, []);
  });
});

describe('§10.3 step 7: brief intervals (decision 12)', () => {
  const reject = { minExpiresMode: 'reject', minExpires: 300 } as const;

  test('min_expires_mode=1: a shorter lifetime is answered 423 with Min-Expires, and nothing is stored', () => {
    const registrar = new RegistrarFixture(reject);
    const result = registrar.register([`${a};expires=600`, `${b};expires=299`]);
    assert.equal(codeOf(result), 'INTERVAL_TOO_BRIEF');
    const reply = registrar.reply(result);
    assert.deepEqual([reply.status, reply.reason], [423, 'Interval Too Brief']);
    assert.equal(new Map(reply.headers).get('Min-Expires'), '300');
    assert.deepEqual(registrar.bindings, []);
  });

  test('min_expires_mode=1: the minimum itself and a removal are accepted', () => {
    const registrar = new RegistrarFixture(reject);
    assert.equal(codeOf(registrar.register([`${a};expires=300`])), 'inserted');
    assert.equal(codeOf(registrar.register([`${a};expires=0`])), 'removed');
  });

  test('an interval of an hour or more may not be refused: it is raised', () => {
    const registrar = new RegistrarFixture({ ...reject, minExpires: 7200 });
    assert.equal(codeOf(registrar.register([`${a};expires=3599`])), 'INTERVAL_TOO_BRIEF');
    assert.equal(codeOf(registrar.register([`${a};expires=3600`])), 'inserted');
    assert.equal(registrar.bindings[0]?.expiresAt, registrar.now + 7_200_000);
  });
});

describe('§10.3 step 7: order of requests (decision 9)', () => {
  test('a retransmission with a contact that is new to the list adds nothing', () => {
    const registrar = new RegistrarFixture();
    registrar.save(registerRequest([a], 5));
    const result = registrar.save(registerRequest([a, b], 5));
    assert.equal(codeOf(result), 'unchanged');
    assert.equal(registrar.bindings.length, 1);
  });

  test('a late CSeq for one contact beats a repeated one for another', () => {
    const registrar = new RegistrarFixture();
    registrar.save(registerRequest([a], 5));
    registrar.save(registerRequest([b], 6));
    assert.equal(codeOf(registrar.save(registerRequest([a, b], 5))), 'CSEQ_INVALID');
  });

  test('§10.3 step 6: "*" repeated with the CSeq of a stored binding removes nothing', () => {
    const registrar = new RegistrarFixture();
    registrar.save(registerRequest([a], 5));
    assert.equal(codeOf(registrar.save(registerRequest(['Contact: *', 'Expires: 0'], 5))), 'unchanged');
    assert.equal(registrar.bindings.length, 1);
  });

  test('§10.3 step 6: "*" of another Call-ID removes whatever its CSeq', () => {
    const registrar = new RegistrarFixture();
    registrar.save(registerRequest([a], 500));
    assert.equal(codeOf(registrar.save(registerRequest(['Contact: *', 'Expires: 0'], 1, 'other@h'))), 'removed');
  });
});

describe('matching (decision 8)', () => {
  const equivalent = 'Contact: <sip:%61@10.0.0.1>';

  for (const [mode, expected] of [
    ['uri', 1],
    ['bytes', 2],
  ] as const) {
    test(`matching_mode ${mode}: an equivalent URI makes ${expected} binding(s)`, () => {
      const registrar = new RegistrarFixture({ matchingMode: mode });
      registrar.register([a]);
      registrar.register([equivalent]);
      assert.equal(registrar.bindings.length, expected);
    });
  }

  test('an equivalent URI refreshes the binding, keeps its identity and shows the newer text', () => {
    const registrar = new RegistrarFixture();
    registrar.register([a]);
    const before = registrar.bindings[0];
    registrar.register([equivalent]);
    assert.equal(registrar.bindings[0]?.ruid, before?.ruid);
    assert.equal(registrar.bindings[0]?.contact, 'sip:%61@10.0.0.1');
  });

  test('an equal text comes before one that is merely equivalent (§19.1.4 is not transitive)', () => {
    const registrar = new RegistrarFixture({ matchingMode: 'bytes' });
    registrar.register(['Contact: <sip:a@10.0.0.1;x=1>, <sip:a@10.0.0.1>']);
    const [first, second] = registrar.bindings;
    const relaxed = new RegistrarFixture();
    relaxed.table.update(asAor('alice'), relaxed.now, () => ({
      bindings: [first, second].filter((x) => x !== undefined),
      result: 0,
    }));
    relaxed.register(['Contact: <sip:a@10.0.0.1>;q=0.5'], {}, 'other@h');
    const refreshed = relaxed.bindings.find(({ q }) => q === 500);
    assert.equal(refreshed?.ruid, second?.ruid);
  });

  test('transport counts although only one URI has it', () => {
    const registrar = new RegistrarFixture();
    registrar.register([a]);
    registrar.register(['Contact: <sip:a@10.0.0.1;transport=tcp>']);
    assert.equal(registrar.bindings.length, 2);
  });

  test('matching_mode uri+callid: the same URI of two Call-IDs is two bindings', () => {
    const registrar = new RegistrarFixture({ matchingMode: 'uri+callid' });
    registrar.register([a], {}, 'one@h');
    registrar.register([a], {}, 'two@h');
    registrar.register([equivalent], {}, 'two@h');
    assert.deepEqual(
      registrar.bindings.map(({ callId }) => callId),
      ['one@h', 'two@h'],
    );
  });

  test('matching_mode uri+path: the same URI by two paths is two bindings', () => {
    const registrar = new RegistrarFixture({ matchingMode: 'uri+path' });
    registrar.register([a, 'Path: <sip:p1;lr>']);
    registrar.register([a, 'Path: <sip:p2;lr>']);
    registrar.register([a, 'Path: <sip:p2;lr>']);
    assert.deepEqual(
      registrar.bindings.map(({ path }) => path),
      ['<sip:p1;lr>', '<sip:p2;lr>'],
    );
  });

  test('matching_mode callid: a phone that moved replaces its binding', () => {
    const registrar = new RegistrarFixture({ matchingMode: 'callid' });
    registrar.register([a]);
    registrar.register([b]);
    registrar.register([a], {}, 'other@h');
    assert.deepEqual(
      registrar.bindings.map(({ contact }) => contact),
      ['sip:b@10.0.0.1', 'sip:a@10.0.0.1'],
    );
  });

  test('RFC 5626 §6: instance and reg-id name the binding, whatever its URI, and are given back', () => {
    const registrar = new RegistrarFixture();
    const flow = ';reg-id=1;+sip.instance="<urn:uuid:1>"';
    registrar.register([`${a}${flow}`]);
    const result = registrar.register([`Contact: <sip:a@10.9.9.9>${flow}`]);
    assert.equal(codeOf(result), 'updated');
    assert.equal(registrar.bindings[0]?.contact, 'sip:a@10.9.9.9');
    assert.equal(registrar.bindings[0]?.instance, '<urn:uuid:1>');
    assert.equal(registrar.bindings[0]?.regId, 1);
    assert.equal(
      new Map(registrar.reply(result).headers).get('Contact'),
      '<sip:a@10.9.9.9>;q=0;expires=3600;+sip.instance="<urn:uuid:1>";reg-id=1',
    );
  });

  test('RFC 5626 §6: two instances behind NATs may have the same contact URI', () => {
    const registrar = new RegistrarFixture();
    registrar.register([`${a};reg-id=1;+sip.instance="<urn:uuid:1>"`], {}, 'one@h');
    registrar.register([`${a};reg-id=1;+sip.instance="<urn:uuid:2>"`], {}, 'two@h');
    registrar.register([`${a};reg-id=2;+sip.instance="<urn:uuid:2>"`], {}, 'two@h');
    assert.equal(registrar.bindings.length, 3);
  });

  test('an instance without a reg-id is matched by its URI', () => {
    const registrar = new RegistrarFixture();
    registrar.register([`${a};+sip.instance="<urn:uuid:1>"`]);
    registrar.register([`${a};+sip.instance="<urn:uuid:2>"`]);
    assert.equal(registrar.bindings.length, 1);
  });
});

describe('what is stored (registrar spec 7.4)', () => {
  test('a refresh overwrites everything but identity and the flags of others', () => {
    const registrar = new RegistrarFixture();
    registrar.register([`${a};q=0.5;methods="INVITE,BYE"`, 'User-Agent: One'], {
      natted: true,
      received: 'sip:1.2.3.4:5',
      socket: 'udp:10.0.0.1:5060',
      flowId: 7,
      branchFlags: 2,
    });
    const before = registrar.bindings[0];
    assert.ok(before);
    registrar.table.update(asAor('alice'), registrar.now, () => ({
      bindings: [{ ...before, flags: before.flags | bindingFlags.permanent }],
      result: undefined,
    }));
    registrar.now += 5000;
    registrar.register([a, 'User-Agent: Two'], { sipPing: true, memoryOnly: true, socket: 'udp:10.0.0.2:5060' });
    assert.deepEqual(registrar.bindings[0], {
      ...before,
      q: 0,
      cseq: 2,
      expiresAt: registrar.now + 3_600_000,
      received: undefined,
      socket: 'udp:10.0.0.2:5060',
      flowId: undefined,
      userAgent: 'Two',
      flags: bindingFlags.permanent | bindingFlags.sipPing | bindingFlags.memoryOnly,
      branchFlags: 0,
      methods: undefined,
      lastModifiedAt: registrar.now,
    });
  });

  test('the refresh of a known URI compares texts and parses nothing', () => {
    const registrar = new RegistrarFixture();
    // No URI at all: a parse would refuse it.
    const stored = sampleBinding('r', { contact: 'sip:no uri', callId: 'old@h' });
    registrar.table.update(asAor('alice'), registrar.now, () => ({ bindings: [stored], result: undefined }));
    assert.equal(codeOf(registrar.register(['Contact: <sip:no uri>'])), 'updated');
    assert.equal(codeOf(registrar.register(['Contact: <sip:another uri>'])), 'CONTACT_MALFORMED');
  });

  test('a User-Agent is cut at 255 characters, a missing one is Unknown', () => {
    const registrar = new RegistrarFixture();
    registrar.register([a, `User-Agent: ${'x'.repeat(300)}`, b]);
    assert.equal(registrar.bindings[0]?.userAgent.length, 255);
    registrar.register([a, 'User-Agent:']);
    assert.equal(registrar.bindings[0]?.userAgent, 'Unknown');
  });

  test('usrloc 8: an update is one event with the binding before and after', () => {
    const registrar = new RegistrarFixture();
    const types: string[] = [];
    registrar.location.onEvent((event) => types.push(event.type));
    registrar.register([a, b]);
    registrar.register([a]);
    registrar.register([`${a};expires=0`]);
    registrar.register([]);
    assert.deepEqual(types, ['insert', 'insert', 'update', 'remove']);
  });
});

test('decision 6: with desc_time_order a contact that comes and goes in one request leaves no gap for the next', () => {
  const registrar = new RegistrarFixture({ descTimeOrder: true });
  registrar.register([a]);
  const x = 'Contact: <sip:x@10.0.0.1>';
  registrar.register([x, `${x};expires=0`, b]);
  assert.deepEqual(
    registrar.bindings.map(({ contact }) => contact),
    ['sip:b@10.0.0.1', 'sip:a@10.0.0.1'],
  );
});

describe('the reply', () => {
  test('a received URI with quotes and backslashes stays one quoted string', () => {
    const registrar = new RegistrarFixture();
    const result = registrar.register(['Contact: <sip:a@10.0.0.1>;received="a\\"b\\\\c"']);
    assert.equal(registrar.bindings[0]?.received, 'a"b\\c');
    assert.match(new Map(registrar.reply(result).headers).get('Contact') ?? '', /;received="a\\"b\\\\c"$/);
  });

  test('registrar spec 9.2: an empty received parameter is stored and shown as such', () => {
    const registrar = new RegistrarFixture();
    const result = registrar.register(['Contact: <sip:a@10.0.0.1>;received=""'], { received: 'sip:1.2.3.4' });
    assert.match(new Map(registrar.reply(result).headers).get('Contact') ?? '', /;received=""$/);
  });

  test('§10.3 step 8: a 200 has the Date of the request, an error reply has none', () => {
    const registrar = new RegistrarFixture();
    registrar.now = Date.UTC(2026, 0, 2, 3, 4, 5);
    const dateOf = (result: RegisterResult) => new Map(registrar.reply(result).headers).get('Date');
    assert.equal(dateOf(registrar.register([a])), 'Fri, 02 Jan 2026 03:04:05 GMT');
    assert.equal(dateOf(registrar.register(['Contact: *'])), undefined);
  });

  test('decision 10: an error found before the bindings were looked at lists them too', () => {
    const registrar = new RegistrarFixture();
    registrar.register([a]);
    const result = registrar.register(['Contact: <sip:b@10.0.0.1', 'Expires: 60']);
    assert.equal(codeOf(result), 'CONTACT_MALFORMED');
    assert.deepEqual(result.bindings, registrar.bindings);
  });

  test('a message with a fault in its structure is refused', () => {
    const registrar = new RegistrarFixture();
    assert.equal(codeOf(registrar.register([a, 'this is no header'])), 'MESSAGE_MALFORMED');
    assert.deepEqual(registrar.bindings, []);
  });
});
