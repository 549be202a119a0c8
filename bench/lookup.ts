/** What does a lookup cost that is answered 302 with the contacts? */
import { benchOptions } from './command-line.ts';
import { program, release, say, track } from './program.ts';
import { type ResultRow, resultTable } from './report/results.ts';
import { closed, Subject } from './subject.ts';

const options = benchOptions({ servers: ['aorta'], users: [1_000, 100_000, 1_000_000], seconds: 2, rounds: 1 });

await program('What does a lookup cost that is answered 302 with the contacts?', async () => {
  const rows: ResultRow[] = [];
  for (const users of options.users) {
    for (const server of options.servers) {
      const subject = track(await Subject.start(server, { users, transport: 'udp', redirect: true }));
      await subject.fill();
      const { warmupMs, measureMs } = options;
      const result = await subject.measure({ kind: 'redirect', pace: closed(64), warmupMs, measureMs });
      const { bytesPerContact } = subject;
      rows.push({ server: subject.server.name, users, what: 'lookup and 302', result, bytesPerContact });
      await release(subject);
    }
  }
  say(resultTable(rows));
});
