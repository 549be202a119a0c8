/**
 * What does a REGISTER cost by the built-in route, by a route in TypeScript, and by the same route in openser.cfg?
 * Without the kernel, interleaved.
 */
import { loadCfgText } from '../src/cfg/index.ts';
import type { AortaOptions } from '../src/server/options.ts';
import { createServer } from '../src/server/server.ts';
import { FIRST_SEQUENCE, RequestTemplate } from './generator/request-template.ts';
import { MemoryDatagrams } from './guard/memory-datagrams.ts';
import { program, say } from './program.ts';
import { markdownTable } from './report/table.ts';
import { median } from './subject.ts';

const USERS = 20_000;
const ROUNDS = 25;
const WARM_UP_ROUNDS = 8;

const cfg = `
loadmodule "sl.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
listen=udp:127.0.0.1:5060
route {
  if (!mf_process_maxfwd_header("10")) {
    sl_send_reply("483", "Too Many Hops");
    exit;
  };
  if (uri==myself) {
    if (method=="REGISTER") {
      save("location");
      exit;
    };
  };
  sl_send_reply("404", "Not Found");
}
`;

const typed: AortaOptions = {
  routes: {
    request: (context, { maxfwd, registrar }) => {
      if (maxfwd.process(context) === 'exhausted') return context.reply(483);
      if (context.method === 'REGISTER') return registrar.save(context);
      return context.reply(404);
    },
  },
};

/** A server without sockets, and CPU microseconds per request of a round over all users. */
class Registrar {
  readonly #datagrams = new MemoryDatagrams();
  readonly #template = new RequestTemplate('refresh', {
    ...{ transport: 'UDP', serverPort: 5060, clientPort: 40_000, salt: 'routes' },
  });
  readonly #bytes = Buffer.alloc(this.#template.length);
  #sequence = FIRST_SEQUENCE;
  #replies = 0;

  constructor() {
    this.#template.lay(this.#bytes, 0);
    this.#datagrams.sink = () => {
      this.#replies += 1;
    };
  }

  async start(options: AortaOptions): Promise<void> {
    await createServer({ listen: ['udp:127.0.0.1:5060'], ...options }, { datagrams: this.#datagrams }).start();
  }

  round(): number {
    const repliesBefore = this.#replies;
    const before = process.cpuUsage();
    for (let user = 0; user < USERS; user++) {
      this.#template.patch(this.#bytes, 0, user, this.#sequence++);
      this.#datagrams.deliver(this.#bytes);
    }
    const { user, system } = process.cpuUsage(before);
    if (this.#replies - repliesBefore !== USERS) throw new Error('not every request was answered');
    return (user + system) / USERS;
  }
}

await program('What does a REGISTER cost by each kind of route?', async () => {
  const { options, routes } = loadCfgText('bench.cfg', cfg);
  const ways: Readonly<Record<string, AortaOptions>> = {
    'built-in route': {},
    'route in TypeScript': typed,
    'the same in openser.cfg': { ...options, routes },
  };
  const runs = await Promise.all(
    Object.entries(ways).map(async ([name, given]) => {
      const registrar = new Registrar();
      await registrar.start(given);
      return { name, registrar, costs: [] as number[] };
    }),
  );
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
    for (const { registrar, costs } of runs) {
      const cost = registrar.round();
      if (round >= WARM_UP_ROUNDS) costs.push(cost);
    }
  }
  say(
    markdownTable([['REGISTER by', 'CPU'], ...runs.map(({ name, costs }) => [name, `${median(costs).toFixed(2)} µs`])]),
  );
  process.exit(0);
});
