import { codeAt } from '../char-class.ts';
import { limits } from '../limits.ts';
import type { Params } from '../params.ts';
import { SipError } from '../sip-error.ts';
import { buildNameAddr, NameAddr } from './name-addr.ts';
import { parseQ } from './q-value.ts';

/**
 * One contact (RFC 3261 §20.10). Its URI and its q are parsed on first use and may be failures of their own, so
 * that the registrar can say which of the two was wrong. Of a repeated parameter the last one counts.
 */
export class Contact extends NameAddr {
  #q: number | SipError | undefined;

  constructor(text: string, rawDisplayName: string, uriText: string, params: Params) {
    super(text, rawDisplayName, uriText, params);
    this.#q = undefined;
  }

  /** The q parameter in thousandths, 0..1000; undefined when it is absent or empty. */
  get q(): number | SipError | undefined {
    if (this.#q === undefined) {
      const text = this.params.get('q');
      if (text) this.#q = parseQ(text);
    }
    return this.#q;
  }

  /** The text of the expires parameter; undefined when it is absent or empty. See `parseDeltaSeconds`. */
  get expires(): string | undefined {
    return this.params.get('expires') || undefined;
  }
}

const starWithMore = new SipError('SIP_BAD_CONTACT', '"*" has something behind it');

/**
 * Parses all Contact values of a message, in the order written.
 * @param values what the Contact lines hold, lists split; an empty string is a missing value and a failure
 * @returns `'*'` when that is the one value; `SIP_STAR_NOT_ALONE` when it stands among others (RFC 3261 §10.3
 *   step 6), otherwise `SIP_BAD_CONTACT`
 */
export function parseContacts(values: readonly string[]): Contact[] | '*' | SipError {
  if (values.length > limits.maxContacts) {
    return new SipError('SIP_TOO_MANY', `there are more than ${limits.maxContacts} contacts`);
  }
  if (values.length === 1 && values[0] === '*') return '*';
  const contacts: Contact[] = [];
  for (const value of values) {
    if (value === '*') return new SipError('SIP_STAR_NOT_ALONE', '"*" must be the only contact');
    // Decision 13: "*" with anything behind it is refused, though `*foo <sip:a@b>` could be read as a display name.
    const contact = codeAt(value, 0) === 0x2a ? starWithMore : buildNameAddr(value, Contact);
    if (contact instanceof SipError) return new SipError('SIP_BAD_CONTACT', contact.message, contact.offset);
    contacts.push(contact);
  }
  return contacts;
}
