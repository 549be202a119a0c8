import { codeAt, HEX, isIn, PASSWORD, USER } from '../../sip/char-class.ts';
import { isSipError } from '../../sip/sip-error.ts';
import { isSipUri, parseUri, stripBrackets } from '../../sip/uri.ts';
import { canonicalAddress, withBrackets } from '../../transport/ip-address.ts';

/** What is to change in a URI; what is not named stays, and undefined takes a part away. */
export interface UriChange {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly host?: string;
  readonly port?: number | undefined;
  /** The `transport` parameter. */
  readonly transport?: string | undefined;
}

/** What became of a rewriting: the new URI, or a sentence. */
export type Rewritten = { readonly uri: string } | { readonly problem: string };

/** Longest URI that a rewriting may make (cfg-language 8). */
const maxRewrittenLength = 1024;

/**
 * Puts other parts into a SIP URI (cfg-language 8); the scheme, the other parameters and the headers stay. What a user part
 * cannot have is escaped; anything else that makes no URI is refused.
 */
export function rewriteUri(text: string, change: UriChange): Rewritten {
  const uri = parseUri(text);
  if (isSipError(uri)) return { problem: `'${text}' is no URI that could be rewritten` };
  if (!isSipUri(uri)) return { problem: `'${text}' is no SIP URI, so it has no such part` };
  const { scheme, host, port, headers } = uri;
  const user = 'user' in change ? change.user && escapePart(change.user, USER) : uri.user;
  const password = 'password' in change ? change.password && escapePart(change.password, PASSWORD) : uri.password;
  const newPort = 'port' in change ? change.port : port;
  const params = 'transport' in change ? withTransport(uri.params.entries(), change.transport) : uri.params.toString();
  const userinfo = user ? `${user}${password === undefined ? '' : `:${password}`}@` : '';
  const portText = newPort === undefined ? '' : `:${newPort}`;
  const newHost = change.host === undefined ? host : hostText(change.host);
  const rewritten = `${scheme}:${userinfo}${newHost}${portText}${params}${headers && `?${headers}`}`;
  return checkedUri(rewritten);
}

/** A URI that is to take the place of another; a sentence when it is none. */
export function checkedUri(text: string): Rewritten {
  if (text.length > maxRewrittenLength) return { problem: `a URI of ${text.length} characters is too long` };
  const uri = parseUri(text);
  return isSipError(uri) ? { problem: `'${text}' is no URI: ${uri.message}` } : { uri: text };
}

/** An IPv6 address gets the brackets that `$si` has not. */
function hostText(host: string): string {
  return host.includes(':') && canonicalAddress(host) !== undefined ? withBrackets(stripBrackets(host)) : host;
}

interface Entry {
  readonly name: string;
  readonly value: string | undefined;
}

function withTransport(entries: readonly Entry[], transport: string | undefined): string {
  let text = '';
  for (const { name, value } of entries) {
    if (name.toLowerCase() !== 'transport') text += value === undefined ? `;${name}` : `;${name}=${value}`;
  }
  return transport === undefined ? text : `${text};transport=${transport}`;
}

/** Escapes the characters that cannot stand in a part of the userinfo; what is an escape already stays one. */
function escapePart(text: string, allowed: number): string {
  let escaped = '';
  for (let i = 0; i < text.length; i++) {
    const c = codeAt(text, i);
    const isEscape = c === 0x25 && isIn(codeAt(text, i + 1), HEX) && isIn(codeAt(text, i + 2), HEX);
    if (isIn(c, allowed) || isEscape) escaped += text.charAt(i);
    else escaped += `%${(c & 0xff).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
