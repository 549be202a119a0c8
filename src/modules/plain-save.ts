import { assert } from '../base/assert.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import { type Aor, asAor, asciiLowerCase } from '../location/aor.ts';
import type { Binding } from '../location/binding.ts';
import type { Decision, LocationTable } from '../location/location.ts';
import { aorOf } from '../registrar/aor.ts';
import { decideRegister } from '../registrar/decide-register.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import { storedUserAgent } from '../registrar/read-register.ts';
import type { RegisterFacts, RegisterInput } from '../registrar/register-input.ts';
import { contactList, registerReply } from '../registrar/register-reply.ts';
import type { RegisterResult } from '../registrar/register-result.ts';
import { refuseUnstored } from '../registrar/registrar.ts';
import { formatDate } from '../sip/headers/date.ts';
import type { Via } from '../sip/headers/via.ts';
import type { PlainRegister } from '../sip/plain-register.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri, stripBrackets } from '../sip/uri.ts';
import { toLineText } from '../sip/wire-text.ts';
import type { TopViaBytes } from '../transaction/stateless.ts';
import { defaultPort, type Flow, sendText } from '../transport/flow.ts';

/** What the saving of plain REGISTERs needs around it. */
export interface PlainSaveParts {
  readonly options: RegistrarOptions;
  /** The To tag of a stateless reply (decision 30). */
  readonly stateless: { toTagOf(via: TopViaBytes): string };
  readonly transport: { sendReply(flow: Flow, via: Via, message: string): unknown };
}

/** Below the 256 of an address of record, so that its exact limit is the other path's business. */
const maxPlainAorLength = 200;
/** Hosts whose ending is kept. Domains are few; whoever sends many different ones is no customer. */
const maxEndings = 256;

/**
 * `save` for what a `PlainRegister` can read, from its bytes to the bytes of the reply. It decides nothing by itself:
 * the bindings come from `decideRegister`, and whatever is refused or unusual is left to the way of all messages, which
 * then finds the bindings untouched.
 */
export class PlainSave {
  readonly #parts: PlainSaveParts;
  /** The request in hand as `decideRegister` sees it, which keeps nothing of it. */
  readonly #register: { -readonly [Field in keyof RegisterInput]: RegisterInput[Field] };
  readonly #decide: (bindings: readonly Binding[]) => Decision<RegisterResult>;
  /** For a host as written: what an address of record ends with; undefined when it is no host. */
  readonly #endings: Map<string, string | undefined>;
  #lastLineAt: number;
  #lastLines: string;

