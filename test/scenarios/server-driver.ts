import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/base/clock.ts';
import { type Logger, silentLogger } from '../../src/base/logger.ts';
import { asAor } from '../../src/location/aor.ts';
import { addContact } from '../../src/location/management.ts';
import type { Modules } from '../../src/modules/routes.ts';
import type { RegistrarOptions } from '../../src/registrar/options.ts';
import type { Handled } from '../../src/routing/handled.ts';
import type { RequestContext } from '../../src/routing/request-context.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { SipResponse } from '../../src/sip/message.ts';
import { registrarDefaults } from '../../src/testing/registrar-defaults.ts';
import { startServer } from '../support/started-server.ts';
import { TcpPeer } from '../support/tcp-peer.ts';
import { UdpPeer } from '../support/udp-peer.ts';
import type { Script } from './vector.ts';
import type { Driver, LookupReport } from './vector-runner.ts';

/** A clock whose seconds pass only when a vector says so; its timers are the machine's. */
class SteppingClock implements Clock {
  #now = 1_700_000_000_000;

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void) {
    return systemClock.after(delayMs, run);
  }

  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

/** A whole server behind real sockets, whose route does what the step's script says. */
export async function startServerDriver(different: Partial<RegistrarOptions>): Promise<Driver> {
  const { matchingMode, ...registrar } = different;
  const clock = new SteppingClock();
  const warnings: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (_message, fields) => void warnings.push(String(fields?.dropped ?? 0)),
  };
  let script: Script = {};
  let report: LookupReport | undefined;
  let routed: () => void = () => {};

  async function request(ctx: RequestContext, { registrar: module, nathelper }: Modules): Promise<Handled> {
    routed();
    if (ctx.request.has('x-lookup')) {
      report = await lookUp(ctx, module);
      return ctx.reply(200);
    }
    if (ctx.request.has('x-registered'))
      return ctx.reply(200, (await module.registered(ctx)) ? 'registered' : 'not-registered');
    for (const flag of script.flags ?? []) ctx.flags.set(flag);
    if (script.fixNatedRegister === true) nathelper.fixNatedRegister(ctx);
    if (script.save === 'save_noreply') return module.saveNoreply(ctx);
    return script.save === 'save_memory' ? module.saveMemory(ctx) : module.save(ctx);
  }

  async function lookUp(ctx: RequestContext, module: Modules['registrar']): Promise<LookupReport> {
    const outcome = await module.lookup(ctx);
    const found = outcome === 'found';
    return {
      outcome: outcome === 'error' ? 'not-found' : outcome,
      targets: found ? [ctx.uri, ...ctx.branches.map(({ uri }) => uri)] : [],
      destinations: found ? [ctx.destinationUri, ...ctx.branches.map(({ destinationUri }) => destinationUri)] : [],
      messageFlags: flagNumbers(ctx.flags.word),
      branchFlags: ctx.branches.map(({ flags = 0 }) => flagNumbers(flags)),
      dropped: Number(warnings[0] ?? 0),
    };
  }

  const { server, udpPort, tcpPort } = await startServer(
    {
      listen: ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0', 'udp:127.0.0.1:0'],
      registrar,
      usrloc: { ...(matchingMode !== undefined && { matchingMode }) },
      routes: { request },
    },
    { clock, logger },
  );
  const peer = await UdpPeer.open(udpPort);
  const other = server.listeners.at(-1);
  let tcp: TcpPeer | undefined;

  const ask = async (method: string, uri: string, header: string): Promise<SipResponse> => {
    sequence += 1;
    peer.send(
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK-ask-${sequence}`,
        'From: <sip:asker@example.com>;tag=asker',
        'To: <sip:asked@example.com>',
        `Call-ID: ask-${sequence}`,
        `CSeq: 1 ${method}`,
        `${header}: 1`,
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n'),
    );
    return peer.response();
  };
  let sequence = 0;

  return {
    tokens: {
      source: `127.0.0.1:${peer.port}`,
      receiving: `udp:127.0.0.1:${udpPort}`,
      other: String(other),
      'other.address': `127.0.0.1:${other?.port}`,
      'other.old': `127.0.0.1_${other?.port}`,
    },
    checksRequestsFirst: true,
    makesTags: true,

    async register(text, given) {
      script = given;
      const seen = new Promise<void>((resolve) => {
        routed = resolve;
      });
      if (given.tcp === true) {
        tcp ??= await openFrom(tcpPort, peer.port);
        tcp.send(text);
        return tcp.next((message): message is SipResponse => message instanceof SipResponse);
      }
      peer.send(Buffer.from(text, 'latin1'));
      if (given.save !== 'save_noreply') return peer.response();
      await seen;
      // Whatever the script sent has left before the answer to a later request.
      await ask('OPTIONS', 'sip:asked@example.com', 'X-Registered');
      return peer.unread.length > 0 ? peer.response() : undefined;
    },

    async lookup(uri, method) {
      const reply = await ask(method, uri, 'X-Lookup');
      // What cannot be read is refused before any route: nothing is found.
      if (reply.status !== 200 || !report) return { ...nothing };
      return report;
    },

    async registered(uri) {
      return (await ask('OPTIONS', uri, 'X-Registered')).reason === 'registered';
    },

    async stored(aor) {
      return server.location.table('location').get(asAor(aor), clock.now());
    },

    async add(command) {
      const options = { ...registrarDefaults, ...different };
      await addContact(server.location, { ...command, table: 'location' }, options, clock.now(), () => 'added');
    },

    async wait(seconds) {
      clock.advance(seconds);
    },

    now: () => clock.now(),

    async close() {
      peer.close();
      tcp?.close();
      await server.stop();
    },
  };
}

const nothing: LookupReport = {
  outcome: 'not-found',
  targets: [],
  destinations: [],
  messageFlags: [],
  branchFlags: [],
  dropped: 0,
};

/** A connection from that very port; what another test has connected by it for a moment is waited for. */
async function openFrom(port: number, localPort: number): Promise<TcpPeer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await TcpPeer.open(port, localPort);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === 50) throw error;
      await sleep(200);
    }
  }
}

function flagNumbers(word: number): number[] {
  return Array.from({ length: 32 }, (_, flag) => flag).filter((flag) => (word & (1 << flag)) !== 0);
}
