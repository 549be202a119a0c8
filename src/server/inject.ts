import { SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import type { Flow, Listener, SendResult } from '../transport/flow.ts';

/** Where an injected request seems to come from. */
export interface InjectOptions {
  /** 127.0.0.1 when left out. */
  readonly remoteAddress?: string;
  /** 5060 when left out. */
  readonly remotePort?: number;
}

/** A connection that exists in memory alone: what is sent on it is handed to `onSent`. */
export class InjectedFlow implements Flow {
  readonly id: number;
  readonly transport = 'tcp';
  readonly listener: Listener;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly reliable = true;
  readonly open = true;
  readonly #onSent: (bytes: Buffer) => void;

  constructor(id: number, listener: Listener, options: InjectOptions, onSent: (bytes: Buffer) => void) {
    this.id = id;
    this.listener = listener;
    this.remoteAddress = options.remoteAddress ?? '127.0.0.1';
    this.remotePort = options.remotePort ?? 5060;
    this.#onSent = onSent;
  }

  get localAddress(): string {
    return this.listener.address;
  }

  get localPort(): number {
    return this.listener.port;
  }

  send(bytes: Buffer): SendResult {
    this.#onSent(bytes);
    return 'sent';
  }
}

/** The listener that an injected request came in on. */
export const injectedListener: Listener = {
  transport: 'tcp',
  address: '127.0.0.1',
  port: 5060,
  advertisedHost: '127.0.0.1',
  advertisedPort: 5060,
  toString: () => 'tcp:127.0.0.1:5060',
};

/** The final reply among bytes that were sent on an injected flow, if that is what they are. */
export function finalReplyOf(bytes: Buffer): SipResponse | undefined {
  const message = parseMessage(bytes);
  return message instanceof SipResponse && message.status >= 200 ? message : undefined;
}
