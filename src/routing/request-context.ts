import { assert } from '../base/assert.ts';
import { maxBranches } from '../proxy/limits.ts';
import { type MaxForwardsOptions, type MaxForwardsOutcome, processMaxForwards } from '../proxy/max-forwards.ts';
import type { RecordRouteOptions } from '../proxy/record-route.ts';
import { createResponse } from '../sip/create-response.ts';
import { formatQ } from '../sip/headers/q-value.ts';
import { HeaderField, type SipRequest, type SipResponse } from '../sip/message.ts';
import { reasonPhrase } from '../sip/reason-phrases.ts';
import type { SipError } from '../sip/sip-error.ts';
import { parseUri, type Uri } from '../sip/uri.ts';
import type { PendingInvite } from '../transaction/pending-invite.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Flow, Listener } from '../transport/flow.ts';
import { markReceived } from '../transport/mark-received.ts';
import { Avps } from './avps.ts';
import { type ExtraBranch, maxBranchUriLength } from './branch-set.ts';
import type { RouteKind } from './define-module.ts';
import { Flags } from './flags.ts';
import { dropped, type Handled, replied } from './handled.ts';
import { UnparsedRegister } from './unparsed-register.ts';

/** A header to be added: its name and its value. */
export type HeaderLine = readonly [name: string, value: string];

/** What a reply may carry beside its status. */
export interface ReplyOptions {
  readonly headers?: readonly HeaderLine[];
}

/** What a request context needs of the engine around it. */
export interface ReplyPort {
  /**
   * Sends a reply: in the request's transaction when there is one, else statelessly.
   * @returns false when the reply could not leave
   */
  reply(context: RequestContext, response: SipResponse): boolean;
  /** The To tag for a reply made here; equal for retransmissions of one request (decision 30). */
  toTag(request: SipRequest): string;
  /** Hears of a reply that was sent by other means. */
  noteReply?(status: number): void;
}

/** What a request context is made of. */
export interface RequestContextParts {
  readonly request: SipRequest | UnparsedRegister;
  readonly flow: Flow;
  readonly now: number;
  readonly port: ReplyPort;
  readonly route?: RouteKind;
  /** AVPs to share with another context of the same request. */
  readonly avps?: Avps;
}

/**
 * One request on its way through the routes: the message, where it came from, and everything a route may decide
 * about it (Request-URI, destination, branches, flags, AVPs).
 */
export class RequestContext {
  /** The transport association the request came by (RFC 5626 §2.1). */
  readonly flow: Flow;
  /** The whole second in which the request arrived, epoch ms; every lifetime in this request counts from it. */
  readonly now: number;
  /** Which kind of route runs. */
  readonly route: RouteKind;
  /** Where to send it instead of the Request-URI (OpenSER's destination URI). */
  destinationUri: string | undefined = undefined;
  /** The listener to send from, whatever the routing table says (`force_send_socket`). */
  sendSocket: Listener | undefined = undefined;
  /** The connection that the Request-URI's target came by. */
  flowId: number | undefined = undefined;
  /** Route values to put in front for the Request-URI's branch: the binding's Path (RFC 3327). */
  path: string | undefined = undefined;
  /** How to record the route when the request is relayed; undefined: not at all (`record_route`). */
  recordRoute: RecordRouteOptions | undefined = undefined;
  /** Whether a route has counted this hop in Max-Forwards already (`mf_process_maxfwd_header`). */
  hopCounted = false;
  /** What answers the request statefully, once something does; replies go by it then. */
  transaction: Pick<ServerTransaction, 'respond'> | undefined = undefined;
  /** The INVITE's transaction while its route waits for something; a relay takes it over. */
  pending: PendingInvite | undefined = undefined;
  /** q of the Request-URI in thousandths, -1 when unspecified. */
  q = -1;

  #port: ReplyPort;
  #request: SipRequest | undefined = undefined;
  #unparsed: UnparsedRegister | undefined = undefined;
  /** A hop counted before the request was parsed. */
  #countedHop: MaxForwardsOptions | undefined = undefined;
  #uri: string | undefined = undefined;
  #parsedUri: Uri | SipError | undefined = undefined;
  // Most requests need none of these: they are made when somebody does.
  #flags: Flags | undefined = undefined;
  #branchFlags: Flags | undefined = undefined;
  #branches: ExtraBranch[] | undefined = undefined;
  #avps: Avps | undefined = undefined;
  #replyHeaders: HeaderLine[] | undefined = undefined;
  #edits: ((copy: SipRequest) => void)[] | undefined = undefined;
  #handled: Handled | undefined = undefined;

