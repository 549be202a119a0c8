import type { Logger } from '../base/logger.ts';
import { isPromise, type MaybePromise, then } from '../base/maybe-promise.ts';
import type { Aor } from '../location/aor.ts';
import type { Binding } from '../location/binding.ts';
import type { Location, LocationTable } from '../location/location.ts';
import { StoreError } from '../location/store-error.ts';
import { aorOf } from '../registrar/aor.ts';
import { type LookupOutcome, type LookupResult, lookup, natMarks, registered } from '../registrar/lookup.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import type { RegisterFacts } from '../registrar/register-input.ts';
import { registerReply } from '../registrar/register-reply.ts';
import { save } from '../registrar/registrar.ts';
import {
  formatSocketDescription,
  parseSocketDescription,
  type SocketDescription,
  socketToStore,
} from '../registrar/socket-header.ts';
import type { Handled } from '../routing/handled.ts';
import type { RequestContext } from '../routing/request-context.ts';
import { isToken } from '../sip/char-class.ts';
import { isSipError } from '../sip/sip-error.ts';
import type { Listener, TransportName } from '../transport/flow.ts';
import type { PlainSave } from './plain-save.ts';

/** Which table a registrar function works on: the manual's *domain*. */
export interface TableOption {
  /** `location` when left out. */
  readonly table?: string;
}

/** How a `save` is made. */
export interface SaveOption extends TableOption {
  /** Whether the REGISTER is answered; true when left out. */
  readonly reply?: boolean;
  /** Whether no row is written even with a database; false when left out. */
  readonly memoryOnly?: boolean;
}

/** How a `save` ended. A route may return it as it is, or go on and replicate the request first. */
export interface Saved extends Handled {
  /** Whether the REGISTER was applied. */
  readonly ok: boolean;
  /** The status of the reply, whether it was sent or not. */
  readonly status: number;
}

/** What the registrar module needs around it. */
export interface RegistrarPort {
  readonly location: Location;
  readonly logger: Logger;
  /** Makes the identity of a new binding. */
  readonly ruid: () => string;
  /** Saves plain REGISTERs from bytes to bytes; without it, all of them become objects. */
  readonly plainSave?: PlainSave | undefined;
  /** The listeners by which sockets are stored and found again. */
  readonly sockets: {
    readonly listeners: readonly Listener[];
    listenerFor(transport: TransportName, address: string, port: number): Listener | undefined;
  };
}

/** The table that functions work on when none is named. */
export const defaultTable = 'location';

/** The order in which a socket without a transport is looked for (companions 1.7). */
const anyTransport: readonly TransportName[] = ['udp', 'tcp', 'tls'];

