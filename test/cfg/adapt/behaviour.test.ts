// `aorta adapt`: what TypeScript does that was made of a configuration, and what the configuration does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loadCfgText } from '../../../src/cfg/index.ts';
import { cfgFiles } from '../files.ts';
import { skipWithoutKamailio, stockKamailioCfg } from '../scenarios/kamailio-package.ts';
import { adaptedOptions } from './adapted-options.ts';
import { behaviours, usualSteps } from './behaviour-cases.ts';
import { RouteBench, type Step } from './route-bench.ts';

async function mustDoTheSame(name: string, cfg: string, steps: readonly Step[]): Promise<readonly string[]> {
  const loaded = loadCfgText(name, cfg, { lenient: true, addressesOf: () => ['192.0.2.1'] });
  const adapted = await adaptedOptions(loaded);
  const expected = await new RouteBench({ ...loaded.options, routes: loaded.routes }).run(steps);
  assert.deepEqual(await new RouteBench(adapted).run(steps), expected);
  return expected;
}

describe('aorta adapt: the TypeScript does what the configuration does', () => {
  for (const { title, cfg, steps } of behaviours) {
    test(`cfg-language: ${title}`, async () => {
      const seen = await mustDoTheSame('openser.cfg', cfg, steps);
      assert.ok(seen.length > steps.length, 'something is seen of it');
    });

    // Where nobody reads the return code, the functions of the typed modules take the place of openser.cfg's.
    test(`cfg-language: ${title}, and nobody reads the return code`, async () => {
      await mustDoTheSame('openser.cfg', cfg.replaceAll(' $rc\\n', '\\n'), steps);
    });
  }

  // The others ask for what is not here.
  const runnable = cfgFiles.filter(({ name, text }) => {
    return !loadCfgText(name, text, { lenient: true, addressesOf: () => ['192.0.2.1'] }).hasErrors;
  });

  test('issue 4: there is a file to try', () => assert.ok(runnable.length > 0));

  for (const { name, text } of runnable) {
    test(`issue 4: ${name} does the same`, async () => {
      const seen = await mustDoTheSame(name, text, usualSteps);
      assert.ok(
        seen.some((line) => line.startsWith('to udp')),
        'something was sent',
      );
    });
  }

  test("issue 4: Debian's kamailio.cfg does the same", { skip: skipWithoutKamailio() }, async () => {
    const seen = await mustDoTheSame(
      'kamailio.cfg',
      `${readFileSync(stockKamailioCfg, 'utf8')}\nalias="example.org"\n`,
      usualSteps,
    );
    assert.ok(
      seen.some((line) => line.startsWith('to udp')),
      'something was sent',
    );
  });
});