  constructor(parts: RequestContextParts) {
    if (parts.request instanceof UnparsedRegister) this.#unparsed = parts.request;
    else this.#request = parts.request;
    this.flow = parts.flow;
    this.now = parts.now;
    this.#port = parts.port;
    this.route = parts.route ?? 'request';
    this.#avps = parts.avps;
  }

  /** Message flags, 1 to 31. */
  get flags(): Flags {
    this.#flags ??= new Flags();
    return this.#flags;
  }

  /** Branch flags of the Request-URI's branch. */
  get branchFlags(): Flags {
    this.#branchFlags ??= new Flags();
    return this.#branchFlags;
  }

  /** The word of the branch flags; asking costs nothing, unlike `branchFlags`. */
  get branchFlagsWord(): number {
    return this.#branchFlags?.word ?? 0;
  }

  /** The request, as it came in. */
  get request(): SipRequest {
    return this.#request ?? this.#parse();
  }

  /** Undefined as soon as somebody has asked for the request as an object. */
  get unparsed(): UnparsedRegister | undefined {
    return this.#unparsed;
  }

  /** The request's method, as written. */
  get method(): string {
    return this.#unparsed === undefined ? this.request.method : 'REGISTER';
  }

  /** AVPs of this request. */
  get avps(): Avps {
    this.#avps ??= new Avps();
    return this.#avps;
  }

  /** The AVPs for another context of the same request: the same ones, so that neither misses what the other adds. */
  get sharedAvps(): Avps {
    return this.avps;
  }

  /** Whether any AVP was ever set; asking costs nothing, unlike `avps`. */
  get hasAvps(): boolean {
    return this.#avps !== undefined;
  }

  /** The Request-URI as it stands now: the rewritten one, else that of the request line. */
  get uri(): string {
    return this.#uri ?? this.#unparsed?.uri ?? this.request.uriText;
  }
  set uri(text: string) {
    this.#uri = text;
    this.#parsedUri = undefined;
  }

