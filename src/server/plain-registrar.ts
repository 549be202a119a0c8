import { assert } from '../base/assert.ts';
import { type Clock, wholeSecond } from '../base/clock.ts';
import type { Aor } from '../location/aor.ts';
import { asAor, asciiLowerCase } from '../location/aor.ts';
import type { Binding } from '../location/binding.ts';
import type { Decision, LocationTable } from '../location/location.ts';
import { aorOf } from '../registrar/aor.ts';
import { decideRegister } from '../registrar/decide-register.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import { storedUserAgent } from '../registrar/read-register.ts';
import type { RegisterFacts, RegisterInput } from '../registrar/register-input.ts';
import { contactList } from '../registrar/register-reply.ts';
import type { RegisterResult } from '../registrar/register-result.ts';
import type { Domains } from '../routing/domains.ts';
import type { Contact } from '../sip/headers/contact.ts';
import { formatDate } from '../sip/headers/date.ts';
import { PlainRegister } from '../sip/plain-register.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri, stripBrackets } from '../sip/uri.ts';
import { toLineText } from '../sip/wire-text.ts';
import type { StatelessReplies } from '../transaction/stateless.ts';
import { defaultPort, type Flow, sendText } from '../transport/flow.ts';
import type { TransportLayer } from '../transport/transport-layer.ts';

/** What a plain registrar is made of: the same parts that the built-in route's `save` works with. */
export interface PlainRegistrarParts {
  readonly options: RegistrarOptions;
  readonly table: LocationTable;
  readonly domains: Domains;
  readonly stateless: StatelessReplies;
  readonly transport: Pick<TransportLayer, 'sendReply'>;
  readonly clock: Clock;
  /** Makes the identity of a new binding. */
  readonly ruid: () => string;
}

/** How long a verdict on a host is believed: a wildcard listener's addresses may change, milliseconds. */
const verdictMs = 10_000;
/** Hosts that verdicts are kept for. Domains are few; whoever sends many different ones is no customer. */
const maxVerdicts = 256;
/** Below the 256 of an address of record, so that its exact limit is the other path's business. */
const maxPlainAorLength = 200;

/**
 * The built-in route's REGISTER from bytes to bytes, for what a `PlainRegister` can read. It decides nothing by itself:
 * the bindings come from `decideRegister`, and whatever is refused or unusual is left to the way of all messages,
 * which then finds the bindings untouched.
 */
export class PlainRegistrar {
  readonly #parts: PlainRegistrarParts;
  readonly #message = new PlainRegister();
  /** The request in hand as `decideRegister` sees it, which keeps nothing of it. */
  readonly #register: { -readonly [Field in keyof RegisterInput]: RegisterInput[Field] };
  readonly #decide: (bindings: readonly Binding[]) => Decision<RegisterResult>;
  #isBusy = false;
  /** For a host as written: what an address of record ends with; undefined when it is not ours or no host. */
  #verdicts = new Map<string, string | undefined>();
  #verdictsAt = 0;
  #dateAt = -1;
  #ending = '';

