import { type Aor, asAor, asciiLowerCase } from '../location/aor.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, isTelUri, type Uri, unescapeUser } from '../sip/uri.ts';
import type { RegistrarOptions } from './options.ts';
import { type RegisterError, registerErrors } from './register-errors.ts';

/** Longest user (as written) plus host plus the `@` between them: what a table's key columns hold. */
const maxAorLength = 256;

/**
 * The canonical address-of-record of a URI (RFC 3261 §10.3 step 5): the To of a REGISTER, the Request-URI of a lookup.
 * Scheme, port, password, parameters and headers play no part, escapes of the user are undone, and by option the domain
 * counts, a prefix of it is dropped and capitals matter.
 *
 * @returns the key, or why there is none
 */
export function aorOf(uri: Uri, options: RegistrarOptions): Aor | RegisterError {
  let rawUser: string;
  let host: string;
  if (isSipUri(uri)) {
    rawUser = uri.user ?? '';
    host = uri.host;
  } else if (isTelUri(uri)) {
    rawUser = uri.number;
    host = '';
  } else {
    return registerErrors.AOR_MALFORMED;
  }
  // Decision 4: a fault of the client, so 400, where OpenSER said 500.
  if (rawUser.length + host.length + 1 > maxAorLength) return registerErrors.AOR_TOO_LONG;
  const user = unescapeUser(rawUser);
  if (isSipError(user)) return registerErrors.AOR_ESCAPES;
  if (!options.useDomain) {
    // Decision 24: without the domain these would all be one address-of-record, shared by strangers.
    if (user === '') return registerErrors.AOR_WITHOUT_USER;
    return asAor(options.caseSensitive ? user : asciiLowerCase(user));
  }
  const domain = asciiLowerCase(withoutPrefix(host, options.realmPrefix));
  if (user === '') return asAor(domain);
  return asAor(`${options.caseSensitive ? user : asciiLowerCase(user)}@${domain}`);
}

/** Decision 21: the prefix is compared without regard to case, and something has to remain of the host. */
function withoutPrefix(host: string, prefix: string): string {
  if (prefix === '' || prefix.length >= host.length) return host;
  const start = host.slice(0, prefix.length);
  if (start !== prefix && asciiLowerCase(start) !== asciiLowerCase(prefix)) return host;
  return host.slice(prefix.length);
}
