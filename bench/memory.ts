/** How much memory does a contact take, everything included? */
import { benchOptions } from './command-line.ts';
import { program, release, say, track } from './program.ts';
import { count } from './report/results.ts';
import { markdownTable } from './report/table.ts';
import { Subject } from './subject.ts';

const options = benchOptions({ servers: ['aorta'], users: [100_000, 1_000_000], seconds: 1, rounds: 1 });

await program('How much memory (PSS of all processes) does a contact take?', async () => {
  const rows: string[][] = [['server', 'contacts', 'bytes/contact', 'PSS of the full server, MB', 'filled in s']];
  for (const users of options.users) {
    for (const server of options.servers) {
      const subject = track(await Subject.start(server, { users, transport: 'udp', redirect: false }));
      const { windowMs } = await subject.fill();
      const megabytes = subject.server.memory().pssKb / 1024;
      rows.push([
        ...[subject.server.name, count(users), count(subject.bytesPerContact)],
        ...[megabytes.toFixed(0), (windowMs / 1000).toFixed(1)],
      ]);
      await release(subject);
    }
  }
  say(markdownTable(rows));
});