  constructor(parts: PlainRegistrarParts) {
    const { options, ruid } = parts;
    this.#parts = parts;
    this.#register = {
      aor: asAor(''),
      contacts: [],
      expires: undefined,
      callId: '',
      cseq: 0,
      userAgent: '',
      path: undefined,
      facts: factsOf(0, '', undefined, ruid),
    };
    const register = this.#register;
    this.#decide = (bindings) => decideRegister(register, bindings, options, register.facts.now);
  }

  /**
   * Serves one message if it is a plain REGISTER that is granted.
   *
   * @param bytes used during the call only
   * @returns whether it was answered; if not, nothing has changed
   */
  receive(flow: Flow, bytes: Buffer): boolean {
    // What listens to the bindings may bring in another message: that one takes the way of all.
    if (this.#isBusy || !this.#message.read(bytes)) return false;
    this.#isBusy = true;
    try {
      return this.#serve(flow);
    } finally {
      this.#isBusy = false;
    }
  }

  #serve(flow: Flow): boolean {
    const message = this.#message;
    const now = wholeSecond(this.#parts.clock);
    const aor = this.#aorOf(message, now);
    const contacts = message.contacts();
    if (aor === undefined || isSipError(contacts)) return false;
    // RFC 3261 §10.3 step 6: "*" needs an Expires of 0.
    if (contacts === '*' && message.expires !== 0) return false;
    const bindings = this.#save(aor, contacts, flow, now);
    if (bindings === undefined) return false;
    this.#reply(bindings, flow, now);
    return true;
  }

  /** RFC 3261 §10.3 steps 6 and 7; undefined when the request is refused. */
  #save(aor: Aor, contacts: readonly Contact[] | '*', flow: Flow, now: number): readonly Binding[] | undefined {
    const message = this.#message;
    const register = this.#register;
    register.aor = aor;
    register.contacts = contacts;
    register.expires = message.expires;
    register.callId = message.callId;
    register.cseq = message.cseq;
    register.userAgent = storedUserAgent(message.userAgent);
    register.facts = this.#factsOf(flow, now);
    try {
      const result = this.#parts.table.update(aor, now, this.#decide);
      return result.ok ? result.bindings : undefined;
    } catch {
      // It throws again on the way of all messages, where a route that throws is logged and answered 500.
      return undefined;
    }
  }

  /** What the built-in route knows of a request: the same for all datagrams of a listener in one second. */
  #factsOf(flow: Flow, now: number): RegisterFacts {
    const socket = flow.listener.toString();
    const flowId = flow.reliable ? flow.id : undefined;
    const last = this.#register.facts;
    if (last.now === now && last.socket === socket && last.flowId === flowId) return last;
    return factsOf(now, socket, flowId, this.#parts.ruid);
  }

  /** RFC 3261 §10.3 step 8. */
  #reply(bindings: readonly Binding[], flow: Flow, now: number): void {
    const message = this.#message;
    const isNamed = message.viaHasRport || stripBrackets(message.viaHost) !== flow.remoteAddress;
    const received = isNamed ? flow.remoteAddress : undefined;
    let reply = message.replyHead(received, flow.remotePort, this.#parts.stateless.toTagOf(message));
    if (bindings.length > 0) reply += `Contact: ${toLineText(contactList(bindings, this.#parts.options, now))}\r\n`;
    reply += this.#endingAt(now);
    if (!this.#goesBack(flow) || (sendText(flow, reply) === 'closed' && flow.reliable)) this.#sendByVia(flow, reply);
  }

  /** Whether the reply goes back to where the request came from, as nearly all do (RFC 3261 §18.2.2, RFC 3581 §4). */
  #goesBack(flow: Flow): boolean {
    const { viaHasRport, viaPort } = this.#message;
    if (flow.transport !== 'udp') return flow.open;
    return viaHasRport || (viaPort ?? defaultPort('udp')) === flow.remotePort;
  }

  /** For a Via that names another port than the source's, and for a connection that is gone. */
  #sendByVia(flow: Flow, reply: string): void {
    const via = this.#message.via();
    assert(!isSipError(via), 'the Via of a plain REGISTER can be read');
    this.#parts.transport.sendReply(flow, via, Buffer.from(reply, 'latin1'));
  }

  /** RFC 3261 §10.3 steps 1 and 5: the address of record, when both it and the Request-URI are ours. */
  #aorOf(message: PlainRegister, now: number): Aor | undefined {
    if (now - this.#verdictsAt >= verdictMs || this.#verdicts.size > maxVerdicts) {
      this.#verdicts.clear();
      this.#verdictsAt = now;
    }
    const { requestHost, aorHost, user } = message;
    if (user.length + aorHost.length > maxPlainAorLength) return undefined;
    const ending = this.#verdictOn(aorHost);
    if (ending === undefined) return undefined;
    if (requestHost !== aorHost && this.#verdictOn(requestHost) === undefined) return undefined;
    return asAor((this.#parts.options.caseSensitive ? user : asciiLowerCase(user)) + ending);
  }

  #verdictOn(host: string): string | undefined {
    const known = this.#verdicts.get(host);
    if (known !== undefined || this.#verdicts.has(host)) return known;
    const verdict = this.#judge(host);
    this.#verdicts.set(host, verdict);
    return verdict;
  }

  #judge(host: string): string | undefined {
    const uri = parseUri(`sip:x@${host}`);
    if (isSipError(uri) || !isSipUri(uri) || !this.#parts.domains.isOurs(uri.host, uri.port)) return undefined;
    const aor = aorOf(uri, this.#parts.options);
    return typeof aor === 'string' ? aor.slice(1) : undefined;
  }

  #endingAt(now: number): string {
    if (now !== this.#dateAt) {
      this.#dateAt = now;
      this.#ending = `Date: ${formatDate(now)}\r\nServer: Aorta\r\nContent-Length: 0\r\n\r\n`;
    }
    return this.#ending;
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
