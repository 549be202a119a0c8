import assert from 'node:assert/strict';
import { AortaError } from '../../base/errors.ts';
import type { LogFields, Logger } from '../../base/logger.ts';
import type { MaybePromise } from '../../base/maybe-promise.ts';
import { createResponse } from '../../sip/create-response.ts';
import type { Via } from '../../sip/headers/via.ts';
import { SipRequest, SipResponse } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parser.ts';
import { SipError } from '../../sip/sip-error.ts';
import { hostIsIpLiteral, type SipUri, stripBrackets } from '../../sip/uri.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakeRandom } from '../../testing/fake-random.ts';
import { TransactionLayer, type TransactionSettings } from '../../transaction/transaction-layer.ts';
import {
  type Flow,
  type Hop,
  type Listener,
  type SendResult,
  sendText,
  type TransportName,
} from '../../transport/flow.ts';
import type { Branch } from '../branch.ts';
import type { ProxyPort } from '../proxy-port.ts';
import { type Relay, type RelayOptions, relayRequest } from '../relay.ts';
import { StatelessMarks } from '../stateless-mark.ts';
import type { Target } from '../target.ts';

/** The listener of a transport at the proxy's address, or at another one. */
export function listener(transport: TransportName, address = '192.0.2.1', port = 5060): Listener {
  const advertisedHost = address.includes(':') ? `[${address}]` : address;
  return { transport, address, port, advertisedHost, advertisedPort: port };
}

/** A flow that keeps what is sent on it. */
export class RecordingFlow implements Flow {
  readonly id: number;
  readonly transport: TransportName;
  readonly listener: Listener;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly reliable: boolean;
  open = true;
  result: SendResult = 'sent';
  readonly sent: (SipRequest | SipResponse)[] = [];
  readonly sentBytes: Buffer[] = [];

  constructor(id: number, hop: Hop, own: Listener) {
    this.id = id;
    this.transport = hop.transport;
    this.listener = own;
    this.localAddress = own.address;
    this.localPort = own.port;
    this.remoteAddress = hop.address;
    this.remotePort = hop.port;
    this.reliable = hop.transport !== 'udp';
  }

  send(bytes: Buffer): SendResult {
    if (this.result !== 'sent') return this.result;
    const message = parseMessage(bytes);
    assert(
      !(message instanceof SipError),
      `what is sent can be parsed: ${message instanceof SipError && message.message}`,
    );
    this.sent.push(message);
    this.sentBytes.push(bytes);
    return 'sent';
  }

  /** The requests sent on it, CANCEL and ACK included. */
  get requests(): SipRequest[] {
    return this.sent.filter((message) => message instanceof SipRequest);
  }

  get responses(): SipResponse[] {
    return this.sent.filter((message) => message instanceof SipResponse);
  }
}

/** What a caller sends unless a test says otherwise. */
export interface RequestText {
  readonly method?: string;
  readonly uri?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly toTag?: string;
  readonly maxForwards?: number | undefined;
  readonly branch?: string;
  readonly callId?: string;
  readonly cseq?: number;
}

/** A request as bytes of the wire, parsed. */
export function request(parts: RequestText = {}): SipRequest {
  const method = parts.method ?? 'INVITE';
  const body = parts.body ?? '';
  const maxForwards = 'maxForwards' in parts ? parts.maxForwards : 70;
  const lines = [
    `${method} ${parts.uri ?? 'sip:bob@example.org'} SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.50:5060;branch=${parts.branch ?? 'z9hG4bKcaller1'}`,
    ...(maxForwards === undefined ? [] : [`Max-Forwards: ${maxForwards}`]),
    'From: Alice <sip:alice@example.com>;tag=a1',
    `To: Bob <sip:bob@example.org>${parts.toTag ? `;tag=${parts.toTag}` : ''}`,
    `Call-ID: ${parts.callId ?? 'call-1@192.0.2.50'}`,
    `CSeq: ${parts.cseq ?? 1} ${method}`,
    ...(method === 'INVITE' ? ['Contact: <sip:alice@192.0.2.50>'] : []),
    ...(parts.headers ?? []),
    `Content-Length: ${body.length}`,
  ];
  return parse(`${lines.join('\r\n')}\r\n\r\n${body}`, SipRequest);
}

function parse<T>(text: string, kind: abstract new (...args: never[]) => T): T {
  const message = parseMessage(Buffer.from(text, 'latin1'));
  assert(message instanceof kind, message instanceof SipError ? message.message : 'the kind of message asked for');
  return message;
}

/**
 * A proxy on a bench: a real transaction layer, flows that record, a clock that stands still. Hosts resolve as `dns`
 * says, an IP address to itself by UDP.
 */
export class ProxyBench implements ProxyPort {
  readonly clock = new FakeClock();
  readonly random = new FakeRandom();
  readonly statelessMarks = new StatelessMarks(new FakeRandom());
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  readonly logger: Logger;
  readonly transactions: TransactionLayer;
  readonly listeners: readonly Listener[] = [listener('udp'), listener('tcp'), listener('udp', '2001:db8::1')];
  /** What names resolve to; a promise for what is not cached. */
  readonly dns = new Map<string, MaybePromise<readonly Hop[] | SipError>>();
  /** Hops, as `udp:192.0.2.7:5060`, that cannot be reached. */
  readonly unreachable = new Set<string>();
  /** Hops that take a turn of the event loop to be reached. */
  readonly slow = new Set<string>();
  /** All flows by their hop, in the order in which they were opened. */
  readonly flows = new Map<string, RecordingFlow>();
  /** Replies that were sent without a transaction. */
  readonly statelessReplies: SipResponse[] = [];
  readonly caller: RecordingFlow;
  /** Whose host and port are ours. */
  readonly ours = new Set(['192.0.2.1', '[2001:db8::1]', 'proxy.example.org']);

