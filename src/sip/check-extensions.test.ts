import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { badExtension, unsupportedOptions } from './check-extensions.ts';
import { createRequest } from './create-request.ts';

function unsupported(values: readonly string[], supported: readonly string[] = []): readonly string[] {
  const headers = values.map((value) => ['Require', value] as const);
  const request = createRequest({ method: 'OPTIONS', uri: 'sip:example.com', headers });
  return unsupportedOptions(request, 'require', new Set(supported));
}

describe('Require and Proxy-Require (RFC 3261 §8.2.2.3, §16.3 item 5)', () => {
  it('a request without the header needs nothing', () => assert.deepEqual(unsupported([]), []));

  it('what is supported is left out, in any case', () => {
    assert.deepEqual(unsupported(['path, 100rel', 'GRUU'], ['path', 'gruu']), ['100rel']);
  });

  it('§8.2.2.3: all others are named, as written, in order and once', () => {
    assert.deepEqual(unsupported(['b, A', 'c', 'b'], ['x']), ['b', 'A', 'c']);
  });

  it('an empty place in the list needs nothing', () => assert.deepEqual(unsupported(['', 'a,,'], ['a']), []));

  it('one header says nothing about the other', () => {
    const request = createRequest({ method: 'OPTIONS', uri: 'sip:a', headers: [['Require', 'a']] });
    assert.deepEqual(unsupportedOptions(request, 'proxy-require', new Set()), []);
  });

  it('§21.4.15: 420 lists them in Unsupported', () => {
    assert.deepEqual(badExtension(['b', 'A']), {
      status: 420,
      reason: 'Bad Extension',
      headers: [['Unsupported', 'b, A']],
    });
  });

  it('a 420 names at most 64 of them', () => {
    const tags = Array.from({ length: 5000 }, (_, i) => `o${i}`);
    assert.equal(unsupported([tags.join(',')]).length, 64);
  });
});
