// Whole configurations as they were written for OpenSER 1.0 and its descendants, run by a server with real sockets.
import { after, before, describe, test } from 'node:test';
import { CfgServer, withCfg } from './cfg-server.ts';
import { failureRoute, noAnswer } from './failure-route.ts';
import { kamailioNat } from './kamailio-nat.ts';
import { nathelper } from './nathelper.ts';
import { opensips } from './opensips.ts';
import { fileText, type Scenario } from './scenario.ts';
import { ser } from './ser.ts';
import { stock } from './stock.ts';

const suites: readonly (readonly [string, readonly Scenario[]])[] = [
  ['stock.cfg', stock],
  ['nathelper.cfg', nathelper],
  ['failure-route.cfg', failureRoute],
  ['kamailio-nat.cfg', kamailioNat],
  ['ser.cfg', ser],
  ['opensips.cfg', opensips],
];

for (const [name, scenarios] of suites) {
  describe(name, () => {
    let running: CfgServer;
    before(async () => {
      running = await CfgServer.start(fileText(name), { name });
    });
    after(() => running?.stop());

    for (const { title, run } of scenarios) test(title, () => run(running));
  });
}

test(`failure-route.cfg: ${noAnswer.title}`, () => {
  const impatient = fileText('failure-route.cfg').replace('"fr_inv_timer", 30', '"fr_inv_timer", 2');
  return withCfg(impatient, noAnswer.run);
});
