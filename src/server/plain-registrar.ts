import { type Clock, wholeSecond } from '../base/clock.ts';
import type { Aor } from '../location/aor.ts';
import { asAor, asciiLowerCase } from '../location/aor.ts';
import type { LocationTable } from '../location/location.ts';
import { aorOf } from '../registrar/aor.ts';
import { decideRegister } from '../registrar/decide-register.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import { storedUserAgent } from '../registrar/read-register.ts';
import type { RegisterInput } from '../registrar/register-input.ts';
import { contactList } from '../registrar/register-reply.ts';
import { formatDate } from '../sip/headers/date.ts';
import { PlainRegister } from '../sip/plain-register.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri } from '../sip/uri.ts';
import { toLineText } from '../sip/wire-text.ts';
import type { StatelessReplies } from '../transaction/stateless.ts';
import { defaultPort, type Flow } from '../transport/flow.ts';
import type { Domains } from './domains.ts';

/** What a plain registrar is made of: the same parts that the built-in route's `save` works with. */
export interface PlainRegistrarParts {
  readonly options: RegistrarOptions;
  readonly table: LocationTable;
  readonly domains: Domains;
  readonly stateless: StatelessReplies;
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
  /** For a host as written: what an address of record ends with; undefined when it is not ours or no host. */
  #verdicts = new Map<string, string | undefined>();
  #verdictsAt = 0;
  #dateAt = -1;
  #ending = '';

  constructor(parts: PlainRegistrarParts) {
    this.#parts = parts;
  }

  /**
   * Serves one message if it is a plain REGISTER that is granted.
   *
   * @param bytes used during the call only
   * @returns whether it was answered; if not, nothing has changed
   */
  receive(flow: Flow, bytes: Buffer): boolean {
    const message = this.#message;
    if (!message.read(bytes)) return false;
    const { table, options, clock, ruid } = this.#parts;
    const now = wholeSecond(clock);
    const aor = this.#aorOf(message, now);
    if (aor === undefined) return false;
    const received = sourceToNote(message, flow);
    if (received === 'elsewhere') return false;

    const register: RegisterInput = {
      aor,
      contacts: [message.contact()],
      expires: message.expires,
      callId: message.callId,
      cseq: message.cseq,
      userAgent: storedUserAgent(message.userAgent),
      path: undefined,
      facts: {
        now,
        natted: false,
        sipPing: false,
        received: undefined,
        socket: flow.listener.toString(),
        flowId: flow.reliable ? flow.id : undefined,
        branchFlags: 0,
        memoryOnly: false,
        ruid,
      },
    };
    const result = table.update(aor, now, (bindings) => decideRegister(register, bindings, options, now));
    if (!result.ok) return false;

    const tag = this.#parts.stateless.toTagFor(message.viaHost, message.viaPort, message.viaBranch);
    let reply = message.replyHead(received, flow.remotePort, tag);
    if (result.bindings.length > 0) {
      reply += `Contact: ${toLineText(contactList(result.bindings, options, now))}\r\n`;
    }
    // A connection that is gone is the other way's business; it sees a retransmission and answers the same.
    return flow.send(Buffer.from(reply + this.#endingAt(now), 'latin1')) !== 'closed';
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

/**
 * The source address when it has to be noted in the Via (RFC 3261 §18.2.1, RFC 3581 §4), undefined when the Via says
 * it all, `'elsewhere'` when the reply does not go back to where the request came from.
 */
function sourceToNote(message: PlainRegister, flow: Flow): string | undefined {
  if (message.viaHasRport) return flow.remoteAddress;
  const isSource = message.viaHost === flow.remoteAddress;
  if (flow.reliable) return isSource ? undefined : flow.remoteAddress;
  return isSource && (message.viaPort ?? defaultPort('udp')) === flow.remotePort ? undefined : 'elsewhere';
}
