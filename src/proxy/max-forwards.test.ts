import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMaxForwardsExhausted, processMaxForwards } from './max-forwards.ts';
import { request } from './testing/proxy-bench.ts';

test('§16.6 step 3: Max-Forwards is decremented by one', () => {
  const message = request({ maxForwards: 70 });
  assert.equal(processMaxForwards(message), 'decremented');
  assert.equal(message.maxForwards, 69);
});

test('§16.6 step 3: a request without Max-Forwards gets 70', () => {
  const message = request({ maxForwards: undefined });
  assert.equal(processMaxForwards(message), 'added');
  assert.equal(message.maxForwards, 70);
});

test('mf_process_maxfwd_header("10"): a request without the header gets the given value, undiminished', () => {
  const message = request({ maxForwards: undefined });
  assert.equal(processMaxForwards(message, { addedValue: 10 }), 'added');
  assert.equal(message.header('max-forwards'), '10');
});

test('mf_process_maxfwd_header: a value of 1 passes as 0', () => {
  const message = request({ maxForwards: 1 });
  assert.equal(processMaxForwards(message), 'decremented');
  assert.equal(message.maxForwards, 0);
});

test('§16.3 step 3: a value of 0 is exhausted and stays as it is', () => {
  const message = request({ maxForwards: 0 });
  assert.equal(isMaxForwardsExhausted(message), true);
  assert.equal(processMaxForwards(message), 'exhausted');
  assert.equal(message.maxForwards, 0);
});

test('max_limit caps what is received and what is added', () => {
  const high = request({ maxForwards: 200 });
  processMaxForwards(high, { maxLimit: 16 });
  assert.equal(high.maxForwards, 16);
  const none = request({ maxForwards: undefined });
  processMaxForwards(none, { addedValue: 70, maxLimit: 16 });
  assert.equal(none.maxForwards, 16);
});

test('a value that is no number is left alone and does not stop the request', () => {
  const message = request({ maxForwards: undefined, headers: ['Max-Forwards: many'] });
  assert.equal(isMaxForwardsExhausted(message), false);
  assert.equal(processMaxForwards(message), 'unreadable');
  assert.equal(message.header('max-forwards'), 'many');
});
