// `aorta adapt`, with configurations that nobody would write: every construct inside of every other.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { adapt } from '../../../src/adapt/index.ts';
import { loadCfgText } from '../../../src/cfg/index.ts';
import { adaptedOptions } from './adapted-options.ts';
import { RouteBench } from './route-bench.ts';

const leaf = fc.constantFrom(
  'xlog("L_INFO", "$rc $var(a)\\n");',
  'log("here");',
  'setflag(1);',
  'resetflag(1);',
  'search("INVITE");',
  'search("nothing");',
  '$var(a) = $var(a) + 1;',
  '$var(a) = $rc;',
  '$var(a) = route(2);',
  'route(1);',
  'route(2);',
  'route(3);',
  't_newtran();',
  'append_branch();',
  'return;',
  'return(2);',
  'return(-1);',
  'return(0);',
  'return($var(a));',
  'exit;',
);
const test1 = fc.constantFrom(
  'isflagset(1)',
  'search("INVITE")',
  'search("nothing")',
  'method=="INVITE"',
  '$var(a) == 1',
  '$var(a) < 2',
  '$avp(s:none) < 2',
  '$rc > 0',
  'retcode == 1',
  'route(1)',
  'route(2)',
  'route(3)',
  't_newtran()',
  '1',
  '0',
);

const out = fc.constantFrom('', 'break;');

const { statements } = fc.letrec<{ statements: string; statement: string; condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    test1,
    tie('condition').map((a) => `!(${a})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a}) && (${b})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a}) || (${b})`),
  ),
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.tuple(tie('condition'), tie('statements')).map(([test, body]) => `if (${test}) { ${body} }`),
    fc
      .tuple(tie('condition'), tie('statements'), tie('statements'))
      .map(([test, body, other]) => `if (${test}) { ${body} } else { ${other} }`),
    fc
      .tuple(tie('condition'), tie('statements'), tie('condition'), tie('statements'))
      .map(([test, body, next, other]) => `if (${test}) { ${body} } else if (${next}) { ${other} }`),
    fc
      .tuple(
        fc.constantFrom('$var(a)', '$rc', 'route(2)'),
        tie('statements'),
        out,
        tie('statements'),
        out,
        tie('statements'),
      )
      .map(
        ([value, a, end, b, next, c]) =>
          `switch (${value}) { case 1: ${a} ${end} case -1: ${b} ${next} default: ${c} }`,
      ),
    fc
      .tuple(tie('condition'), tie('statements'), out, tie('statements'))
      .map(
        ([test, body, end, more]) => `while (${test}) { ${body} if (search("INVITE")) { log("x"); ${end} } ${more} }`,
      ),
  ),
  statements: fc.array(tie('statement'), { minLength: 1, maxLength: 4 }).map((all) => all.join('\n')),
}));

const head = ['sl', 'tm', 'textops', 'xlog'].map((name) => `loadmodule "${name}.so"\n`).join('');
const say = 'xlog("L_INFO", "end $rc\\n");';

const scripts = fc
  .tuple(fc.constantFrom('', '#!KAMAILIO\n'), statements, statements, statements, statements)
  .map(
    ([mark, main, one, two, three]) =>
      `${mark}${head}max_while_loops=3\nroute {\n${main}\n${say}\n}\nroute[1] {\n${calling(one, 1)}\n}\nroute[2] {\n${calling(two, 2)}\n}\nroute[3] {\n${calling(three, 3)}\n}\n`,
  );

/** The statements of a route that calls only those behind it: what calls itself may take very long before it is ended. */
function calling(text: string, own: number): string {
  return text.replace(/route\((\d)\)/g, (call, number) => (Number(number) > own ? call : 'search("INVITE")'));
}

describe('issue 4: whatever the configuration, its TypeScript does the same', () => {
  test('cfg-language §7.1: any statements in any order', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(scripts, async (text) => {
        const loaded = loadCfgText('openser.cfg', text);
        if (loaded.hasErrors || adapt(loaded).problems.length > 0) return;
        const steps = [{ request: { uri: 'sip:bob@192.0.2.60' } }];
        const expected = await new RouteBench({ ...loaded.options, routes: loaded.routes }).run(steps);
        const seen = await new RouteBench(await adaptedOptions(loaded)).run(steps);
        assert.deepEqual(seen, expected);
        compared++;
      }),
      { numRuns: 120 },
    );
    assert.ok(compared > 40, `${compared} were compared`);
  });
});
