import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  canonicalHeaderName,
  canonicalNameAt,
  displayHeaderName,
  knownHeaderNames,
  knownNameAt,
} from './header-name.ts';

test('§7.3.1: names are recognised in any case and get one string', () => {
  for (const name of ['Call-ID', 'call-id', 'CALL-ID', 'cAlL-iD']) assert.equal(canonicalHeaderName(name), 'call-id');
  assert.equal(canonicalNameAt('x: VIA:', 3, 6), 'via');
});

test('§7.3.3: compact forms are folded into the long ones', () => {
  const compact = { v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact', l: 'content-length', c: 'content-type' };
  for (const [letter, name] of Object.entries({ ...compact, k: 'supported', s: 'subject', e: 'content-encoding' })) {
    assert.equal(canonicalHeaderName(letter), name);
    assert.equal(canonicalHeaderName(letter.toUpperCase()), name);
  }
  assert.equal(canonicalHeaderName('z'), 'z');
});

test('an unknown name is its lower case, and no neighbour of a known one is taken for it', () => {
  assert.equal(canonicalHeaderName('X-Thing'), 'x-thing');
  assert.equal(canonicalHeaderName('Call\rID'), 'call\rid');
  assert.equal(canonicalHeaderName('Via2'), 'via2');
  assert.equal(canonicalHeaderName(''), '');
  assert.equal(canonicalHeaderName('constructor'), 'constructor');
});

test('a canonical name is displayed as its RFC spells it', () => {
  const spellings = ['Call-ID', 'CSeq', 'WWW-Authenticate', 'MIME-Version', 'P-Registrar-Error', 'Path', 'Sock-Info'];
  for (const name of spellings) assert.equal(displayHeaderName(name.toLowerCase()), name);
  assert.equal(displayHeaderName('x-my-header'), 'X-My-Header');
});

test('property: a name is found in bytes as it is found in text', () => {
  const letter = fc.constantFrom(...'abcdefilmnorstuvxyzABCDVIZ-._`!0');
  const known = fc.constantFrom(
    'Via',
    'CSEQ',
    'call-id',
    'P-Asserted-Identity',
    'content_length',
    'V',
    'z',
    'l',
    'Vi`',
  );
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: letter, minLength: 1, maxLength: 8 }), known), (name) => {
      const found = knownHeaderNames[knownNameAt(Buffer.from(`${name}:`), 0, name.length)];
      const canonical = canonicalNameAt(name, 0, name.length);
      if (found === '') assert.equal(canonical, name.toLowerCase());
      else assert.equal(found, canonical);
      assert.equal(found === '', !isKnown(canonical));
    }),
    { numRuns: 2000 },
  );
});

/** Whether a canonical name is one of ours: then it is one string, whatever it was made from. */
function isKnown(canonical: string): boolean {
  return knownNameAt(Buffer.from(`${canonical}:`), 0, canonical.length) > 0;
}
