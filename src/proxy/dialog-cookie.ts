import type { Random } from '../base/random.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import type { SipUri } from '../sip/uri.ts';
import { KeyedCode } from './keyed-code.ts';

/** The URI parameter of a Record-Route entry that holds the cookie. */
const parameter = 'did';

/**
 * Proof that a dialog came about through this server: a keyed hash of its Call-ID in our Record-Route entry. Without
 * it, anybody who writes a To tag and a Route with our address could send anything anywhere through us, since a
 * proxy keeps no list of dialogs.
 */
export class DialogCookies {
  readonly #code: KeyedCode;

  /** @param random gives the secret; a server that is started anew does not know its former dialogs */
  constructor(random: Random) {
    this.#code = new KeyedCode(random);
  }

  /** What our Record-Route entry of this request carries, with its semicolon; '' when it has no Call-ID. */
  parameterFor(request: SipRequest): string {
    const { callId } = request;
    return isSipError(callId) ? '' : `;${parameter}=${this.#code.of(callId)}`;
  }

  /** Whether an entry of ours that came back in a Route was made for this request's dialog. */
  confirms(entry: SipUri | undefined, request: SipRequest): boolean {
    const { callId } = request;
    return !isSipError(callId) && entry?.params.get(parameter) === this.#code.of(callId);
  }
}
