import { type Binding, secondsLeft } from '../location/binding.ts';
import { formatDate } from '../sip/headers/date.ts';
import { formatQ } from '../sip/headers/q-value.ts';
import type { RegistrarOptions } from './options.ts';
import type { RegisterResult } from './register-result.ts';

/** What a reply says beyond the headers that every reply copies from its request. */
export interface RegisterReply {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The reply to a REGISTER (RFC 3261 §10.3 step 8; decisions 4 and 16). */
export function registerReply(result: RegisterResult, options: RegistrarOptions, now: number): RegisterReply {
  const headers = replyHeaders(result, options, now);
  return result.ok
    ? { status: 200, reason: 'OK', headers }
    : { status: result.error.status, reason: result.error.reason, headers };
}

/**
 * The headers that the registrar adds, in this order: Contact; in a 200 Path and Date, else `P-Registrar-Error` and what
 * the status needs.
 *
 * @param now the instant of the request: lifetimes count from it
 */
export function replyHeaders(
  result: RegisterResult,
  options: RegistrarOptions,
  now: number,
): readonly (readonly [name: string, value: string])[] {
  const headers: (readonly [string, string])[] = [];
  if (result.bindings.length > 0) headers.push(['Contact', contactList(result.bindings, options, now)]);
  if (result.ok) {
    // RFC 3327 §5.3: the client learns which path its registration took.
    if (result.path !== undefined) headers.push(['Path', result.path]);
    // RFC 3261 §10.3 step 8: so that a client without a clock can set one.
    headers.push(['Date', formatDate(now)]);
    return headers;
  }
  const { status, text } = result.error;
  headers.push(['P-Registrar-Error', text]);
  // RFC 3261 §8.2.1, §8.2.2.3, §10.3 step 7.
  if (status === 405) headers.push(['Allow', 'REGISTER']);
  if (status === 420) headers.push(['Unsupported', result.unsupported.join(', ')]);
  if (status === 423) headers.push(['Min-Expires', String(options.minExpires)]);
  // The manual's retry_after; RFC 3261 §20.33. What a store refuses has one in any case: §21.5.4 makes a 503 without it
  // a 500, after which phones do as they please.
  const retryAfter = options.retryAfter || (result.retryAfter ?? 0);
  if (status >= 500 && retryAfter > 0) headers.push(['Retry-After', String(retryAfter)]);
  return headers;
}

/**
 * The value of a Contact header that lists bindings in their order: the URI verbatim in angle brackets, q when there is
 * one, the seconds left, the received URI when there is one, and the parameters stored to be given back. Made anew for
 * every reply (decision 23).
 */
export function contactList(bindings: readonly Binding[], options: RegistrarOptions, now: number): string {
  let list = '';
  for (const binding of bindings) {
    if (list !== '') list += ', ';
    list += `<${binding.contact}>`;
    if (binding.q >= 0) list += `;q=${formatQ(binding.q)}`;
    list += `;expires=${secondsLeft(binding, now)}`;
    if (binding.received !== undefined) list += `;${options.receivedParam}="${quotable(binding.received)}"`;
    list += binding.extension;
  }
  return list;
}

/** What may stand between the quotes of a quoted-string (RFC 3261 §25.1). */
function quotable(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return text;
  let escaped = '';
  for (const character of text) escaped += character === '"' || character === '\\' ? `\\${character}` : character;
  return escaped;
}
