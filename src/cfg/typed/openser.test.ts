// Routes in TypeScript with the functions and variables of openser.cfg.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Routes } from '../../modules/routes.ts';
import { Domains } from '../../routing/domains.ts';
import { type BenchRequest, CfgBench } from '../testing/cfg-bench.ts';
import { type OpenserScript, openser } from './openser.ts';
import { type Script, same } from './script.ts';

function routesOf(script: OpenserScript, bench: CfgBench): Routes {
  const { logger, listeners } = bench.services;
  const own = { listeners, isOurs: bench.proxy.isOurs };
  return openser(script)({ domains: new Domains(['example.org'], own), logger, transport: own });
}

interface Seen {
  readonly bench: CfgBench;
  readonly outcome: string;
}

async function run(request: (script: Script) => number | Promise<number>, sent: BenchRequest = {}): Promise<Seen> {
  const bench = new CfgBench();
  const { request: route } = routesOf({ request }, bench);
  assert.ok(route);
  const { outcome } = await route(bench.context(sent), bench.modules);
  return { bench, outcome };
}

describe('issue 4: openser(), the functions of openser.cfg in TypeScript', () => {
  test('cfg-language §7.1: a function returns its code, and script.rc is that', async () => {
    const codes: number[] = [];
    await run((script) => {
      codes.push(script.search('no such text'), script.rc, script.setflag(3), script.rc);
      return 1;
    });
    assert.deepEqual(codes, [-1, -1, 1, 1]);
  });

  test('cfg-language §9: a variable is read and assigned to; what does not fit is logged and returns -1', async () => {
    const { bench } = await run((script) => {
      assert.equal(script.pv('$fU'), 'alice');
      assert.equal(script.set('$avp(i:7)', 5), 1);
      assert.equal(script.pv('$avp(i:7)'), 5);
      assert.equal(script.text('<$fU:$avp(i:7)>'), '<alice:5>');
      assert.equal(script.set('$ru', undefined), -1);
      return 1;
    });
    assert.equal(bench.logged('warn').length, 1);
  });

  test('cfg-language §9: a value in an argument is never taken for a format', async () => {
    const { bench } = await run((script) => {
      script.xlog('L_INFO', script.value('$fU'));
      script.xlog('L_INFO', script.value('$tU'));
      return script.xlog('L_INFO', '$fU');
    });
    assert.deepEqual(bench.logged('info'), ['$fU', '$tU', 'alice']);
  });

  test('cfg-language §7.1: exit ends the script, drop keeps a branch back', async () => {
    const { bench, outcome } = await run((script) => {
      assert.equal(script.ended, false);
      const code = script.exit();
      assert.equal(script.ended, true);
      return code;
    });
    assert.equal(outcome, 'dropped');
    const { branch } = routesOf({ branch: { a: (script) => script.drop(), b: (script) => script.exit() } }, bench);
    bench.inBranch(undefined, ({ branch: seen }) => {
      assert.ok(seen && branch);
      assert.equal(branch.a?.(seen, bench.modules), 'drop');
      assert.equal(branch.b?.(seen, bench.modules), 'send');
      return 'drop';
    });
  });

  test('registrar manual 1.4.4: lookup is a promise of its code', async () => {
    const { outcome } = await run(async (script) => {
      assert.equal(await script.lookup('location'), -1);
      script.ctx.reply(404);
      return script.exit();
    });
    assert.equal(outcome, 'replied');
  });

  test('registrar manual 1.4.1: save is a promise of its code', async () => {
    const headers = ['Contact: <sip:alice@192.0.2.50>'];
    const { outcome } = await run(
      async (script) => {
        assert.equal(await script.save('location'), 1);
        return script.exit();
      },
      { method: 'REGISTER', uri: 'sip:example.org', headers },
    );
    assert.equal(outcome, 'replied');
  });

  test('cfg-language §7.3: comparisons follow the dialect; what cannot be compared holds in no way', async () => {
    await run((script) => {
      assert.equal(script.compare('Alice', '==', 'alice'), true);
      assert.equal(script.compare(undefined, '<', 3), false);
      assert.equal(script.comparable(undefined, '<', 3), false);
      assert.equal(script.compare('5', '==', 5), true);
      assert.equal(script.compare('sip:900@a', '=~', '^SIP:9[0-9]+@'), true);
      assert.equal(script.compute('a', '+', 1), 'a1');
      assert.equal(script.inNetwork('10.1.2.3', '10.0.0.0/255.0.0.0'), true);
      assert.equal(script.inNetwork('2001:db8::1', '2001:db8::/32'), true);
      assert.equal(script.inNetwork(undefined, '10.0.0.0/8'), false);
      assert.equal(same('invite', 'INVITE') && !same(undefined, 'INVITE'), true);
      return 1;
    });
  });

  test('limits: a loop without end and routes too deep end the script with an error', async () => {
    const loop = await run((script) => {
      for (let round = 0; ; round++) if (script.isEndless(round)) return 0;
    });
    assert.match(loop.bench.logged('error').join(), /did not end within 100 rounds/);
    assert.equal(loop.outcome, 'replied');
    const again = (script: Script): number => script.nested(again);
    const deep = await run(again);
    assert.match(deep.bench.logged('error').join(), /more than 100 deep/);
  });

  for (const [title, wrong] of [
    ['a variable that there is none of', (script: Script) => script.pv('$nosuch')],
    ['an argument that does not fit', (script: Script) => script.sl_send_reply('99', 'x')],
    ['a function that this block cannot have', (script: Script) => script.t_branch_timeout()],
    ['a function that nobody knows', (script: Script) => script.call('no_such_function')],
  ] as const) {
    test(`style 4.7: ${title} is its author's mistake`, async () => {
      await assert.rejects(async () => run((script) => Number(wrong(script))), /assertion failed/);
    });
  }
});
