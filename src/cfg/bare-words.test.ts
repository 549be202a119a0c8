import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from './testing/diagnose.ts';
import { traceOf } from './testing/engine-bench.ts';

for (const [condition, before, taken] of [
  ['isdsturiset', '', false],
  ['isdsturiset', 'setdsturi("sip:192.0.2.9");', true],
  ['!isdsturiset', '', true],
  ['method=="INVITE" && isdsturiset', '', false],
  ['isdsturiset || force_rport', '', true],
  ['append_branch', '', true],
  // What is no command is a value, as ever.
  ['retcode', 'isdsturiset();', true],
  ['NULL', '', false],
] as const) {
  test(`cfg-language §3 note 6: if (${condition}) behind "${before}" asks the command`, async () => {
    assert.deepEqual(await traceOf(`${before} if (${condition}) trace("yes"); else trace("no");`), [
      taken ? 'yes' : 'no',
    ]);
  });
}

test('cfg-language §3: a word in a condition that is no command is an error, not true', () => {
  assert.deepEqual(diagnose('route { if (foo) drop; if (!sve || method=="X") drop; drop; }', 'error'), [
    "1:13 error unknown-function: there is no function 'foo'",
    "1:29 error unknown-function: there is no function 'sve'",
  ]);
});