  constructor(settings: Partial<TransactionSettings> = {}) {
    this.logger = {
      debug() {},
      info() {},
      warn: (message: string) => void this.warnings.push(message),
      error: (message: string, fields?: LogFields) => void this.errors.push(`${message}: ${String(fields?.error)}`),
    };
    const reply = (flow: Flow, _via: Via, message: string) => sendText(flow, message);
    this.transactions = new TransactionLayer({ clock: this.clock, random: this.random, reply }, settings, this.logger);
    this.caller = this.openFlow({ transport: 'udp', address: '192.0.2.50', port: 5060 });
  }

  isOurs(host: string, port: number | undefined): boolean {
    return this.ours.has(host.toLowerCase()) && (port === undefined || port === 5060);
  }

  resolve(uri: SipUri): MaybePromise<readonly Hop[] | SipError> {
    const known = this.dns.get(uri.host);
    if (known) return known;
    const host = uri.params.get('maddr') ?? uri.host;
    if (!hostIsIpLiteral(host)) return new SipError('SIP_BAD_HOST', 'no such host');
    const transport = uri.params.get('transport')?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
    return [{ transport, address: stripBrackets(host), port: uri.port ?? 5060 }];
  }

  flowTo(hop: Hop, from?: Listener): MaybePromise<Flow | AortaError> {
    const name = hopName(hop);
    if (this.unreachable.has(name)) return new AortaError('TRANSPORT_CONNECT_FAILED', `${name} is closed`);
    const flow = this.flows.get(name) ?? this.openFlow(hop, from);
    return this.slow.has(name) ? Promise.resolve(flow) : flow;
  }

  sendReply(flow: Flow, _topVia: Via, bytes: Buffer): void {
    this.statelessReplies.push(parse(bytes.toString('latin1'), SipResponse));
    flow.send(bytes);
  }

  openFlow(hop: Hop, from?: Listener): RecordingFlow {
    const own = from ?? listener(hop.transport, hop.address.includes(':') ? '2001:db8::1' : '192.0.2.1');
    const flow = new RecordingFlow(this.flows.size + 1, hop, own);
    this.flows.set(hopName(hop), flow);
    return flow;
  }

  /** The flow to a host, which something was sent on. */
  to(address: string, transport: TransportName = 'udp', port = 5060): RecordingFlow {
    const flow = this.flows.get(hopName({ transport, address, port }));
    assert(flow, `something was sent to ${transport}:${address}:${port}`);
    return flow;
  }

  /** How often something was sent there. */
  countTo(address: string, transport: TransportName = 'udp'): number {
    return this.flows.get(hopName({ transport, address, port: 5060 }))?.sent.length ?? 0;
  }

  /** Relays a request that came from the caller. */
  relay(targets: readonly Target[], options: RelayOptions = {}, message: SipRequest = request()): Relay {
    const relay = relayRequest(this, message, this.caller, targets, options);
    assert(typeof relay !== 'string', 'the request is a new one');
    return relay;
  }

  /** The callee at an address answers the last request that it got of that method. */
  answer(address: string, status: number, extra: AnswerExtra = {}): void {
    const flow = this.to(address, extra.transport);
    const asked = flow.requests.findLast(({ method }) => method === (extra.method ?? requestMethodOf(flow)));
    assert(asked, `${address} was asked`);
    this.answerTo(flow, asked, status, extra);
  }

  /** Answers one request in particular. @returns whether a client transaction took the answer */
  answerTo(flow: RecordingFlow, asked: SipRequest, status: number, extra: AnswerExtra = {}): boolean {
    const toTag = status > 100 ? (extra.toTag ?? `callee-${flow.remoteAddress}`) : undefined;
    const headers = extra.headers ?? [];
    const response = createResponse(asked, status, undefined, { headers, ...(toTag !== undefined && { toTag }) });
    return this.transactions.receiveResponse(parse(response.toWire(), SipResponse), flow);
  }

  /** The caller cancels its INVITE. */
  callerCancels(headers: readonly string[] = []): void {
    const cancel = request({ method: 'CANCEL', headers });
    assert.equal(this.transactions.answerCancel(cancel, this.caller), 'answered');
  }

  /** The status codes of all replies to the caller's request, in order; without those to its CANCEL. */
  get upstream(): number[] {
    return this.upstreamResponses.map(({ status }) => status);
  }

  get upstreamResponses(): SipResponse[] {
    return this.caller.responses.filter((response) => !(response.header('cseq') ?? '').endsWith('CANCEL'));
  }

  /** The final ones, each once: what a retransmission repeats is the same message. */
  get finals(): SipResponse[] {
    const seen = new Set<string>();
    return this.upstreamResponses.filter((response) => {
      const text = response.toWire();
      return response.status >= 200 && !seen.has(text) && seen.add(text);
    });
  }
}

/** How an answer differs from the plain one. */
export interface AnswerExtra {
  readonly transport?: TransportName;
  readonly method?: string;
  readonly toTag?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** What the branches of a relay came to. */
export function statuses(branches: readonly Branch[]): number[] {
  return branches.map(({ status }) => status);
}

function requestMethodOf(flow: RecordingFlow): string {
  return flow.requests.find(({ method }) => method !== 'CANCEL' && method !== 'ACK')?.method ?? '';
}

function hopName(hop: Hop): string {
  return `${hop.transport}:${hop.address}:${hop.port}`;
}
