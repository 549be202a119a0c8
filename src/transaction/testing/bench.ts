import assert from 'node:assert/strict';
import { type Logger, silentLogger } from '../../base/logger.ts';
import { createResponse } from '../../sip/create-response.ts';
import type { Via } from '../../sip/headers/via.ts';
import { SipRequest, SipResponse } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parser.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakeRandom } from '../../testing/fake-random.ts';
import { type Flow, type Listener, type SendResult, sendText, type TransportName } from '../../transport/flow.ts';
import type { ClientTransaction, ClientTransactionUser } from '../client-transaction.ts';
import type { ServerTransaction, ServerTransactionUser } from '../server-transaction.ts';
import { TransactionLayer, type TransactionSettings } from '../transaction-layer.ts';
import type { TransactionPort } from '../transaction-port.ts';

const listener: Listener = {
  transport: 'udp',
  address: '192.0.2.1',
  port: 5060,
  advertisedHost: '192.0.2.1',
  advertisedPort: 5060,
};

/** A flow that writes down what is sent on it. */
export class RecordingFlow implements Flow {
  readonly id: number;
  readonly transport: TransportName;
  readonly listener = listener;
  readonly localAddress = '192.0.2.1';
  readonly localPort = 5060;
  readonly remoteAddress = '192.0.2.2';
  readonly remotePort = 5070;
  readonly reliable: boolean;
  readonly open = true;
  /** What the next sends come to. */
  result: SendResult = 'sent';
  readonly sent: Buffer[] = [];
  readonly #note: (event: string) => void;

  constructor(id: number, transport: TransportName, note: (event: string) => void) {
    this.id = id;
    this.transport = transport;
    this.reliable = transport !== 'udp';
    this.#note = note;
  }

  send(bytes: Buffer): SendResult {
    if (this.result === 'sent') this.sent.push(bytes);
    this.#note(`${this.result === 'sent' ? 'send' : this.result} ${startWord(bytes)}`);
    return this.result;
  }
}

/**
 * A transaction layer with a fake clock around it. Everything that leaves it, to the network or to a user, is a line
 * of `log`: the milliseconds since the start and the event.
 */
export class Bench implements TransactionPort {
  readonly clock = new FakeClock();
  readonly random = new FakeRandom();
  readonly layer: TransactionLayer;
  log: string[] = [];
  readonly #start = this.clock.now();
  #flows = 0;

  constructor(settings: Partial<TransactionSettings> = {}, logger: Partial<Logger> = {}) {
    this.layer = new TransactionLayer(this, settings, { ...silentLogger, ...logger });
  }

  reply(flow: Flow, _via: Via, message: string): SendResult {
    return sendText(flow, message);
  }

  note(event: string): void {
    this.log.push(`${this.clock.now() - this.#start} ${event}`);
  }

  /** The lines since the last call. */
  take(): string[] {
    const lines = this.log;
    this.log = [];
    return lines;
  }

  flow(transport: TransportName = 'udp'): RecordingFlow {
    this.#flows += 1;
    return new RecordingFlow(this.#flows, transport, (event) => this.note(event));
  }

  clientUser(): ClientTransactionUser {
    return {
      onResponse: (response) => this.note(`response ${response.status}`),
      onTimeout: (transaction) => this.note(`timeout (${transaction.state})`),
      onTransportError: () => this.note('transport error'),
      onEnded: () => this.note('ended'),
    };
  }

  serverUser(): ServerTransactionUser {
    return {
      onCancel: (cancel) => this.note(`cancel ${cancel.method}`),
      onAck: () => this.note('ack'),
      onAckTimeout: () => this.note('ack timeout'),
      onTransportError: () => this.note('transport error'),
      onEnded: () => this.note('ended'),
    };
  }

  client(method: string, flow: Flow): ClientTransaction {
    return this.layer.createClient(request(method), flow, this.clientUser());
  }

  server(message: SipRequest, flow: Flow): ServerTransaction {
    assert.equal(this.layer.receiveRequest(message), 'new');
    const transaction = this.layer.createServer(message, flow, this.serverUser());
    assert.ok(typeof transaction !== 'string', `created, not ${String(transaction)}`);
    return transaction;
  }
}

/** What differs from the usual request. */
export interface RequestParts {
  readonly uri?: string;
  readonly via?: string;
  readonly toTag?: string;
  readonly fromTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
}

/** A request as it comes from the network. */
export function request(method: string, parts: RequestParts = {}): SipRequest {
  const {
    uri = 'sip:bob@192.0.2.9',
    via = 'SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKabc',
    toTag,
    fromTag = 'alice1',
    callId = 'call-1@192.0.2.2',
    cseq = 7,
    headers = [],
  } = parts;
  const message = parseMessage(
    Buffer.from(
      [
        `${method} ${uri} SIP/2.0`,
        `Via: ${via}`,
        'Max-Forwards: 69',
        `From: "Alice" <sip:alice@example.org>;tag=${fromTag}`,
        `To: <sip:bob@example.org>${toTag === undefined ? '' : `;tag=${toTag}`}`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} ${method}`,
        ...headers,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
      'latin1',
    ),
  );
  assert.ok(message instanceof SipRequest);
  return message;
}

/** A response to `message` as it comes from the network. */
export function responseTo(message: SipRequest, status: number, toTag = 'bob1'): SipResponse {
  const response = parseMessage(createResponse(message, status, 'Reason', { toTag }).toBuffer());
  assert.ok(response instanceof SipResponse);
  return response;
}

function startWord(bytes: Buffer): string {
  const words = bytes.toString('latin1').split(' ', 2);
  return words[0] === 'SIP/2.0' ? String(words[1]) : String(words[0]);
}
