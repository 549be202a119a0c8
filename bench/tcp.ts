/** What does a refresh cost over TCP, each over another of many connections? */
import { benchOptions } from './command-line.ts';
import { program, release, say, track } from './program.ts';
import { type ResultRow, resultTable } from './report/results.ts';
import { closed, open, Subject } from './subject.ts';

const options = benchOptions({ servers: ['aorta'], users: [1_000, 10_000], seconds: 2, rounds: 1 });

await program('What does a refresh cost over TCP, with one connection per user?', async () => {
  const rows: ResultRow[] = [];
  for (const users of options.users) {
    for (const server of options.servers) {
      const subject = track(await Subject.start(server, { users, transport: 'tcp', redirect: false }));
      const { warmupMs, measureMs } = options;
      const note = (what: string, result: ResultRow['result']) =>
        rows.push({ server: subject.server.name, users, what, result, bytesPerContact: subject.bytesPerContact });
      note('initial', await subject.fill());
      note('refresh', await subject.measure({ kind: 'refresh', pace: closed(64), warmupMs, measureMs }));
      note('refresh at 5000/s', await subject.measure({ kind: 'refresh', pace: open(5_000), warmupMs, measureMs }));
      await release(subject);
    }
  }
  say(resultTable(rows));
});
