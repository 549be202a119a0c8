import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerErrors } from './register-errors.ts';

test('decision 4: a 400 has its description in the reason phrase and in P-Registrar-Error', () => {
  for (const error of Object.values(registerErrors)) {
    if (error.status === 400) assert.equal(error.reason, error.text);
  }
});

test('the other statuses keep the reason phrase of their RFC', () => {
  const phrases = Object.values(registerErrors)
    .filter(({ status }) => status !== 400)
    .map(({ status, reason }) => `${status} ${reason}`);
  assert.deepEqual(phrases, [
    '405 Method Not Allowed',
    '420 Bad Extension',
    '423 Interval Too Brief',
    '503 Service Unavailable',
    '503 Service Unavailable',
  ]);
});

test('every row knows its own code, and no text says two things', () => {
  for (const [code, error] of Object.entries(registerErrors)) assert.equal(error.code, code);
  const texts = Object.values(registerErrors).map(({ text }) => text);
  assert.equal(new Set(texts).size, texts.length);
});
