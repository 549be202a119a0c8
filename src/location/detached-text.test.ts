import { test } from 'node:test';
import fc from 'fast-check';
import { detached } from './detached-text.ts';

test('a detached text is the same text, whatever its characters', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => detached(text) === text));
  const latin1 = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 });
  fc.assert(fc.property(latin1, (codes) => detached(String.fromCharCode(...codes)) === String.fromCharCode(...codes)));
});
