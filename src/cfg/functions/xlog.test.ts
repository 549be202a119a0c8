import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, callAt, problemOf } from './testing/call.ts';

describe('xlog', () => {
  for (const [level, expected] of [
    ['L_ALERT', 'error'],
    ['L_CRIT', 'error'],
    ['L_ERR', 'error'],
    ['L_WARN', 'warn'],
    ['L_NOTICE', 'info'],
    ['L_INFO', 'info'],
    ['L_DBG', 'debug'],
    ['L_INVENTED', 'info'],
  ] as const) {
    it(`cfg-modules §8: only the third letter of ${level} counts`, () => {
      const bench = new CfgBench();
      assert.equal(call(bench.requestRun(), 'xlog', level, 'a $rm for $rU\n'), 1);
      assert.deepEqual(bench.logged(expected), ['a INVITE for bob']);
    });
  }

  it('cfg-modules §8: without a level it is L_ERR, xdbg is the debug level', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    call(run, 'xlog', 'one');
    call(run, 'xdbg', 'two');
    call(run, 'xinfo', 'three');
    assert.deepEqual(
      [bench.logged('error'), bench.logged('debug'), bench.logged('info')],
      [['one'], ['two'], ['three']],
    );
  });

  it('cfg-modules §20: a facility may stand before the level', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(), 'xlog', 'LOG_LOCAL0', 'L_WARN', 'text'), 1);
    assert.deepEqual(bench.logged('warn'), ['text']);
  });

  it('cfg-language §12: what is no level prevents the start', () => {
    assert.match(problemOf('xlog', ['INFO', 'x']), /level must be/);
    assert.match(problemOf('xlog', ['L_X', 'x']), /level must be/);
  });

  it('cfg-modules §8: false when the text is longer than buf_size, and it is cut', () => {
    const bench = new CfgBench();
    const site = { parameters: { 'xlog.buf_size': 10 } };
    assert.equal(callAt(bench.requestRun(), site, 'xlog', 'L_INFO', '0123456789abc'), -1);
    assert.deepEqual(bench.logged('info'), ['0123456789']);
  });
});
