import { equalsIgnoreCase } from './char-class.ts';

/** The spelling of every header that we know: RFC 3261 §20 and the extensions that this server meets. */
const displayNames = [
  'Accept',
  'Accept-Contact',
  'Accept-Encoding',
  'Accept-Language',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Authentication-Info',
  'Authorization',
  'Call-ID',
  'Call-Info',
  'Contact',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Error-Info',
  'Event',
  'Expires',
  'Flow-Timer',
  'From',
  'Identity',
  'In-Reply-To',
  'Max-Breadth',
  'Max-Forwards',
  'MIME-Version',
  'Min-Expires',
  'Min-SE',
  'Organization',
  'P-Asserted-Identity',
  'P-Preferred-Identity',
  'P-Registrar-Error',
  'Path',
  'Priority',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Require',
  'RAck',
  'Reason',
  'Record-Route',
  'Refer-To',
  'Referred-By',
  'Reject-Contact',
  'Replaces',
  'Reply-To',
  'Request-Disposition',
  'Require',
  'Retry-After',
  'Route',
  'RSeq',
  'Server',
  'Service-Route',
  'Session-Expires',
  'SIP-ETag',
  'SIP-If-Match',
  'Sock-Info',
  'Subject',
  'Subscription-State',
  'Supported',
  'Timestamp',
  'To',
  'Unsupported',
  'User-Agent',
  'Via',
  'Warning',
  'WWW-Authenticate',
] as const;

/** RFC 3261 §7.3.3 and the extensions' own: one letter for the frequent names. */
const compactForms: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
};

const displayByName = new Map<string, string>();
const canonicalBySpelling = new Map<string, string>();
/** A name that we know, as text and as the bytes of a message have it. */
interface KnownName {
  readonly name: string;
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Known names by length and first letter: `length * 32 + letter`; a handful of names at most share one. */
const candidates: KnownName[][] = [];

/** The canonical names that we know, by their number; 0 is that of no name. There are fewer than 128. */
export const knownHeaderNames: string[] = [''];

// Texts that are keys of an object, as literals are: those the engine compares by their place in memory.
const spellings: Record<string, string> = {};
for (const display of displayNames) spellings[display.toLowerCase()] = display;

for (const [name, display] of Object.entries(spellings)) {
  displayByName.set(name, display);
  canonicalBySpelling.set(name, name);
  canonicalBySpelling.set(display, name);
  const slot = name.length * 32 + (name.charCodeAt(0) & 31);
  const names = candidates[slot] ?? [];
  names.push({ name, id: knownHeaderNames.push(name) - 1, bytes: Uint8Array.from(Buffer.from(name, 'latin1')) });
  candidates[slot] = names;
}

const compactByLetter: (string | undefined)[] = [];
const compactIds: number[] = [];
for (let letter = 0; letter < 26; letter++) {
  const name = compactForms[String.fromCharCode(0x61 + letter)];
  compactByLetter[letter] = name;
  compactIds[letter] = name === undefined ? 0 : knownHeaderNames.indexOf(name);
  if (name !== undefined) canonicalBySpelling.set(String.fromCharCode(0x61 + letter), name);
}

/**
 * The canonical form of a header name: the long one in lower case. For a name that we know it is always the same
 * string, and nothing is allocated.
 * @param name in any case, long or compact
 */
export function canonicalHeaderName(name: string): string {
  return canonicalBySpelling.get(name) ?? canonicalNameAt(name, 0, name.length);
}

/** As `canonicalHeaderName`, for the name that stands in `text` from `start` to `end`. */
export function canonicalNameAt(text: string, start: number, end: number): string {
  const length = end - start;
  const first = text.charCodeAt(start) | 0x20;
  if (first >= 0x61 && first <= 0x7a) {
    if (length === 1) {
      const name = compactByLetter[first - 0x61];
      if (name !== undefined) return name;
    }
    const names = candidates[length * 32 + (first & 31)];
    if (names !== undefined) {
      for (let i = 0; i < names.length; i++) {
        const { name } = names[i] as KnownName; // i is inside
        if (equalsIgnoreCase(text, start, end, name)) return name;
      }
    }
  }
  return text.slice(start, end).toLowerCase();
}

/**
 * The number of the known header name that stands in `bytes` from `start` to `end`, in `knownHeaderNames`; 0 for another.
 * @param bytes there are only characters of `token` (RFC 3261 §25.1) between the two
 */
export function knownNameAt(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const first = (bytes[start] as number) | 0x20; // inside, or the byte that ends an empty name
  if (first < 0x61 || first > 0x7a) return 0;
  if (length === 1) return compactIds[first - 0x61] as number; // a letter
  const names = candidates[length * 32 + (first & 31)];
  if (names === undefined) return 0;
  for (let i = 0; i < names.length; i++) {
    const known = names[i] as KnownName; // i is inside
    if (hasBytes(bytes, start, known.bytes)) return known.id;
  }
  return 0;
}

/** Among the characters of a token, 0x20 makes two letters of one and changes no other that a known name has. */
function hasBytes(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let i = 1; i < name.length; i++) if (((bytes[start + i] as number) | 0x20) !== name[i]) return false;
  return true;
}

/**
 * The usual spelling of a canonical name: that of its RFC, or a capital after each "-" for one we do not know.
 * @param canonical lower case
 */
export function displayHeaderName(canonical: string): string {
  const known = displayByName.get(canonical);
  if (known !== undefined) return known;
  let display = '';
  for (let i = 0; i < canonical.length; i++) {
    const starts = i === 0 || canonical.charCodeAt(i - 1) === 0x2d;
    display += starts ? canonical.charAt(i).toUpperCase() : canonical.charAt(i);
  }
  return display;
}