/** The six functions of the registrar's manual, for routes. */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #port: RegistrarPort;
  #lastFacts: RegisterFacts | undefined = undefined;
  #warnedBranches = false;
  #warnedSocket = false;

  constructor(options: RegistrarOptions, port: RegistrarPort) {
    this.#options = options;
    this.#port = port;
    // The usual table is there from the start, so that an operator can add contacts to it before the first REGISTER.
    port.location.table(defaultTable);
  }

  /**
   * `save(domain)`, manual 1.4.1: applies a REGISTER whole or not at all, and answers it.
   *
   * @returns to be returned by the route; `ok` says whether it was a 200. A promise while the database writes
   */
  save(context: RequestContext, options?: SaveOption): MaybePromise<Saved> {
    return this.#save(context, options, options?.reply ?? true, options?.memoryOnly ?? false);
  }

  /** `save_noreply(domain)`, manual 1.4.2: the same without a reply, neither on success nor on an error. */
  saveNoreply(context: RequestContext, options?: TableOption): MaybePromise<Saved> {
    return this.#save(context, options, false, false);
  }

  /** `save_memory(domain)`, manual 1.4.3: the same, reply included, and no row is written even with a database. */
  saveMemory(context: RequestContext, options?: TableOption): MaybePromise<Saved> {
    return this.#save(context, options, true, true);
  }

  /**
   * `lookup(domain)`, manual 1.4.4: rewrites the Request-URI with the best contact of its address of record, and
   * appends the others as branches. A promise in every case: a store may have to be asked.
   */
  lookup(context: RequestContext, options?: TableOption): Promise<LookupOutcome> {
    try {
      const outcome = this.maybeLookup(context, options);
      return isPromise(outcome) ? outcome : settled[outcome];
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** `lookup` that stays synchronous while the bindings are in memory. */
  maybeLookup(context: RequestContext, options?: TableOption): MaybePromise<LookupOutcome> {
    const aor = this.#aorOf(context);
    if (aor === undefined) return 'error';
    const found = lookup(aor, this.#table(options), this.#options, context.now, context.method);
    if (!isPromise(found)) return this.#send(context, aor, found);
    return found.then(
      (late) => this.#send(context, aor, late),
      (error: unknown) => {
        this.#storeFailed(aor, error);
        return 'error';
      },
    );
  }

  /** Whether the Request-URI has an address of record: then a lookup is an `error` only because the store failed. */
  hasAor(context: RequestContext): boolean {
    return this.#aorOf(context) !== undefined;
  }

  /**
   * `registered(domain)`, manual 1.4.5: whether the address of record in the Request-URI has a valid contact. A test of
   * the promise itself does not compile.
   */
  async registered(context: RequestContext, options?: TableOption): Promise<boolean> {
    return this.maybeRegistered(context, options);
  }

  /** `registered` that stays synchronous while the bindings are in memory. */
  maybeRegistered(context: RequestContext, options?: TableOption): MaybePromise<boolean> {
    const aor = this.#aorOf(context);
    if (aor === undefined) return false;
    const truth = registered(aor, this.#table(options), context.now);
    if (!isPromise(truth)) return truth;
    return truth.catch((error: unknown) => {
      this.#storeFailed(aor, error);
      return false;
    });
  }

  /**
   * `add_sock_hdr(hdr_name)`, manual 1.4.6: adds a header with the socket that the request came in on to the copy
   * that is forwarded.
   *
   * @returns false when `name` is no header name; nothing is added then
   */
  addSockHdr(context: RequestContext, name: string): boolean {
    if (!isToken(name)) return false;
    const value = formatSocketDescription(socketOf(context.flow.listener), this.#options.sockHdrProto);
    context.editForwarded((copy) => copy.append(name, value));
    return true;
  }

  #save(
    context: RequestContext,
    options: TableOption | undefined,
    answer: boolean,
    memoryOnly: boolean,
  ): MaybePromise<Saved> {
    const facts = this.#factsOf(context, memoryOnly);
    const table = this.#table(options);
    const plain = answer ? this.#savePlain(context, table, facts) : undefined;
    if (plain !== undefined) return plain;
    return then(save(context.request, table, this.#options, facts), (result) => {
      const reply = registerReply(result, this.#options, context.now);
      if (!answer) return result.ok ? quietly : refusedQuietly(reply.status);
      context.sendReply(reply.status, reply.reason, reply.headers);
      return result.ok ? saved : refused(reply.status);
    });
  }

  /** Saves and answers what nobody has made an object of; undefined when that is not possible: nothing has changed. */
  #savePlain(context: RequestContext, table: LocationTable, facts: RegisterFacts): MaybePromise<Saved> | undefined {
    const plain = context.unparsed?.plain;
    const { plainSave } = this.#port;
    if (plain === undefined || plainSave === undefined) return undefined;
    if (context.hasReplyHeaders || context.transaction !== undefined) return undefined;
    const aor = plainSave.aorOf(plain);
    const status = aor === undefined ? undefined : plainSave.save(plain, aor, table, facts, context.flow);
    if (status === undefined) return undefined;
    return then(status, (replied) => {
      context.noteReply(replied);
      return replied === 200 ? saved : refused(replied);
    });
  }

  /** What a route knows of a request beside its text; the same object while nothing differs from the request before. */
  #factsOf(context: RequestContext, memoryOnly: boolean): RegisterFacts {
    const { natFlag, natBflag, sipNatpingFlag, receivedAvp } = this.#options;
    const { flow, now } = context;
    const natted =
      (natFlag !== -1 && context.flags.has(natFlag)) || (natBflag !== -1 && context.branchFlags.has(natBflag));
    const sipPing = sipNatpingFlag !== -1 && context.flags.has(sipNatpingFlag);
    const avp = context.hasAvps ? context.avps.get(receivedAvp) : undefined;
    // An AVP with a number in it is no URI (spec of the registrar, D14).
    const received = typeof avp === 'string' ? avp : undefined;
    const socket = this.#socketFor(context);
    const flowId = flow.reliable ? flow.id : undefined;
    const branchFlags = context.branchFlagsWord;
    const last = this.#lastFacts;
    const isSame =
      last !== undefined &&
      last.now === now &&
      last.natted === natted &&
      last.sipPing === sipPing &&
      last.received === received &&
      last.socket === socket &&
      last.flowId === flowId &&
      last.branchFlags === branchFlags &&
      last.memoryOnly === memoryOnly;
    if (isSame) return last;
    const { ruid } = this.#port;
    const facts = { now, natted, sipPing, received, socket, flowId, branchFlags, memoryOnly, ruid };
    this.#lastFacts = facts;
    return facts;
  }

  // Decision 3: a header names the socket when sock_flag is set; one that is not ours leaves the receiving socket.
  #socketFor(context: RequestContext): string {
    const { sockFlag } = this.#options;
    const receiving = context.flow.listener.toString();
    if (sockFlag === -1 || !context.flags.has(sockFlag)) return receiving;
    const { socket, problem } = socketToStore(context.request, this.#options, receiving, (description) =>
      this.#findSocket(description)?.toString(),
    );
    if (problem !== undefined && !this.#warnedSocket) {
      this.#warnedSocket = true;
      this.#port.logger.warn(`${problem}; the receiving one is stored`, { receiving });
    }
    return socket;
  }

  #findSocket({ transport, host, port }: SocketDescription): Listener | undefined {
    const { sockets } = this.#port;
    if (transport !== undefined) return sockets.listenerFor(transport as TransportName, host, port);
    for (const candidate of anyTransport) {
      const listener = sockets.listenerFor(candidate, host, port);
      if (listener) return listener;
    }
    return undefined;
  }

  // A stored socket is a listener's own text; the list of listeners is short.
  #listenerOf(socket: string): Listener | undefined {
    for (const listener of this.#port.sockets.listeners) if (listener.toString() === socket) return listener;
    const description = parseSocketDescription(socket);
    return description && this.#findSocket(description);
  }

  /** Rewrites the Request-URI with the first target, and appends the others as branches. */
  #send(context: RequestContext, aor: Aor, { outcome, targets, dropped }: LookupResult): LookupOutcome {
    const first = targets[0];
    if (first === undefined) return outcome;
    if (dropped > 0) this.#warnBranches(aor, dropped);
    const marks = natMarks(targets, this.#options);
    context.flags.word |= marks.messageFlags;
    context.uri = first.contact;
    // Decision 17: a destination that was set before does not survive a lookup.
    context.destinationUri = first.received;
    context.path = first.path;
    context.q = first.q;
    context.flowId = first.flowId;
    context.branchFlags.word = marks.branchFlags[0] ?? 0;
    if (first.socket !== undefined) context.sendSocket = this.#listenerOf(first.socket);
    for (let index = 1; index < targets.length; index++) {
      this.#append(context, targets[index] as Binding, marks.branchFlags[index] ?? 0);
    }
    return outcome;
  }

  #storeFailed(aor: Aor, error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    this.#port.logger.debug('the store could not be asked', { aor, error: error.message });
  }

  #append(context: RequestContext, binding: Binding, flags: number): void {
    context.appendBranch({
      uri: binding.contact,
      destinationUri: binding.received,
      path: binding.path,
      q: binding.q,
      flags,
      flowId: binding.flowId,
      socket: binding.socket === undefined ? undefined : this.#listenerOf(binding.socket),
    });
  }

  #aorOf(context: RequestContext): Aor | undefined {
    const uri = context.parsedUri;
    if (isSipError(uri)) return undefined;
    const aor = aorOf(uri, this.#options);
    return typeof aor === 'string' ? aor : undefined;
  }

  #table(options: TableOption | undefined): LocationTable {
    return this.#port.location.table(options?.table ?? defaultTable);
  }

  #warnBranches(aor: Aor, dropped: number): void {
    if (this.#warnedBranches) return;
    this.#warnedBranches = true;
    this.#port.logger.warn('an address of record has more contacts than a request can fork to', { aor, dropped });
  }
}

function socketOf(listener: Listener): SocketDescription {
  return { transport: listener.transport, host: listener.advertisedHost, port: listener.advertisedPort };
}

/** A lookup that is over at once: the answers are few and always the same. */
const settled: Readonly<Record<LookupOutcome, Promise<LookupOutcome>>> = {
  found: Promise.resolve('found'),
  'not-found': Promise.resolve('not-found'),
  'method-not-allowed': Promise.resolve('method-not-allowed'),
  error: Promise.resolve('error'),
};

const saved = Object.freeze({ outcome: 'replied', ok: true, status: 200 }) as Saved;
const quietly = Object.freeze({ outcome: 'dropped', ok: true, status: 200 }) as Saved;

function refused(status: number): Saved {
  return { outcome: 'replied', ok: false, status } as Saved;
}

function refusedQuietly(status: number): Saved {
  return { outcome: 'dropped', ok: false, status } as Saved;
}
