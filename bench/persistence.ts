/** What does a binding on disk cost, and how much less than Kamailio's? (`npm run bench:persistence [-- --quick]`) */
import { benchOptions } from './command-line.ts';
import { BenchDatabases } from './persistence/databases.ts';
import { diskLine } from './persistence/disk.ts';
import { persistenceGoals } from './persistence/goals.ts';
import { measuredTable } from './persistence/report.ts';
import { fullSizes, Persistence, quickSizes } from './persistence/scenarios.ts';
import { program, release, say, track } from './program.ts';
import { machineLines } from './report/machine.ts';
import { count } from './report/results.ts';
import { storedKinds } from './servers/stored.ts';
import { goalTable } from './versus/report.ts';
import { Samples } from './versus/samples.ts';

const options = benchOptions({
  servers: ['aorta', 'kamailio-tuned', ...storedKinds],
  users: [],
  seconds: 4,
  rounds: 5,
});

await program('What does a binding on disk cost, and how much less than with Kamailio?', async () => {
  const sizes = options.quick ? quickSizes : fullSizes;
  const samples = new Samples();
  const databases = track(BenchDatabases.open());
  const disk = diskLine(databases.folder);
  say(disk);
  const persistence = new Persistence(options, sizes, databases, samples);
  await persistence.run();
  await release(databases);
  say('');
  for (const line of machineLines()) say(`${line}  `);
  say(`${disk}  `);
  say(`median of ${options.rounds} interleaved rounds of ${options.measureMs / 1000} s, ${count(sizes.users)} AoRs  `);
  say("servers pinned to core 0 with their threads; PostgreSQL on the generator's core, the same for all");
  if (options.quick) say(`\nshort form: where the table says 1 M, ${count(sizes.rows)} were measured`);
  say('');
  say(measuredTable(samples, persistence.absent));
  say('');
  say(goalTable(persistenceGoals, samples));
});
