import type { Random } from '../base/random.ts';
import type { Via } from '../sip/headers/via.ts';
import { magicCookie } from '../transaction/key.ts';
import { KeyedCode } from './keyed-code.ts';

/** Behind the cookie, so that no branch of another kind is taken for one of these. */
const label = 's';

/**
 * What marks the branch of a request that was forwarded without a transaction: a keyed hash of the Via below, which says
 * where the response goes. A proxy without state cannot remember what it has sent, and without the mark anybody could
 * send anything anywhere through it, dressed as a response.
 */
export class StatelessMarks {
  readonly #code: KeyedCode;

  /** @param random gives the secret */
  constructor(random: Random) {
    this.#code = new KeyedCode(random);
  }

  /** The beginning of the branch, magic cookie included. @param via the top one of the request that is forwarded */
  of(via: Via): string {
    const { transport, host, port, branch, received, rport } = via;
    const text = [transport, host.toLowerCase(), port ?? '', branch ?? '', received ?? '', rport ?? ''].join(';');
    return magicCookie + label + this.#code.of(text);
  }

  /** Whether the branch was made here for a request that came with that Via. */
  confirms(branch: string | undefined, via: Via): boolean {
    return branch?.startsWith(this.of(via)) === true;
  }
}
