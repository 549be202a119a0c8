import { type Clock, wholeSecond } from '../base/clock.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import type { LocationTable } from '../location/location.ts';
import type { PlainSave } from '../modules/plain-save.ts';
import type { RegisterFacts } from '../registrar/register-input.ts';
import type { Domains } from '../routing/domains.ts';
import { PlainRegister } from '../sip/plain-register.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri } from '../sip/uri.ts';
import type { Flow } from '../transport/flow.ts';

/** What a plain registrar is made of: the same parts that the built-in route's `save` works with. */
export interface PlainRegistrarParts {
  readonly save: PlainSave;
  readonly table: LocationTable;
  readonly domains: Domains;
  readonly clock: Clock;
  /** Makes the identity of a new binding. */
  readonly ruid: () => string;
}

/** How long a verdict on a host is believed: a wildcard listener's addresses may change, milliseconds. */
const verdictMs = 10_000;
/** Hosts that verdicts are kept for. Domains are few; whoever sends many different ones is no customer. */
const maxVerdicts = 256;

/** The built-in route's REGISTER from bytes to bytes, for what a `PlainRegister` can read and a `PlainSave` can grant. */
export class PlainRegistrar {
  readonly #parts: PlainRegistrarParts;
  readonly #message = new PlainRegister();
  #facts: RegisterFacts;
  #isBusy = false;
  /** For a host as written: whether it is ours. */
  #verdicts = new Map<string, boolean>();
  #verdictsAt = 0;

  constructor(parts: PlainRegistrarParts) {
    this.#parts = parts;
    this.#facts = factsOf(0, '', undefined, parts.ruid);
  }

  /**
   * Serves one message if it is a plain REGISTER that is granted.
   *
   * @param bytes used during the call only
   * @returns the status of the reply, once it has been sent; undefined when it is not for here: nothing has changed
   */
  receive(flow: Flow, bytes: Buffer): MaybePromise<number> | undefined {
    // What listens to the bindings may bring in another message: that one takes the way of all.
    if (this.#isBusy || !this.#message.read(bytes)) return undefined;
    this.#isBusy = true;
    try {
      return this.#serve(flow);
    } finally {
      this.#isBusy = false;
    }
  }

  #serve(flow: Flow): MaybePromise<number> | undefined {
    const message = this.#message;
    const { save, table, clock } = this.#parts;
    const now = wholeSecond(clock);
    const aor = this.#isOurs(message, now) ? save.aorOf(message) : undefined;
    return aor === undefined ? undefined : save.save(message, aor, table, this.#factsOf(flow, now), flow);
  }

  /** What the built-in route knows of a request: the same for all datagrams of a listener in one second. */
  #factsOf(flow: Flow, now: number): RegisterFacts {
    const socket = flow.listener.toString();
    const flowId = flow.reliable ? flow.id : undefined;
    const last = this.#facts;
    if (last.now === now && last.socket === socket && last.flowId === flowId) return last;
    this.#facts = factsOf(now, socket, flowId, this.#parts.ruid);
    return this.#facts;
  }

  /** RFC 3261 §10.3 step 1: whether both the Request-URI and the address of record are ours. */
  #isOurs({ requestHost, aorHost }: PlainRegister, now: number): boolean {
    if (now - this.#verdictsAt >= verdictMs || this.#verdicts.size > maxVerdicts) {
      this.#verdicts.clear();
      this.#verdictsAt = now;
    }
    return this.#verdictOn(aorHost) && (requestHost === aorHost || this.#verdictOn(requestHost));
  }

  #verdictOn(host: string): boolean {
    const known = this.#verdicts.get(host);
    if (known !== undefined) return known;
    const uri = parseUri(`sip:x@${host}`);
    const verdict = !isSipError(uri) && isSipUri(uri) && this.#parts.domains.isOurs(uri.host, uri.port);
    this.#verdicts.set(host, verdict);
    return verdict;
  }
}

/** No flag, no AVP and no header says anything else where the built-in route runs. */
function factsOf(now: number, socket: string, flowId: number | undefined, ruid: () => string): RegisterFacts {
  return {
    now,
    natted: false,
    sipPing: false,
    received: undefined,
    socket,
    flowId,
    branchFlags: 0,
    memoryOnly: false,
    ruid,
  };
}
