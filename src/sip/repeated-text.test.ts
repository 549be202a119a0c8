import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RepeatedText } from './repeated-text.ts';

test('a repeated text is what stands there, whatever stood there before', () => {
  const repeated = new RepeatedText();
  for (const text of ['example.com', 'example.com', 'example.org', 'example.co', '', 'x', 'example.com']) {
    const head = `<${text}>`;
    assert.equal(repeated.read(head, Buffer.from(head, 'latin1'), 1, 1 + text.length), text);
  }
});
