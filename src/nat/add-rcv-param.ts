import type { Contact } from '../sip/headers/contact.ts';
import type { SipMessage } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';

/**
 * nathelper's `add_rcv_param`: tells the next registrar where a REGISTER came from, by `;received="<uri>"` after every
 * contact. Meant for replication, so call it on the copy that is forwarded: the request at hand, and what `save`
 * stores of it here, stay as they are.
 *
 * A `received` parameter that was there before is replaced: a parameter may occur only once (RFC 3261 §7.3.1), and
 * what the packet says is truer than what the phone says.
 *
 * @param copy the message that goes out
 * @param uri of `receivedUri`
 * @returns false when there is no contact to mark: none at all, or `*`
 */
export function addRcvParam(copy: SipMessage, uri: string): boolean {
  const { contacts } = copy;
  if (contacts === '*' || isSipError(contacts) || contacts.length === 0) return false;
  const values = contacts.map((contact) => `${withoutReceived(contact)};received="${uri}"`);
  copy.set('contact', values.join(', '));
  return true;
}

function withoutReceived(contact: Contact): string {
  const { text, params } = contact;
  if (!params.has('received')) return text;
  const all = params.toString();
  const kept = params.entries().filter(({ name }) => name.toLowerCase() !== 'received');
  const rest = kept.map(({ name }) => (params.raw(name) ? `;${name}=${params.raw(name)}` : `;${name}`)).join('');
  return `${text.slice(0, text.lastIndexOf(all))}${rest}`;
}
