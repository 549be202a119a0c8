/** What does a REGISTER cost without the kernel: the server as shipped, datagrams handed over in memory? */
import { createServer } from '../src/server/server.ts';
import { FIRST_SEQUENCE, RequestTemplate } from './generator/request-template.ts';
import { MemoryDatagrams } from './guard/memory-datagrams.ts';
import { program, say } from './program.ts';
import { markdownTable } from './report/table.ts';
import { median } from './subject.ts';

const USERS = 100_000;
const ROUNDS = 7;

/** CPU microseconds per request of one round over all users. */
function round(datagrams: MemoryDatagrams, template: RequestTemplate, number: number): number {
  const requests = Array.from({ length: USERS }, (_, user) => {
    const bytes = Buffer.alloc(template.length);
    template.lay(bytes, 0);
    template.patch(bytes, 0, user, FIRST_SEQUENCE + number * USERS + user);
    return bytes;
  });
  let replies = 0;
  datagrams.sink = () => {
    replies += 1;
  };
  const before = process.cpuUsage();
  for (const request of requests) datagrams.deliver(request);
  const { user, system } = process.cpuUsage(before);
  if (replies !== USERS) throw new Error(`${replies} replies to ${USERS} requests`);
  return (user + system) / USERS;
}

await program('What does a REGISTER cost without the kernel?', async () => {
  const datagrams = new MemoryDatagrams();
  const server = createServer({ listen: ['udp:127.0.0.1:5060'] }, { datagrams });
  await server.start();
  const parties = { transport: 'UDP', serverPort: 5060, clientPort: 40_000, salt: 'inproc' } as const;
  const template = new RequestTemplate('refresh', parties);
  const rounds = Array.from({ length: ROUNDS }, (_, number) => round(datagrams, template, number));
  await server.stop();
  const [initial = 0, ...refreshes] = rounds;
  say(
    markdownTable([
      ['AoRs', 'initial, code still cold', 'refresh, median of the rounds'],
      [String(USERS), `${initial.toFixed(2)} µs`, `${median(refreshes).toFixed(2)} µs`],
    ]),
  );
});