  /** The present Request-URI, parsed. */
  get parsedUri(): Uri | SipError {
    if (this.#uri === undefined) return this.#unparsed?.parsedUri ?? this.request.uri;
    this.#parsedUri ??= parseUri(this.#uri);
    return this.#parsedUri;
  }

  /** Counts one hop in the request (RFC 3261 §16.3 step 3); it is not counted again when the request is forwarded. */
  countHop(options: MaxForwardsOptions): MaxForwardsOutcome {
    this.hopCounted = true;
    const hops = this.#unparsed?.maxForwards ?? 0;
    if (hops === 0 || this.#countedHop !== undefined) return processMaxForwards(this.request, options);
    this.#countedHop = options;
    return 'decremented';
  }

  /** `revert_uri()`: the Request-URI of the request line again. */
  revertUri(): void {
    this.#uri = undefined;
    this.#parsedUri = undefined;
  }

  /** The branches beside the Request-URI, in the order they were appended. */
  get branches(): readonly ExtraBranch[] {
    return this.#branches ?? noBranches;
  }

  /**
   * `append_branch()`: one more place to send the request to.
   *
   * @param branch the place; without one, the present Request-URI and destination URI
   * @returns false when there are twelve already or the URI is too long; nothing is appended then
   */
  appendBranch(branch?: ExtraBranch): boolean {
    const added = branch ?? { uri: this.uri, destinationUri: this.destinationUri, q: this.q };
    if (this.branches.length >= maxBranches - 1) return false;
    if (added.uri.length > maxBranchUriLength) return false;
    this.#branches ??= [];
    this.#branches.push(added);
    return true;
  }

  /** Empties the set of branches: a relay has taken them. */
  clearBranches(): void {
    this.#branches = undefined;
  }

  /** `append_to_reply`: a header for every reply made here to this request. */
  appendToReply(name: string, value: string): void {
    this.#replyHeaders ??= [];
    this.#replyHeaders.push([name, value]);
  }

  /** A change to be made to the forwarded copy; the request that this route sees stays as it is. */
  editForwarded(edit: (copy: SipRequest) => void): void {
    this.#edits ??= [];
    this.#edits.push(edit);
  }

  /** Whether `editForwarded` was asked for anything. */
  get hasEdits(): boolean {
    return this.#edits !== undefined;
  }

  /** Applies what `editForwarded` asked for. */
  applyEdits(copy: SipRequest): void {
    for (const edit of this.#edits ?? []) edit(copy);
  }

  /** `force_rport()`: replies go to the source port, as if the top Via had `rport` (RFC 3581). */
  forceRport(): void {
    markReceived(this.request, this.flow, true);
  }

  /**
   * Answers the request: in its transaction when it has one, else statelessly.
   *
   * A 3xx gets a `Contact` of the rewritten Request-URI and the branches.
   *
   * @param status 100..699
   * @param reason the reason phrase; the usual one when left out
   */
  reply(status: number, reason: string = reasonPhrase(status), options?: ReplyOptions): Handled {
    this.sendReply(status, reason, options?.headers);
    return replied;
  }

  /**
   * Sends a reply and says whether it left; the request counts as handled when the status is final.
   * ACK is never answered (§17).
   */
  sendReply(status: number, reason: string, headers?: readonly HeaderLine[]): boolean {
    assert(Number.isInteger(status) && status >= 100 && status <= 699, `a status is 100 to 699, not ${status}`);
    if (this.method === 'ACK') return false;
    if (status >= 200) this.#handled = replied;
    const response = createResponse(this.request, status, reason, {
      toTag: status > 100 ? this.#port.toTag(this.request) : undefined,
      headers: this.#headersFor(status, headers),
      fields: commonFields,
    });
    return this.#port.reply(this, response);
  }

  /** A final reply was sent by other means than `sendReply`. */
  noteReply(status: number): void {
    this.#handled = replied;
    this.#port.noteReply?.(status);
  }

  /** Whether a reply would have more than the usual headers. */
  get hasReplyHeaders(): boolean {
    return this.#replyHeaders !== undefined;
  }

  /** Ends the request without an answer, on purpose. */
  drop(): Handled {
    return dropped;
  }

  /** What a final reply was sent with, when one was. */
  get handled(): Handled | undefined {
    return this.#handled;
  }

  /** Whether a final reply was sent, or a relay will send one. */
  get isTakenCareOf(): boolean {
    return this.#handled !== undefined || (this.transaction !== undefined && this.transaction !== this.pending);
  }

  /**
   * Whether routes have a transaction: one that they have asked for, or a relay's. The one that holds an INVITE while
   * its route waits is none of theirs.
   */
  get hasTransaction(): boolean {
    return this.transaction !== undefined && (this.transaction !== this.pending || this.pending.isAsked);
  }

  #parse(): SipRequest {
    assert(this.#unparsed !== undefined, 'a context has a request');
    const request = this.#unparsed.parse();
    this.#request = request;
    this.#unparsed = undefined;
    if (this.#countedHop !== undefined) processMaxForwards(request, this.#countedHop);
    return request;
  }

  #headersFor(status: number, headers: readonly HeaderLine[] = noHeaders): readonly HeaderLine[] {
    const contact = status >= 300 && status < 400 ? this.#redirectContact() : '';
    if (contact === '' && this.#replyHeaders === undefined) return headers;
    const all: HeaderLine[] = contact === '' ? [] : [['Contact', contact]];
    for (const header of headers) all.push(header);
    for (const header of this.#replyHeaders ?? noHeaders) all.push(header);
    return all;
  }

  // Companions 1.5: the rewritten Request-URI, then the branches; always in brackets, so that URI parameters
  // cannot be taken for header parameters.
  #redirectContact(): string {
    let contact = this.#uri === undefined ? '' : contactOf(this.#uri, this.q);
    for (const { uri, q } of this.branches) contact += contact === '' ? contactOf(uri, q) : `, ${contactOf(uri, q)}`;
    return contact;
  }
}

function contactOf(uri: string, q = -1): string {
  return q < 0 ? `<${uri}>` : `<${uri}>;q=${formatQ(q)}`;
}

const noHeaders: readonly HeaderLine[] = [];
const noBranches: readonly ExtraBranch[] = [];
/** What every reply made here has. */
const commonFields = [HeaderField.of('Server', 'Aorta')];