  constructor(parts: PlainSaveParts) {
    const { options } = parts;
    this.#parts = parts;
    this.#register = {
      aor: asAor(''),
      contacts: [],
      expires: undefined,
      callId: '',
      cseq: 0,
      userAgent: '',
      path: undefined,
      facts: nothingKnown,
    };
    const register = this.#register;
    this.#decide = (bindings) => decideRegister(register, bindings, options, register.facts.now);
    this.#endings = new Map();
    this.#lastLineAt = -1;
    this.#lastLines = '';
  }

  /** RFC 3261 §10.3 step 5: the address of record; undefined when it is not for here to say. */
  aorOf({ user, aorHost }: PlainRegister): Aor | undefined {
    if (user.length + aorHost.length > maxPlainAorLength) return undefined;
    const ending = this.#endingOf(aorHost);
    if (ending === undefined) return undefined;
    return asAor((this.#parts.options.caseSensitive ? user : asciiLowerCase(user)) + ending);
  }

  /**
   * RFC 3261 §10.3 steps 6 to 8: changes the bindings and answers.
   *
   * @returns the status of the reply, once it has been sent; undefined when the request is not for here: nothing was
   * answered then and nothing has changed
   */
  save(
    message: PlainRegister,
    aor: Aor,
    table: LocationTable,
    facts: RegisterFacts,
    flow: Flow,
  ): MaybePromise<number> | undefined {
    // What is decided later would be decided on another message: there is one reader.
    if (!table.decidesAtOnce) return undefined;
    const contacts = message.contacts();
    // RFC 3261 §10.3 step 6: "*" needs an Expires of 0.
    if (isSipError(contacts) || (contacts === '*' && message.expires !== 0)) return undefined;
    const register = this.#register;
    register.aor = aor;
    register.contacts = contacts;
    register.expires = message.expires;
    register.callId = message.callId;
    register.cseq = message.cseq;
    register.userAgent = storedUserAgent(message.userAgent);
    register.facts = facts;
    let result: MaybePromise<RegisterResult>;
    try {
      result = table.update(aor, facts.now, this.#decide);
    } catch {
      // It throws again on the way of all messages, where a route that throws is logged and answered 500, and a store
      // that fails 503.
      return undefined;
    }
    if (isPromise(result)) return this.#replyLater(message, result, flow, facts.now);
    if (!result.ok) return undefined;
    this.#send(message, flow, this.#headOf(message, flow) + this.#linesOf(result.bindings, facts.now));
    return 200;
  }

  /** Answers when the database has written; the message that is in hand then is another one. */
  #replyLater(message: PlainRegister, result: Promise<RegisterResult>, flow: Flow, now: number): Promise<number> {
    const head = this.#headOf(message, flow);
    const via = goesBackBy(flow, message) && !flow.reliable ? undefined : readVia(message);
    return result.catch(refuseUnstored).then((settled) => {
      if (settled.ok) {
        this.#sendLater(via, flow, head + this.#linesOf(settled.bindings, now));
        return 200;
      }
      const { status, reason, headers } = registerReply(settled, this.#parts.options, now);
      let reply = `SIP/2.0 ${status} ${reason}${head.slice(head.indexOf('\r\n'))}`;
      for (const [name, value] of headers) reply += `${name}: ${toLineText(value)}\r\n`;
      this.#sendLater(via, flow, `${reply}Server: Aorta\r\nContent-Length: 0\r\n\r\n`);
      return status;
    });
  }

  /** The status line of a 200 and what a reply repeats of its request. */
  #headOf(message: PlainRegister, flow: Flow): string {
    const isNamed = message.viaHasRport || stripBrackets(message.viaHost) !== flow.remoteAddress;
    const received = isNamed ? flow.remoteAddress : undefined;
    return message.replyHead(received, flow.remotePort, this.#parts.stateless.toTagOf(message));
  }

  /** What a 200 has besides: the bindings (RFC 3261 §10.3 step 8). */
  #linesOf(bindings: readonly Binding[], now: number): string {
    const contacts =
      bindings.length > 0 ? `Contact: ${toLineText(contactList(bindings, this.#parts.options, now))}\r\n` : '';
    return contacts + this.#linesAt(now);
  }

  #send(message: PlainRegister, flow: Flow, reply: string): void {
    const goesBack = goesBackBy(flow, message);
    if (!goesBack || (sendText(flow, reply) === 'closed' && flow.reliable))
      this.#sendByVia(readVia(message), flow, reply);
  }

  #sendLater(via: Via | undefined, flow: Flow, reply: string): void {
    if (via === undefined) sendText(flow, reply);
    else this.#sendByVia(via, flow, reply);
  }

  /** For a Via that names another port than the source's, and for a connection that is gone. */
  #sendByVia(via: Via, flow: Flow, reply: string): void {
    this.#parts.transport.sendReply(flow, via, reply);
  }

  #endingOf(host: string): string | undefined {
    const known = this.#endings.get(host);
    if (known !== undefined || this.#endings.has(host)) return known;
    if (this.#endings.size >= maxEndings) this.#endings.clear();
    const uri = parseUri(`sip:x@${host}`);
    const aor = isSipError(uri) || !isSipUri(uri) ? undefined : aorOf(uri, this.#parts.options);
    const ending = typeof aor === 'string' ? aor.slice(1) : undefined;
    this.#endings.set(host, ending);
    return ending;
  }

  #linesAt(now: number): string {
    if (now !== this.#lastLineAt) {
      this.#lastLineAt = now;
      this.#lastLines = `Date: ${formatDate(now)}\r\nServer: Aorta\r\nContent-Length: 0\r\n\r\n`;
    }
    return this.#lastLines;
  }
}

function readVia(message: PlainRegister): Via {
  const via = message.via();
  assert(!isSipError(via), 'the Via of a plain REGISTER can be read');
  return via;
}

/** Whether the reply goes back to where the request came from, as nearly all do (RFC 3261 §18.2.2, RFC 3581 §4). */
function goesBackBy(flow: Flow, { viaHasRport, viaPort }: PlainRegister): boolean {
  if (flow.transport !== 'udp') return flow.open;
  return viaHasRport || (viaPort ?? defaultPort('udp')) === flow.remotePort;
}

const nothingKnown: RegisterFacts = {
  now: 0,
  natted: false,
  sipPing: false,
  received: undefined,
  socket: '',
  flowId: undefined,
  branchFlags: 0,
  memoryOnly: false,
  ruid: () => '',
};
