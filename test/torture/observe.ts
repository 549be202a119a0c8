import { isKnownHeader, parseHeader } from '../../src/sip/headers/index.ts';
import type { NameAddr } from '../../src/sip/headers/name-addr.ts';
import type { Via } from '../../src/sip/headers/via.ts';
import { SipRequest, type SipResponse } from '../../src/sip/message.ts';
import { isSipError, type SipError } from '../../src/sip/sip-error.ts';
import { isSipUri } from '../../src/sip/uri.ts';
import { wireToText } from '../../src/sip/wire-text.ts';

type Observation = (message: SipRequest | SipResponse) => unknown;

/** Everything that a row of the tables may say about a message, by name. Failures are seen as `error: CODE`. */
const observations: Readonly<Record<string, Observation>> = {
  method: (message) => (message instanceof SipRequest ? message.method : undefined),
  uri: (message) => (message instanceof SipRequest ? message.uriText : undefined),
  uriParts: (message) => {
    if (!(message instanceof SipRequest)) return undefined;
    const { uri } = message;
    if (isSipError(uri)) return failure(uri);
    return isSipUri(uri) ? [uri.user, uri.host, uri.port, uri.params.toString()] : uri.scheme;
  },
  status: (message) => (message instanceof SipRequest ? undefined : message.status),
  reason: (message) => (message instanceof SipRequest ? undefined : wireToText(message.reason)),
  vias: (message) => (isSipError(message.vias) ? failure(message.vias) : message.vias.map(viaText)),
  viaCount: (message) => (isSipError(message.vias) ? failure(message.vias) : message.vias.length),
  received: (message) => (isSipError(message.topVia) ? failure(message.topVia) : message.topVia.received),
  from: (message) => addressText(message.from),
  to: (message) => addressText(message.to),
  fromTag: (message) => (isSipError(message.from) ? failure(message.from) : message.from.tag),
  toTag: (message) => (isSipError(message.to) ? failure(message.to) : message.to.tag),
  callId: (message) => (isSipError(message.callId) ? failure(message.callId) : message.callId),
  cseq: ({ cseq }) => (isSipError(cseq) ? failure(cseq) : `${cseq.number} ${cseq.method}`),
  maxForwards: ({ maxForwards }) => (isSipError(maxForwards) ? failure(maxForwards) : maxForwards),
  contacts: ({ contacts }) => {
    if (contacts === '*' || isSipError(contacts)) return isSipError(contacts) ? failure(contacts) : contacts;
    return contacts.map(addressText);
  },
  contactParams: ({ contacts }) => {
    if (contacts === '*' || isSipError(contacts)) return contacts;
    return contacts.map(({ params }) => params.entries().map(({ name, value }) => `${name}=${value ?? ''}`));
  },
  routes: ({ routes }) => (isSipError(routes) ? failure(routes) : routes.map(addressText)),
  recordRoutes: ({ recordRoutes }) =>
    isSipError(recordRoutes) ? failure(recordRoutes) : recordRoutes.map(addressText),
  accept: (message) => message.values('accept'),
  subject: (message) => message.header('subject'),
  newfangled: (message) => message.header('NewFangledHeader'),
  unusual: (message) => message.header('UnknownHeaderWithUnusualValue'),
  extension: (message) => wireToText(message.header("extensionHeader-!.%*+_`'~") ?? ''),
  escapedName: (message) => message.header('C%6Fntact'),
  longName: (message) =>
    message
      .headerFields()
      .map(({ name }) => name.length)
      .reduce((a, b) => Math.max(a, b)),
  authorization: (message) => message.header('authorization'),
  contentType: (message) => message.header('content-type'),
  retryAfter: (message) => message.header('retry-after'),
  bodyLength: (message) => message.body.length,
  bodyStart: (message) => message.body.toString('latin1', 0, 4),
  /** Bytes above 127 and NULs of the body: what a text-minded parser would lose. */
  binaryBytes: (message) => message.body.filter((byte) => byte > 127 || byte === 0).length,
};

/** The value of one observation. */
export function observe(message: SipRequest | SipResponse, name: string): unknown {
  const observation = observations[name];
  if (observation === undefined) throw new Error(`no observation is called ${name}`);
  return observation(message);
}

/** The canonical names of the headers that do not fit the grammar of RFC 3261 §25.1, of those whose grammar we know. */
export function malformedHeaders(message: SipRequest | SipResponse): string[] {
  const malformed = new Set<string>();
  for (const { name, value } of message.headerFields()) {
    if (isKnownHeader(name) && isSipError(parseHeader(name, value))) malformed.add(name);
  }
  return [...malformed];
}

function viaText({ transport, host, port, branch }: Via): string {
  return `${transport} ${host}${port === undefined ? '' : `:${port}`} ${branch ?? '-'}`;
}

function addressText(address: NameAddr | SipError): string {
  if (isSipError(address)) return failure(address);
  const name = address.displayName === undefined ? '' : `${wireToText(address.displayName)} `;
  return isSipError(address.uri) ? `${name}${failure(address.uri)}` : `${name}<${address.uriText}>`;
}

function failure(error: SipError): string {
  return `error: ${error.code}`;
}
