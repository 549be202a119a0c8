import type { SipRequest } from '../sip/message.ts';
import { type RequestRefusal, refusal, refusalOf } from '../sip/request-refusal.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, isTelUri } from '../sip/uri.ts';
import { type IsOurs, isLooping } from './loop-detection.ts';
import { isMaxForwardsExhausted } from './max-forwards.ts';

/** What `validateForForwarding` has to know of this server. */
export interface ValidationOptions {
  readonly isOurs: IsOurs;
  /** Option tags of Proxy-Require that this server understands, lower case; none by default. */
  readonly proxyOptions?: ReadonlySet<string>;
  /** The request's `loopKey`, when it is known already. */
  readonly loopKey?: string;
}

/**
 * Request validation (RFC 3261 §16.3), steps 2 to 5. Step 1 is `checkRequest` of the grammar, step 6 belongs to
 * authentication. The order is that of the RFC, except that ACK and CANCEL pass step 5: they cannot be challenged.
 *
 * @param request as it was received
 */
export function validateForForwarding(request: SipRequest, options: ValidationOptions): RequestRefusal | undefined {
  // Step 2: a scheme that this server cannot route.
  const uri = request.uri;
  if (isSipError(uri)) return refusalOf(uri);
  if (!isSipUri(uri) && !isTelUri(uri)) return refusal(416);
  // Step 3.
  if (isMaxForwardsExhausted(request)) return refusal(483);
  // Step 4.
  if (isLooping(request, options.isOurs, options.loopKey)) return refusal(482);
  // Step 5.
  if (request.has('proxy-require') && request.method !== 'ACK' && request.method !== 'CANCEL') {
    const unknown = request.tokens('proxy-require').filter((tag) => !options.proxyOptions?.has(tag));
    if (unknown.length > 0) {
      return { ...refusal(420), headers: [['Unsupported', unknown.join(', ')]] };
    }
  }
  return undefined;
}
