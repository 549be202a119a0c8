import { assert } from '../base/assert.ts';
import { SipRequest } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import type { PlainRegister } from '../sip/plain-register.ts';
import type { SipError } from '../sip/sip-error.ts';
import { parseUri, type Uri } from '../sip/uri.ts';
import type { Flow } from '../transport/flow.ts';
import { markReceived } from '../transport/mark-received.ts';

/**
 * A plain REGISTER that nobody has asked for more than its first line says: the object view is made when somebody does.
 * Most routes that save one never do.
 */
export class UnparsedRegister {
  readonly uri: string;
  /** Undefined: there is no such header. */
  readonly maxForwards: number | undefined;
  readonly #head: string;
  readonly #flow: Flow;
  #reader: PlainRegister | undefined;

  /** @param reader has just read it, and reads nothing else before `release` */
  constructor(reader: PlainRegister, flow: Flow) {
    this.uri = reader.requestUri;
    this.maxForwards = reader.maxForwards;
    this.#head = reader.head;
    this.#flow = flow;
    this.#reader = reader;
  }

  /** What was read of it; undefined once its turn is over, for the reader goes on to another message. */
  get plain(): PlainRegister | undefined {
    return this.#reader;
  }

  /** The turn of the event loop in which it came is over. */
  release(): void {
    this.#reader = undefined;
  }

  /** The Request-URI, parsed. */
  get parsedUri(): Uri | SipError {
    return this.plain?.parsedRequestUri ?? parseUri(this.uri);
  }

  /** The request as an object, as if it had come the way of all messages. */
  parse(): SipRequest {
    const request = parseMessage(Buffer.from(this.#head, 'latin1'));
    assert(request instanceof SipRequest, 'what a plain reader accepts is a request');
    markReceived(request, this.#flow);
    return request;
  }
}
