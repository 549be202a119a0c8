import type { SipRequest } from './message.ts';
import type { RequestRefusal } from './request-refusal.ts';

/** How many options a 420 names: far more than exist, and few enough that the reply is no larger than it needs to be. */
const maxOptions = 64;

/**
 * The option tags of a request that its receiver does not understand, as written and in order, each once: all of them, so
 * that the client need not find out one by one (RFC 3261 §8.2.2.3, RFC 4475 §3.3.5), up to 64.
 *
 * @param header `require` where the request is served here, `proxy-require` where it is forwarded (§16.3 item 5)
 * @param supported option tags in lower case; tags are tokens and have no case
 */
export function unsupportedOptions(
  request: SipRequest,
  header: 'require' | 'proxy-require',
  supported: ReadonlySet<string>,
): readonly string[] {
  if (!request.has(header)) return none;
  const unsupported: string[] = [];
  for (const option of request.values(header)) {
    if (option === '' || supported.has(option.toLowerCase()) || unsupported.includes(option)) continue;
    unsupported.push(option);
    if (unsupported.length === maxOptions) break;
  }
  return unsupported;
}

/** The refusal of a request that needs extensions we do not have: 420 with all of them in Unsupported (RFC 3261 §21.4.15). */
export function badExtension(options: readonly string[]): RequestRefusal {
  return { status: 420, reason: 'Bad Extension', headers: [['Unsupported', options.join(', ')]] };
}

const none: readonly string[] = [];
