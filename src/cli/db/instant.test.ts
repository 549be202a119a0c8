import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantText, parseInstant } from './instant.ts';

test('issue 5: instants are ISO 8601 in UTC, whole seconds of the years 0 to 9999', () => {
  for (const text of ['1970-01-01T00:00:00Z', '2028-02-29T23:59:59Z', '9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z']) {
    assert.equal(instantText(parseInstant(text) ?? Number.NaN), text);
  }
  assert.equal(parseInstant('2030-01-01T00:00:00.999Z'), Date.UTC(2030, 0));
  for (const instant of [Date.UTC(10_000, 0), -1e14, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(instantText(instant), undefined);
  }
});

test('issue 5: what is no instant, or not in UTC, is refused', () => {
  const wrong = ['', '2030-01-01', '2030-01-01T00:00:00', '2030-01-01T00:00:00+01:00', '2030-02-30T00:00:00Z'];
  wrong.push('2030-01-01 00:00:00Z', '2030-01-01T24:00:00Z', '2030-01-01T23:59:60Z', '+012030-01-01T00:00:00Z', '1e9');
  for (const text of wrong) assert.equal(parseInstant(text), undefined, text);
});
