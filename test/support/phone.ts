import { createRequest } from '../../src/sip/create-request.ts';
import { createResponse } from '../../src/sip/create-response.ts';
import type { SipRequest, SipResponse } from '../../src/sip/message.ts';
import { UdpPeer } from './udp-peer.ts';

/** What may differ from a phone's usual request. */
export interface RequestParts {
  /** Request-URI; the domain alone for REGISTER, the address of record for others. */
  readonly uri?: string;
  readonly to?: string;
  readonly from?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  /** Parameters of the Via behind its branch. */
  readonly via?: string;
  /** Further headers. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

let count = 0;

/** A phone of a user on a UDP socket of its own. */
export class Phone {
  readonly user: string;
  readonly domain: string;
  readonly peer: UdpPeer;
  readonly callId: string;
  #cseq = 0;

  private constructor(user: string, domain: string, peer: UdpPeer) {
    count += 1;
    this.user = user;
    this.domain = domain;
    this.peer = peer;
    this.callId = `${user}-${count}@phone`;
  }

  /** A phone of `user` that talks to the server on that UDP port of 127.0.0.1. */
  static async open(user: string, serverPort: number, domain = 'example.com'): Promise<Phone> {
    return new Phone(user, domain, await UdpPeer.open(serverPort));
  }

  /** Where this phone really is. */
  get contact(): string {
    return `sip:${this.user}@127.0.0.1:${this.peer.port}`;
  }

  /** A request of this phone, not yet sent. */
  make(method: string, parts: RequestParts = {}): SipRequest {
    this.#cseq += 1;
    count += 1;
    const aor = `sip:${this.user}@${this.domain}`;
    const body = Buffer.from(parts.body ?? '');
    return createRequest({
      method,
      uri: parts.uri ?? `sip:${this.domain}`,
      headers: [
        [
          'Via',
          `SIP/2.0/UDP 127.0.0.1:${this.peer.port};branch=${parts.branch ?? `z9hG4bK${count}`}${parts.via ?? ''}`,
        ],
        ['Max-Forwards', '70'],
        ['From', parts.from ?? `<${aor}>;tag=${this.user}`],
        ['To', parts.to ?? `<${method === 'REGISTER' ? aor : (parts.uri ?? aor)}>`],
        ['Call-ID', parts.callId ?? this.callId],
        ['CSeq', `${parts.cseq ?? this.#cseq} ${method}`],
        ...(parts.headers ?? []),
      ],
      body,
    });
  }

  /** REGISTER with these Contact values, each in the one header, and further headers. */
  async register(contacts: readonly string[] = [`<${this.contact}>`], parts: RequestParts = {}): Promise<SipResponse> {
    const contact: [string, string][] = contacts.length > 0 ? [['Contact', contacts.join(', ')]] : [];
    return this.peer.ask(this.make('REGISTER', { ...parts, headers: [...contact, ...(parts.headers ?? [])] }));
  }

  /** Any other request to `uri`, and its final response. */
  async ask(method: string, uri: string, parts: RequestParts = {}): Promise<SipResponse> {
    return this.peer.ask(this.make(method, { ...parts, uri }));
  }

  /** Answers a request that came to this phone. */
  answer(
    request: SipRequest,
    status: number,
    reason = 'Whatever',
    headers: readonly (readonly [string, string])[] = [],
  ): void {
    this.peer.send(createResponse(request, status, reason, { toTag: this.user, headers }).toBuffer());
  }

  close(): void {
    this.peer.close();
  }
}
