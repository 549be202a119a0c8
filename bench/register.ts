/** What does a REGISTER cost: initial, refresh, query, remove, at 1 k, 100 k and 1 M AoRs? */
import { benchOptions } from './command-line.ts';
import { program, release, say, track } from './program.ts';
import { type ResultRow, resultTable } from './report/results.ts';
import { closed, open, Subject } from './subject.ts';

const OFFERED_RATES = [12_000, 30_000];

const options = benchOptions({ servers: ['aorta'], users: [1_000, 100_000, 1_000_000], seconds: 2, rounds: 1 });

await program('What does a REGISTER cost, and how does that grow with the number of AoRs?', async () => {
  const rows: ResultRow[] = [];
  for (const users of options.users) {
    for (const kind of options.servers) {
      const subject = track(await Subject.start(kind, { users, transport: 'udp', redirect: false }));
      const note = (what: string, result: ResultRow['result']) =>
        rows.push({ server: subject.server.name, users, what, result, bytesPerContact: subject.bytesPerContact });
      const { warmupMs, measureMs } = options;
      note('initial, empty table', await subject.fill());
      for (const request of ['refresh', 'query'] as const) {
        note(request, await subject.measure({ kind: request, pace: closed(64), warmupMs, measureMs }));
      }
      for (const rate of OFFERED_RATES) {
        note(`refresh at ${rate}/s`, await subject.measure({ kind: 'refresh', pace: open(rate), warmupMs, measureMs }));
      }
      const { remove, initial } = await subject.removeAndRegister();
      note('remove', remove);
      note('initial', initial);
      await release(subject);
    }
  }
  say(resultTable(rows));
});
