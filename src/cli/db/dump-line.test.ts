import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { asAor } from '../../location/aor.ts';
import { bindingFlags } from '../../location/binding.ts';
import { RowCodec } from '../../stores/sql/row-codec.ts';
import { sampleBinding, sampleNow } from '../../testing/sample-binding.ts';
import { storedBindings } from '../testing/stored-bindings.ts';
import { dumpLine, type LineContext, readDumpLine } from './dump-line.ts';

const context: LineContext = {
  aorForm: { useDomain: false, caseSensitive: false },
  now: sampleNow,
  ruid: () => 'made',
};

const smallest = { table: 'location', aor: 'alice', contact: 'sip:alice@10.0.0.1', expiresAt: '2030-01-01T00:00:00Z' };

function read(different: Readonly<Record<string, unknown>>, form = context.aorForm) {
  return readDumpLine({ ...smallest, ...different }, { ...context, aorForm: form });
}

/** The binding of a line that has to be taken. */
function bindingOf(different: Readonly<Record<string, unknown>>) {
  const line = read(different);
  assert.ok(typeof line !== 'string', String(line));
  return line.binding;
}

describe('lines of a dump', () => {
  test('issue 5: every field, in its order and its words', () => {
    const binding = sampleBinding('uloc-1', {
      contact: 'sip:alice@10.0.0.1;ob',
      q: 250,
      cseq: 7,
      received: 'sip:203.0.113.9:1024',
      path: '<sip:edge.example.com;lr>',
      userAgent: Buffer.from('Tëlefon').toString('latin1'),
      flags: bindingFlags.nat | bindingFlags.sipPing | (1 << 20),
      branchFlags: (1 << 6) | (1 << 31),
      methods: 1 | 8 | (1 << 14),
      instance: '<urn:uuid:1>',
      regId: 2,
      extension: ';reg-id=2',
      flowId: 9,
    });
    assert.deepEqual(dumpLine('location', asAor('alice'), binding), {
      line:
        '{"table":"location","aor":"alice","ruid":"uloc-1","contact":"sip:alice@10.0.0.1;ob",' +
        '"expiresAt":"2023-11-14T23:13:20Z","q":0.25,"callId":"call-1","cseq":7,"received":"sip:203.0.113.9:1024",' +
        '"path":"<sip:edge.example.com;lr>","socket":"udp:127.0.0.1:5060","userAgent":"Tëlefon",' +
        '"flags":["nat","sipPing","bit20"],"branchFlags":[6,31],"methods":["INVITE","BYE","bit14"],' +
        '"instance":"<urn:uuid:1>","regId":2,"lastModifiedAt":"2023-11-14T22:13:20Z"}',
    });
  });

  test('property: what a database can hold is written, read and written again as the same bytes', () => {
    const codec = new RowCodec({ useDomain: false, natBflag: 6, serverId: 0 });
    fc.assert(
      fc.property(storedBindings(sampleNow), ({ aor, binding }) => {
        const stored = codec.decode(codec.encode(aor, binding));
        assert.ok(typeof stored !== 'string', String(stored));
        const first = dumpLine('location', stored.aor, stored.binding);
        assert.ok(typeof first !== 'string', String(first));
        const line = readDumpLine(JSON.parse(first.line), context);
        assert.ok(typeof line !== 'string', `${line} ${first.line}`);
        // A permanent binding has no expiry; the extension is made of what is there.
        const { extension, expiresAt } = stored.binding;
        assert.deepEqual({ ...line.binding, extension, expiresAt }, stored.binding);
        assert.deepEqual(dumpLine('location', line.aor, line.binding), first);
      }),
      { numRuns: 500 },
    );
  });

  test('property: whatever JSON says, it is a binding or a reason', () => {
    const names = ['table', 'aor', 'ruid', 'contact', 'expiresAt', 'q', 'callId', 'cseq', 'received', 'path'];
    names.push(
      'socket',
      'userAgent',
      'flags',
      'branchFlags',
      'methods',
      'instance',
      'regId',
      'lastModifiedAt',
      'other',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (different) => {
        const line = read(different as Record<string, unknown>);
        if (typeof line === 'string') return;
        const written = dumpLine(line.table, line.aor, line.binding);
        assert.ok(typeof written !== 'string');
      }),
      { numRuns: 1000 },
    );
  });

  test('what is not there has its default, and null is as good as none', () => {
    const expected = sampleBinding('made', {
      contact: 'sip:alice@10.0.0.1',
      expiresAt: Date.UTC(2030, 0),
      callId: 'aorta-import',
      socket: undefined,
      userAgent: '',
    });
    assert.deepEqual(bindingOf({}), expected);
    const nulls = { ruid: null, q: null, callId: null, cseq: null, received: null, path: null, socket: null };
    const more = { userAgent: null, flags: null, branchFlags: null, methods: null, instance: null, regId: null };
    assert.deepEqual(bindingOf({ ...nulls, ...more, lastModifiedAt: null }), expected);
  });

  test('decision 27: a permanent binding has no expiry', () => {
    assert.equal(bindingOf({ flags: ['permanent'], expiresAt: null }).flags, bindingFlags.permanent);
    assert.match(String(read({ flags: ['permanent'] })), /permanent, so expiresAt has to be null/);
    assert.equal(read({ expiresAt: null }), 'expiresAt is missing');
  });

  test('q has thousandths', () => {
    for (const [q, thousandths] of [
      [0, 0],
      [1, 1000],
      [0.001, 1],
      [0.29, 290],
      [0.333, 333],
    ] as const) {
      assert.equal(bindingOf({ q }).q, thousandths);
    }
    assert.equal(read({ q: 0.1234 }), 'q has more than three decimals');
    for (const q of [-0.1, 1.001, 1e300, '0.5', true]) assert.equal(read({ q }), 'q is no number from 0 to 1');
  });

  const wrong: readonly (readonly [title: string, different: Readonly<Record<string, unknown>>, problem: RegExp])[] = [
    ['a field that is not known', { expires: 1 }, /^unknown field "expires"; did you mean expiresAt\?$/],
    ['a field of every object', JSON.parse('{"__proto__":{"table":"x"}}'), /^unknown field "__proto__"$/],
    ['a table that is no name', { table: 'a; DROP TABLE b' }, /^table .* is no name of a table/],
    ['no table', { table: undefined }, /^table /],
    ['no address', { aor: null }, /^aor is missing$/],
    ['an address with capitals', { aor: 'Alice' }, /^aor has capitals/],
    ['an address that is no text', { aor: 5 }, /^aor is no text$/],
    ['a contact that is no URI', { contact: 'alice' }, /^contact is no URI: the URI has no scheme$/],
    ['no contact', { contact: '' }, /^contact is missing$/],
    ['a received that is no URI', { received: 'sip:' }, /^received is no URI/],
    ['a path that is none', { path: 'edge' }, /^path is no list of addresses/],
    ['a line break', { path: '<sip:a;lr>\r\nX: y' }, /^path has a line break$/],
    ['a line break in disguise', { userAgent: 'a\uf70ab' }, /^userAgent has a line break$/],
    ['half a character', { userAgent: '\ud800' }, /^userAgent has half a character/],
    ['what has expired', { expiresAt: '2020-01-01T00:00:00Z' }, /^it has expired at 2020-01-01T00:00:00Z$/],
    ['what expires now', { expiresAt: new Date(sampleNow).toISOString() }, /^it has expired/],
    ['no instant', { expiresAt: 1_900_000_000 }, /^expiresAt is no text$/],
    ['a CSeq that is none (RFC 3261 §8.1.1.5)', { cseq: 2 ** 31 }, /^cseq is no whole number from 0 to 2147483647$/],
    ['half a CSeq', { cseq: 1.5 }, /^cseq is no whole number/],
    ['a flag without a row', { flags: ['memoryOnly'] }, /^flags has something that is no flag of a row: "memoryOnly"$/],
    ['a flag of the database', { flags: ['bit16'] }, /"bit16"/],
    ['flags that are no list', { flags: 1 }, /^flags is no list$/],
    ['a branch flag that is none', { branchFlags: [32] }, /^branchFlags has something .*: 32$/],
    ['a method that is none', { methods: ['YELL'] }, /^methods has something that is no method: "YELL"$/],
    ['no methods', { methods: [] }, /^methods names none/],
    ['a ruid with a blank', { ruid: 'a b' }, /^ruid is no text of 1 to 64/],
    ['a ruid that is too long', { ruid: 'a'.repeat(65) }, /^ruid is no text of 1 to 64/],
  ];
  for (const [title, different, problem] of wrong) {
    test(`${title} is refused`, () => assert.match(String(read(different)), problem));
  }

  test('1.3.10 case_sensitive, use_domain: an address of record has the form that a server looks for', () => {
    const byDomain = { useDomain: true, caseSensitive: false };
    assert.equal(typeof read({ aor: 'alice@example.com' }, byDomain), 'object');
    assert.equal(typeof read({ aor: 'example.com' }, byDomain), 'object');
    assert.equal(typeof read({ aor: 'a@b@example.com' }, byDomain), 'object');
    assert.match(String(read({ aor: '@example.com' }, byDomain)), /no user before the @/);
    assert.match(String(read({ aor: 'alice@' }, byDomain)), /no domain behind the @/);
    assert.equal(typeof read({ aor: 'Alice' }, { useDomain: false, caseSensitive: true }), 'object');
    const both = { useDomain: true, caseSensitive: true };
    assert.equal(typeof read({ aor: 'Alice@example.com' }, both), 'object');
    assert.match(String(read({ aor: 'Alice@Example.com' }, both)), /capitals in its domain/);
  });

  test('an instant that a year has no four digits for cannot be written', () => {
    const late = sampleBinding('a', { expiresAt: Date.UTC(10_000, 0) });
    assert.equal(dumpLine('location', asAor('alice'), late), 'expires is not in the years 0 to 9999');
    const odd = sampleBinding('a', { lastModifiedAt: 1e300 });
    assert.equal(dumpLine('location', asAor('alice'), odd), 'last_modified is not in the years 0 to 9999');
  });
});
