import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MaxForwardsModule } from '../../modules/maxfwd.ts';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, callAt, problemOf } from './testing/call.ts';

describe('maxfwd', () => {
  for (const [received, code, leaves] of [
    [0, -1, '0'],
    [1, 1, '0'],
    [70, 1, '69'],
    [undefined, 1, '10'],
  ] as const) {
    it(`cfg-modules §5 mf_process_maxfwd_header: ${received ?? 'no'} hops give ${code}, and ${leaves} leave`, () => {
      const run = new CfgBench().requestRun({ maxForwards: received });
      assert.equal(call(run, 'mf_process_maxfwd_header', '10'), code);
      assert.equal(run.request.header('max-forwards'), leaves);
    });
  }

  it('cfg-modules §5: an unparsable header is true', () => {
    const run = new CfgBench().requestRun({ maxForwards: undefined, headers: ['Max-Forwards: many'] });
    assert.equal(call(run, 'mf_process_maxfwd_header', '10'), 1);
  });

  for (const hops of ['0', '257', 'ten']) {
    it(`cfg-language §12: '${hops}' prevents the start`, () => {
      assert.match(problemOf('mf_process_maxfwd_header', [hops]), /from 1 to 256/);
    });
  }

  it('cfg-modules §5: the argument must not be above max_limit, which caps what leaves', () => {
    const site = { parameters: { 'maxfwd.max_limit': 20 } };
    assert.match(problemOf('mf_process_maxfwd_header', ['21'], site), /from 1 to 20/);
    assert.equal(callAt(new CfgBench().requestRun(), site, 'mf_process_maxfwd_header', '20'), 1);
    const run = new CfgBench().requestRun();
    assert.equal(new MaxForwardsModule({ maxLimit: 20 }).process(run.context, 10), 'decremented');
    assert.equal(run.request.header('max-forwards'), '20');
  });

  for (const [bound, code] of [
    ['70', -1],
    ['71', 1],
  ] as const) {
    it(`cfg-modules §5 is_maxfwd_lt: 70 hops against ${bound} give ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun(), 'is_maxfwd_lt', bound), code);
    });
  }
});
