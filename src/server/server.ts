import type { AdminServer } from '../admin/admin-server.ts';
import { type Clock, type Timer, wholeSecond } from '../base/clock.ts';
import { AortaError } from '../base/errors.ts';
import { type Logger, silentLogger } from '../base/logger.ts';
import { isPromise } from '../base/maybe-promise.ts';
import type { Random } from '../base/random.ts';
import type { Location, LocationEvent } from '../location/location.ts';
import type { PersistentLocation, StoreHealth } from '../location/persistence/persistent-location.ts';
import { defaultTable } from '../modules/registrar.ts';
import { DialogCookies } from '../proxy/dialog-cookie.ts';
import { forwardResponse } from '../proxy/stateless-response.ts';
import type { SipResponse } from '../sip/message.ts';
import { StatelessReplies } from '../transaction/stateless.ts';
import { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { DatagramDriver } from '../transport/datagram-driver.ts';
import type { Flow, Listener, TransportHandler } from '../transport/flow.ts';
import { TransportLayer } from '../transport/transport-layer.ts';
import { adminSubject } from './admin-subject.ts';
import { buildLocation } from './build-location.ts';
import { buildProxyPort, buildResolver } from './build-proxy-port.ts';
import { Connections } from './connections.ts';
import { Engine } from './engine.ts';
import type { EngineStats } from './engine-stats.ts';
import { finalReplyOf, InjectedFlow, type InjectOptions, injectedListener } from './inject.ts';
import { type AortaOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { buildProgram, type Machinery, type Program } from './program.ts';
import { systemClock } from './system-clock.ts';
import { SystemRandom } from './system-random.ts';

/** Addresses-of-record that one turn of the event loop looks at for expiry: about 2 ms of work. */
const COLLECT_AT_ONCE = 500;
/** What goes between such turns when more is due, milliseconds. */
const COLLECT_GAP_MS = 1;

/** What a server takes from its surroundings; the machine's own when left out. */
export interface Surroundings {
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** What drives UDP sockets. */
  readonly datagrams?: DatagramDriver;
  /** False: no REGISTER takes the short way. For tests that hold the two ways against each other. */
  readonly plainRegisters?: boolean;
}

/** What a server tells those who listen: `server.on('binding', …)`. */
export interface ServerEvents {
  /** A binding was inserted, updated, removed, or has expired; one order for all. */
  readonly binding: LocationEvent;
}

/**
 * Makes a server; nothing is bound until `start`.
 *
 * @throws AortaError `CONFIG_INVALID` with every problem of the options, its place and its remedy
 */
export function createServer(options: AortaOptions = {}, surroundings: Surroundings = {}): AortaServer {
  return new AortaServer(resolveOptions(options), surroundings);
}

/** A registrar and proxy: the composition of the layers. */
export class AortaServer {
  /** The bindings. Changes go through `location.table(name).update`, as the registrar's do. */
  readonly location: Location;
  readonly #persistent: PersistentLocation | undefined;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #transport: TransportLayer;
  readonly #transactions: TransactionLayer;
  readonly #machinery: Machinery;
  readonly #engine: Engine;
  #admin: AdminServer | undefined = undefined;
  #program: Program;
  readonly #connections = new Connections();
  /** Told when the server stops: injected requests that have no final reply yet. */
  readonly #injections = new Set<(error: AortaError) => void>();
  #collecting: Timer | undefined = undefined;
  #binding: Promise<void> | undefined = undefined;
  #stopping: Promise<void> | undefined = undefined;
  #state: 'new' | 'starting' | 'running' | 'stopped' = 'new';
  // Injected flows count down, so that they never meet a connection's id.
  #injectedFlows = 0;

  /** Use `createServer`. */
  constructor(options: ResolvedOptions, surroundings: Surroundings) {
    const logger = surroundings.logger ?? silentLogger;
    const clock = surroundings.clock ?? systemClock;
    const random = surroundings.random ?? new SystemRandom();
    this.#logger = logger;
    this.#clock = clock;
    const timerInterval = () => this.#program.options.modules.usrloc.timerInterval;
    const { location, persistent } = buildLocation(options, { clock, random, logger, timerInterval });
    this.location = location;
    this.#persistent = persistent;

    const handler: TransportHandler = {
      onMessage: (flow, bytes) => this.receive(flow, bytes),
      onFlowClosed: (flow, reason) => this.#flowClosed(flow, reason),
      onDropped: (reason, flow, problem, bytes) => this.#engine.onDropped(reason, flow, problem, bytes),
      onSendError: (flow, error) => this.#engine.onSendError(flow, error),
    };
    const resolver = buildResolver(options.listen, clock, random);
    const transport = new TransportLayer({
      listen: options.listen,
      handler,
      clock,
      logger,
      resolver,
      ...(surroundings.datagrams && { datagrams: surroundings.datagrams }),
    });
    this.#transport = transport;
    this.#transactions = new TransactionLayer(
      { clock, random, reply: (flow, via, bytes) => transport.sendReply(flow, via, bytes) },
      { frTimerMs: options.modules.tm.frTimer * 1000 },
      logger,
    );
    const transactions = this.#transactions;
    const proxy = buildProxyPort({ clock, random, logger, transport, transactions, resolver });
    const stateless = new StatelessReplies({ clock, random });
    this.#machinery = {
      ...{ location: this.location, clock, random, logger, transport, proxy, stateless },
      replies: {
        reply: (context, response) => this.#engine.reply(context, response),
        toTag: (request) => this.#engine.toTag(request),
      },
      cookies: new DialogCookies(random),
      flowOf: (flowId) => this.#connections.find(flowId),
      plainRegisters: surroundings.plainRegisters ?? true,
    };
    this.#program = buildProgram(options, this.#machinery);
    this.#engine = new Engine(
      {
        ...{ clock, logger, transport, transactions, stateless },
        // RFC 6026 §7.2: a response that no transaction waits for is not forwarded, unless its request was forwarded
        // without one; answers to pings end here.
        onStrayResponse: (response, flow) =>
          this.#program.pinger.absorb(response) || forwardResponse(proxy, response, flow),
      },
      this.#program,
    );
  }

  /** Where the server listens, with the real ports; empty before `start`. */
  get listeners(): readonly Listener[] {
    return this.#transport.listeners;
  }

  /**
   * Calls `listener` for every event of that name, in their order. A listener that throws or rejects is logged and
   * harms nobody.
   *
   * @returns takes the listener off again
   */
  on<E extends keyof ServerEvents>(_event: E, listener: (event: ServerEvents[E]) => void | Promise<void>): () => void {
    return this.location.onEvent((event) => {
      const done = listener(event);
      if (isPromise(done)) done.catch((error: unknown) => this.#logger.error('a listener failed', { error }));
    });
  }

  /** Where the admin API is reached, with the real port; undefined before `start`, and when it is off. */
  get adminUrl(): string | undefined {
    return this.#admin?.url;
  }

  /** What was counted since the start. */
  get stats(): EngineStats {
    return this.#engine.stats;
  }

  /**
   * Binds all listeners, the admin API last, or none, and begins to serve.
   *
   * @throws AortaError `TRANSPORT_ADDRESS_IN_USE` or `TRANSPORT_CANNOT_BIND`; the message names address and remedy
   */
  async start(): Promise<void> {
    if (this.#state !== 'new') throw notRunning(`a server starts once; it is ${this.#state}`);
    this.#state = 'starting';
    this.#warn(this.#program.options);
    this.#binding = this.#open();
    try {
      await this.#binding;
    } catch (error) {
      await this.#persistent?.close();
      throw error;
    }
    if (this.#state !== 'starting') throw notRunning('the server was stopped while it started');
    this.#state = 'running';
    this.#collect();
    this.#program.pinger.start();
  }

  /** The store first: what is looked up from the first request on has to be there. */
  async #open(): Promise<void> {
    const { store } = this.#program.options;
    const loaded = await this.#persistent?.open([defaultTable, ...store.tables, ...this.#program.tables]);
    if (loaded !== undefined) this.#logger.info('bindings loaded', { ...loaded });
    if (this.#state === 'starting') await this.#transport.start();
    if (this.#state === 'starting') await this.#startAdmin();
  }

  /** Loads its code only when somebody wants it. What cannot be had ends the start, and frees what was bound. */
  async #startAdmin(): Promise<void> {
    const { admin } = this.#program.options;
    if (admin === undefined) return;
    const { clock, random, logger } = this.#machinery;
    const state = () => (this.#state === 'running' ? 'running' : this.#state === 'stopped' ? 'stopping' : 'starting');
    const management = () => this.#program.options.modules.registrar;
    try {
      const { AdminServer } = await import('../admin/admin-server.ts');
      this.#admin = await AdminServer.start(admin, adminSubject(this, { clock, random, logger, state, management }));
    } catch (error) {
      await this.#transport.stop();
      throw error;
    }
  }

  /**
   * Does at once what else waits for `timer_interval`: collects what has expired, and writes what waits (`ul_flush`).
   *
   * @returns how many bindings had expired
   * @throws AortaError `SERVER_NOT_RUNNING`; a `StoreError` when the database fails
   */
  async flush(): Promise<number> {
    if (this.#state !== 'running') throw notRunning(`only a running server is flushed; it is ${this.#state}`);
    let expired = 0;
    for (;;) {
      expired += await this.location.collect(wholeSecond(this.#clock), COLLECT_AT_ONCE);
      if (!this.location.isCollecting || this.#state !== 'running') break;
      await new Promise<void>((resolve) => this.#clock.after(COLLECT_GAP_MS, resolve));
    }
    await this.#persistent?.flush();
    return expired;
  }

  /** How the database does; undefined when bindings are kept in memory only. */
  get storeHealth(): StoreHealth | undefined {
    return this.#persistent?.health;
  }

  /**
   * Takes other options while it runs: routes, domains, module parameters. Bindings, connections and transactions stay;
   * what is under way ends as it began. All or nothing.
   *
   * @throws AortaError `CONFIG_INVALID` with every problem; then nothing has changed. `SERVER_NOT_RUNNING`
   */
  reload(options: AortaOptions): void {
    if (this.#state !== 'running') throw notRunning(`only a running server is reloaded; it is ${this.#state}`);
    const resolved = resolveOptions(options);
    const program = buildProgram(resolved, this.#machinery);
    this.#warn(resolved);
    if (JSON.stringify(resolved.listen) !== JSON.stringify(this.#program.options.listen)) {
      this.#logger.warn('other addresses to listen on take effect with the next start');
    }
    if (JSON.stringify(resolved.store.url) !== JSON.stringify(this.#program.options.store.url)) {
      this.#logger.warn('another database takes effect with the next start');
    }
    if (JSON.stringify(resolved.admin) !== JSON.stringify(this.#program.options.admin)) {
      this.#logger.warn('another address or token of the admin API takes effect with the next start');
    }
    this.#program.pinger.stop();
    this.#program = program;
    this.#engine.handOver(program);
    program.pinger.start();
  }

  #warn({ warnings }: ResolvedOptions): void {
    for (const { place, message } of warnings) this.#logger.warn(`${place} ${message}`);
  }

  /** Stops serving, frees the ports and ends every connection. Calling it again waits for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#state = 'stopped';
    this.#collecting?.cancel();
    this.#program.pinger.stop();
    this.#transactions.stop();
    for (const reject of this.#injections) reject(notRunning('the server stopped before it had answered'));
    this.#injections.clear();
    // Whoever called `start` is told what it has failed with; here it has only to be over.
    await this.#binding?.catch(() => undefined);
    await this.#admin?.stop();
    // What was decided is written and answered before the sockets close.
    await this.#persistent?.flush().catch(() => undefined);
    await this.#transport.stop();
    await this.#persistent?.close();
  }

  /**
   * Handles a request as if it had come by a connection, without a socket: for tests, and for programs that have
   * SIP from elsewhere.
   *
   * @param message a whole request, as bytes or as text
   * @returns its final reply; rejects when the server stops before there is one
   */
  inject(message: Buffer | string, options: InjectOptions = {}): Promise<SipResponse> {
    const bytes = typeof message === 'string' ? Buffer.from(message) : message;
    return new Promise((resolve, reject) => {
      if (this.#state === 'stopped') {
        reject(notRunning('the server has stopped'));
        return;
      }
      this.#injections.add(reject);
      this.#injectedFlows -= 1;
      const listener = this.listeners.find(({ transport }) => transport === 'tcp') ?? injectedListener;
      const flow = new InjectedFlow(this.#injectedFlows, listener, options, (sent) => {
        const reply = finalReplyOf(sent);
        if (!reply) return;
        this.#injections.delete(reject);
        resolve(reply);
      });
      // Not among the connections: nothing can be sent to a contact by a flow that is not there after its reply.
      this.#engine.onMessage(flow, bytes);
    });
  }

  /** Takes one message as the transport layer delivers it, for programs that bring their own transport. */
  receive(flow: Flow, bytes: Buffer): void {
    this.#connections.note(flow);
    this.#engine.onMessage(flow, bytes);
  }

  #flowClosed(flow: Flow, reason: string): void {
    this.#connections.forget(flow);
    this.#engine.onFlowClosed(flow, reason);
  }

  /** Every second, a database every `timer_interval`; at once again while more has expired than one call may take. */
  #collect(): void {
    const { store, modules } = this.#program.options;
    const interval = store.mode === 'db-only' ? modules.usrloc.timerInterval : 1;
    const delayMs = this.location.isCollecting ? COLLECT_GAP_MS : interval * 1000;
    this.#collecting = this.#clock.after(delayMs, () => {
      const collected = this.location.collect(wholeSecond(this.#clock), COLLECT_AT_ONCE);
      if (!isPromise(collected)) this.#collect();
      else void this.#collectedLater(collected);
    });
  }

  async #collectedLater(collected: Promise<number>): Promise<void> {
    try {
      await collected;
    } catch (error) {
      this.#logger.debug('expired rows could not be removed', { error: String(error) });
    }
    if (this.#state === 'running') this.#collect();
  }
}

function notRunning(message: string): AortaError {
  return new AortaError('SERVER_NOT_RUNNING', message);
}
