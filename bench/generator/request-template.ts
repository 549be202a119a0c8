import { writeDecimal, writeHex } from './digits.ts';

/** What a request asks of the server. `redirect` is answered 302 with the contacts, `message` is relayed to one. */
export type RequestKind = 'initial' | 'refresh' | 'query' | 'remove' | 'redirect' | 'message';

/** Who sends to whom, as far as it stands in the text of a request. */
export interface RequestParties {
  readonly transport: 'UDP' | 'TCP';
  readonly serverPort: number;
  readonly clientPort: number;
  /** Keeps the Call-IDs of two generators apart. */
  readonly salt: string;
}

/** Digits of a user's number. */
const USER_DIGITS = 8;
/** Digits of a request's number: it stands in the branch of the Via and in the CSeq. */
export const SEQUENCE_DIGITS = 10;
/** The number of the first request: no leading zeros, and 1.1 milliard requests below 2^31 (RFC 3261 §8.1.1.5). */
export const FIRST_SEQUENCE = 1_000_000_000;
/** Hex digits of a request's token: scrambled from its number, so that Call-IDs differ as random ones do. */
const TOKEN_DIGITS = 8;
/** What stands before the request's number in the branch; the reply is found by it. */
export const BRANCH_PREFIX = 'z9hG4bK-';

const USER = 'U'.repeat(USER_DIGITS);
const SEQUENCE = 'N'.repeat(SEQUENCE_DIGITS);
const TOKEN = 'T'.repeat(TOKEN_DIGITS);
const SCRAMBLE = 0x9e3779b1; // odd: a permutation of the 32-bit numbers
const MESSAGE_BODY = 'The bench rings twice.';

/**
 * The text of a request with places for the user's and the request's number. The text is written once, every
 * request then patches digits of fixed width in place.
 */
export class RequestTemplate {
  readonly length: number;
  readonly #text: Buffer;
  readonly #userAt: readonly number[];
  readonly #sequenceAt: readonly number[];
  readonly #tokenAt: readonly number[];

  constructor(kind: RequestKind, parties: RequestParties) {
    const text = requestText(kind, parties);
    this.#text = Buffer.from(text, 'latin1');
    this.length = this.#text.length;
    this.#userAt = placesOf(text, USER);
    this.#sequenceAt = placesOf(text, SEQUENCE);
    this.#tokenAt = placesOf(text, TOKEN);
  }

  /** Writes the text, once per place in memory. */
  lay(bytes: Buffer, offset: number): void {
    this.#text.copy(bytes, offset);
  }

  /** Makes the text at `offset` the request number `sequence` of user number `user`. */
  patch(bytes: Buffer, offset: number, user: number, sequence: number): void {
    stamp(bytes, offset, this.#userAt, USER_DIGITS, user);
    stamp(bytes, offset, this.#sequenceAt, SEQUENCE_DIGITS, sequence);
    for (let i = 0; i < this.#tokenAt.length; i++) {
      writeHex(bytes, offset + (this.#tokenAt[i] as number), TOKEN_DIGITS, Math.imul(sequence, SCRAMBLE));
    }
  }
}

function stamp(bytes: Buffer, offset: number, places: readonly number[], width: number, value: number): void {
  const first = offset + (places[0] as number);
  writeDecimal(bytes, first, width, value);
  for (let i = 1; i < places.length; i++) {
    const at = offset + (places[i] as number);
    for (let k = 0; k < width; k++) bytes[at + k] = bytes[first + k] as number;
  }
}

function placesOf(text: string, mark: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) places.push(at);
  return places;
}

/** RFC 3261 §10.2 (initial, refresh, query, remove), §11 (redirect: OPTIONS to a user), RFC 3428 (message). */
function requestText(kind: RequestKind, parties: RequestParties): string {
  const server = `127.0.0.1:${parties.serverPort}`;
  const client = `127.0.0.1:${parties.clientPort}`;
  const transport = parties.transport === 'TCP' ? ';transport=tcp' : '';
  const aor = `sip:u${USER}@127.0.0.1`;
  const contact = `<sip:u${USER}@${client}${transport}>`;
  const registers = kind !== 'redirect' && kind !== 'message';
  const method = registers ? 'REGISTER' : kind === 'message' ? 'MESSAGE' : 'OPTIONS';
  const body = kind === 'message' ? MESSAGE_BODY : '';
  const lines = [
    `${method} sip:${registers ? '' : `u${USER}@`}${server} SIP/2.0`,
    `Via: SIP/2.0/${parties.transport} ${client};branch=${BRANCH_PREFIX}${SEQUENCE};rport`,
    'Max-Forwards: 70',
    `From: <${registers ? aor : 'sip:caller@127.0.0.1'}>;tag=${parties.salt}`,
    `To: <${aor}>`,
    `Call-ID: ${parties.salt}-${registers ? USER : TOKEN}@127.0.0.1`,
    `CSeq: ${SEQUENCE} ${method}`,
    ...(kind === 'initial' || kind === 'refresh' ? [`Contact: ${contact}`, 'Expires: 3600'] : []),
    ...(kind === 'remove' ? [`Contact: ${contact};expires=0`] : []),
    'User-Agent: aorta-bench/1.0',
    ...(kind === 'message' ? ['Content-Type: text/plain'] : []),
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
