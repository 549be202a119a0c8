/** What does a REGISTER cost before a registrar has done anything: the kernel, the driver, and a canned reply? */
import { benchOptions } from './command-line.ts';
import { program, release, say, track } from './program.ts';
import { type ResultRow, resultTable } from './report/results.ts';
import { closed, open, Subject } from './subject.ts';

const OFFERED_RATES = [12_000, 30_000];

const options = benchOptions({
  servers: ['canned', 'canned-dgram', 'kamailio-tuned'],
  users: [100_000],
  seconds: 2,
  rounds: 3,
});

await program('What does a REGISTER cost before a registrar has done anything?', async () => {
  const { users, servers, rounds, warmupMs, measureMs } = options;
  const rows: ResultRow[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const kind of servers) {
      const subject = track(await Subject.start(kind, { users: users[0] ?? 1, transport: 'udp', redirect: false }));
      const measure = async (what: string, pace: ReturnType<typeof closed>) => {
        const result = await subject.measure({ kind: 'refresh', pace, warmupMs, measureMs });
        rows.push({ server: subject.server.name, users: subject.users, what, result, bytesPerContact: 0 });
      };
      await subject.warmUp();
      await measure('saturated', closed(64));
      for (const rate of OFFERED_RATES) await measure(`at ${rate}/s`, open(rate));
      await release(subject);
    }
  }
  say(resultTable(rows));
});
