import type { SipMessage } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, type SipUri } from '../sip/uri.ts';
import { withUri } from './contact-uri.ts';
import { type Source, sourceHostPort } from './source.ts';

/**
 * nathelper's `fix_nated_contact`: puts the source address and port into the contact URIs of a message, so that
 * whoever reads them reaches the phone through its NAT. A `save` that follows stores the rewritten URI. Everything
 * else of the header stays: display name, user, URI and header parameters.
 *
 * OpenSER 1.0 rewrote one contact only, the last of the first header; every contact of a message comes from the same
 * phone, so all are rewritten here. Contacts that are no sip or sips URIs are left alone.
 *
 * @returns whether anything changed: false without a contact, for `*`, and when called again
 */
export function fixNatedContact(message: SipMessage, source: Source): boolean {
  const { contacts } = message;
  if (contacts === '*' || isSipError(contacts)) return false;
  const hostPort = sourceHostPort(source);
  let changed = false;
  const values: string[] = [];
  for (const contact of contacts) {
    const { uri } = contact;
    const rewritten = !isSipError(uri) && isSipUri(uri) ? withHostPort(uri, hostPort) : contact.uriText;
    if (rewritten !== contact.uriText) changed = true;
    values.push(withUri(contact, rewritten));
  }
  if (changed) message.set('contact', values.join(', '));
  return changed;
}

/** The URI as written, but for its `hostport` (RFC 3261 §25.1). */
function withHostPort(uri: SipUri, hostPort: string): string {
  const { text } = uri;
  // An `@` may stand unescaped in no user part, so the first one ends it.
  const start = uri.user === undefined ? text.indexOf(':') + 1 : text.indexOf('@') + 1;
  let end = start + uri.host.length;
  while (end < text.length && text[end] !== ';' && text[end] !== '?') end += 1;
  return `${text.slice(0, start)}${hostPort}${text.slice(end)}`;
}
