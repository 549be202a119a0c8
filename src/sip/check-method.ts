import { isKnownMethod } from './methods.ts';
import { type RequestRefusal, refusal } from './request-refusal.ts';

/**
 * Whether a request that ends here has a method served here. Methods are case-sensitive (RFC 3261 §7.1).
 *
 * @param method as on the request line
 * @param served the methods served here, as they belong into Allow
 * @returns 501 for a method nobody here has heard of (§21.5.2), 405 with Allow for one that is only not served (§8.2.1)
 */
export function refuseMethod(method: string, served: readonly string[]): RequestRefusal | undefined {
  if (served.includes(method)) return undefined;
  if (!isKnownMethod(method)) return refusal(501);
  return { status: 405, reason: 'Method Not Allowed', headers: [['Allow', served.join(', ')]] };
}
