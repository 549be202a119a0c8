// The scenarios of whole configurations, the examples of the manual and the traps of the language, run by the TypeScript
// that was made of each.
import { after, before, describe, test } from 'node:test';
import { CfgServer, withCfg } from '../scenarios/cfg-server.ts';
import { failureRoute } from '../scenarios/failure-route.ts';
import { kamailioNat } from '../scenarios/kamailio-nat.ts';
import { completeExample, examples } from '../scenarios/manual-examples.ts';
import { nathelper } from '../scenarios/nathelper.ts';
import { opensips } from '../scenarios/opensips.ts';
import { fileText, type Scenario } from '../scenarios/scenario.ts';
import { ser } from '../scenarios/ser.ts';
import { stock } from '../scenarios/stock.ts';
import { traps } from '../scenarios/traps.ts';
import { adaptedOptions } from './adapted-options.ts';

const suites: readonly (readonly [string, readonly Scenario[]])[] = [
  ['stock.cfg', stock],
  ['nathelper.cfg', nathelper],
  ['failure-route.cfg', failureRoute],
  ['kamailio-nat.cfg', kamailioNat],
  ['ser.cfg', ser],
  ['opensips.cfg', opensips],
];

for (const [name, scenarios] of suites) {
  describe(`${name} as TypeScript`, () => {
    let running: CfgServer;
    before(async () => {
      running = await CfgServer.start(fileText(name), { name, made: adaptedOptions });
    });
    after(() => running?.stop());

    for (const { title, run } of scenarios) test(`as TypeScript: ${title}`, () => run(running));
  });
}

describe('the examples of the registrar manual as TypeScript', () => {
  for (const example of examples) {
    const { number, effect, listen } = example;
    test(`as TypeScript, example ${number}: ${effect}`, () =>
      withCfg(completeExample(example), (running) => example.observe(running), {
        name: `example-${number}.cfg`,
        made: adaptedOptions,
        ...(listen && { listen }),
      }));
  }
});

describe('cfg-language §14, the traps, as TypeScript', () => {
  for (const { number, title, text, observe } of traps) {
    test(`as TypeScript, trap ${number}: ${title}`, () =>
      withCfg(text, observe, { name: `trap-${number}.cfg`, made: adaptedOptions }));
  }
});
