import { unsupportedOptions } from '../sip/check-extensions.ts';
import type { Contact } from '../sip/headers/contact.ts';
import { parseDeltaSeconds } from '../sip/headers/expires.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { aorOf } from './aor.ts';
import type { RegistrarOptions } from './options.ts';
import { type RegisterError, type RegisterErrorCode, registerErrors } from './register-errors.ts';
import type { RegisterFacts, RegisterInput } from './register-input.ts';

/** The extensions that a registrar needs to know: Path (RFC 3327) is stored and given back. */
export const registrarExtensions: ReadonlySet<string> = new Set(['path']);

/** What `save` stores when a REGISTER has no User-Agent. */
const unknownUserAgent = 'Unknown';

/** The width of the column `user_agent`; longer ones are cut. */
const maxUserAgentLength = 255;

/**
 * Reads a REGISTER, or says what is wrong with it; the first fault found decides, in the order of OpenSER's checks
 * (spec of the registrar, 6).
 */
export function readRegister(
  request: SipRequest,
  options: RegistrarOptions,
  facts: RegisterFacts,
): RegisterInput | RegisterError {
  // Decision 26.
  if (request.method !== 'REGISTER') return registerErrors.METHOD_NOT_ALLOWED;
  // Decision 22: a line that is no header, a limit crossed.
  if (request.fault !== undefined) return registerErrors.MESSAGE_MALFORMED;
  // §10.3 step 2, decision 28.
  if (unsupportedOptions(request, 'require', registrarExtensions).length > 0) return registerErrors.BAD_EXTENSION;
  // Decision 25.
  const { to, from, callId, cseq } = request;
  if (isSipError(to)) return missing(request, 'to', 'TO_MISSING', 'AOR_MALFORMED');
  if (isSipError(from)) return missing(request, 'from', 'FROM_MISSING', 'MESSAGE_MALFORMED');
  if (isSipError(callId)) return missing(request, 'call-id', 'CALL_ID_MISSING', 'MESSAGE_MALFORMED');
  if (isSipError(cseq)) return missing(request, 'cseq', 'CSEQ_MISSING', 'CSEQ_INVALID');
  if (cseq.method !== request.method) return registerErrors.CSEQ_INVALID;
  const path = pathOf(request);
  if (typeof path === 'object') return path;
  const expiresText = request.header('expires');
  // Decision 11: an empty header is a fault, a malformed one is as if absent.
  if (expiresText === '') return registerErrors.EXPIRES_MALFORMED;
  const expires = expiresText === undefined ? undefined : parseDeltaSeconds(expiresText);
  const contacts = readContacts(request, expires);
  if (typeof contacts === 'object' && 'code' in contacts) return contacts;
  // §10.3 step 5.
  const { uri } = to;
  const aor = isSipError(uri) ? registerErrors.AOR_MALFORMED : aorOf(uri, options);
  if (typeof aor !== 'string') return aor;
  return {
    aor,
    contacts,
    expires,
    callId,
    cseq: cseq.number,
    userAgent: storedUserAgent(request.header('user-agent')),
    path,
    facts,
  };
}

function missing(
  request: SipRequest,
  name: string,
  whenAbsent: RegisterErrorCode,
  whenMalformed: RegisterErrorCode,
): RegisterError {
  return registerErrors[request.has(name) ? whenMalformed : whenAbsent];
}

/** §10.3 step 6 and decision 13: `*` stands alone, exactly so, and needs an Expires of 0. */
function readContacts(request: SipRequest, expires: number | undefined): readonly Contact[] | '*' | RegisterError {
  const { contacts } = request;
  if (contacts === '*') return expires === 0 ? '*' : registerErrors.STAR_EXPIRES;
  if (isSipError(contacts)) return contactsError(contacts, request, expires);
  for (const contact of contacts) {
    // A star with more behind it, which OpenSER took for a star; as a display name it would be most unusual.
    if (contact.text.charCodeAt(0) === 0x2a) return registerErrors.CONTACT_MALFORMED;
  }
  return contacts;
}

/** OpenSER tells a star among several headers from one inside of a list, and looks at Expires first. */
function contactsError(error: SipError, request: SipRequest, expires: number | undefined): RegisterError {
  const lines = request.headerLines('contact');
  const starAt = error.code === 'SIP_STAR_NOT_ALONE' ? lines.findIndex((line) => line.value === '*') : -1;
  if (starAt === -1) return registerErrors.CONTACT_MALFORMED;
  return starAt === 0 && expires !== 0 ? registerErrors.STAR_EXPIRES : registerErrors.STAR_NOT_ALONE;
}

/** The Path of the request as one list (RFC 3327 §4); undefined when it has none. */
function pathOf(request: SipRequest): string | undefined | RegisterError {
  if (!request.has('path')) return undefined;
  return isSipError(request.path) ? registerErrors.MESSAGE_MALFORMED : request.values('path').join(', ');
}

/** What is stored of a User-Agent; undefined or empty: it was not given. */
export function storedUserAgent(userAgent: string | undefined): string {
  if (userAgent === undefined || userAgent === '') return unknownUserAgent;
  return userAgent.length > maxUserAgentLength ? userAgent.slice(0, maxUserAgentLength) : userAgent;
}
