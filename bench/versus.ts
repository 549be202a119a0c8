/** Is Aorta cheaper than Kamailio on this machine, and by how much? (`npm run bench:versus [-- --quick]`) */
import { benchOptions } from './command-line.ts';
import { program, say } from './program.ts';
import { machineLines } from './report/machine.ts';
import { versusTable } from './versus/report.ts';
import { Samples } from './versus/samples.ts';
import { fullSizes, quickSizes, Versus } from './versus/scenarios.ts';

const options = benchOptions({
  servers: ['kamailio', 'kamailio-tuned', 'aorta', 'aorta-dgram'],
  users: [],
  seconds: 2,
  rounds: 5,
});

await program('Is Aorta cheaper than Kamailio, and by how much?', async () => {
  const samples = new Samples();
  await new Versus(options, options.quick ? quickSizes : fullSizes, samples).run();
  say('');
  for (const line of machineLines()) say(`${line}  `);
  say(`median of ${options.rounds} interleaved rounds of ${options.measureMs / 1000} s, server and generator pinned`);
  const sizes = options.quick ? quickSizes : fullSizes;
  say(`AoRs: ${sizes.small}, ${sizes.usual} and ${sizes.large}; connections: ${sizes.connections}`);
  if (options.quick) say('short form: where the table says 100 k, 1 M and 10,000, these smaller sizes were measured');
  say('');
  say(versusTable(samples));
  const spoiled = samples.spoiled();
  if (spoiled.length > 0) say('\nDo not trust:');
  for (const note of spoiled) say(`- ${note}`);
});
