import type { Contact } from '../sip/headers/contact.ts';

/** The text of a contact with another URI in the place of its own; display name and parameters stay as they are. */
export function withUri(contact: Contact, uriText: string): string {
  const { text } = contact;
  const at = text.indexOf(contact.uriText, displayNameEnd(text));
  return `${text.slice(0, at)}${uriText}${text.slice(at + contact.uriText.length)}`;
}

/** The end of a quoted display name, which may itself contain what looks like the URI (RFC 3261 §20.10). */
function displayNameEnd(text: string): number {
  if (!text.startsWith('"')) return 0;
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return 0;
}
