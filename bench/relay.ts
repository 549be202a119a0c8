/** What does a MESSAGE cost that is looked up, relayed statefully and answered by the phone? */
import { benchOptions } from './command-line.ts';
import { program, release, say, track } from './program.ts';
import { type ResultRow, resultTable } from './report/results.ts';
import { closed, open, Subject } from './subject.ts';

/** Longer than a finished transaction is kept, so that memory is recycled as in a server that has run for a while. */
const RELAY_WARMUP_MS = 6_000;

const options = benchOptions({ servers: ['aorta'], users: [100_000], seconds: 3, rounds: 1 });

await program('What does a relayed MESSAGE cost, its reply included?', async () => {
  const rows: ResultRow[] = [];
  for (const users of options.users) {
    for (const server of options.servers) {
      const subject = track(await Subject.start(server, { users, transport: 'udp', redirect: false }));
      await subject.fill();
      const { measureMs } = options;
      const warmupMs = options.quick ? options.warmupMs : RELAY_WARMUP_MS;
      const paces = [
        ['saturated', closed(64), warmupMs],
        ['at 5000/s', open(5_000), options.warmupMs],
      ] as const;
      for (const [what, pace, warmup] of paces) {
        const result = await subject.measure({ kind: 'message', pace, warmupMs: warmup, measureMs });
        rows.push({ server: subject.server.name, users, what: `MESSAGE ${what}`, result, bytesPerContact: 0 });
      }
      await release(subject);
    }
  }
  say(resultTable(rows));
});
