import { isSipError } from '../../sip/sip-error.ts';
import { isSipUri, parseUri } from '../../sip/uri.ts';
import { rewriteUri, type UriChange } from '../variables/uri-rewrite.ts';

/** Changes a SIP URI given as text; undefined when it cannot be read, or would be something else. */
export type UriEdit = (uri: string, value: string) => string | undefined;

function edit(uri: string, change: UriChange): string | undefined {
  const rewritten = rewriteUri(uri, change);
  return 'uri' in rewritten ? rewritten.uri : undefined;
}

/** A port as text; NaN is none. */
function portOf(text: string): number | undefined {
  if (text === '') return undefined;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : Number.NaN;
}

function withPlace(uri: string, host: string | undefined, port: string): string | undefined {
  const number = portOf(port);
  if (Number.isNaN(number)) return undefined;
  return edit(uri, host === undefined ? { port: number } : { host, port: number });
}

/** `rewritehost`: port, user and parameters stay. */
export const withHost: UriEdit = (uri, host) => edit(uri, { host });

/** `rewritehostport`: the old port goes. */
export const withHostPort: UriEdit = (uri, place) => {
  const colon = place.lastIndexOf(':');
  const hasPort = colon > place.lastIndexOf(']');
  return withPlace(uri, hasPort ? place.slice(0, colon) : place, hasPort ? place.slice(colon + 1) : '');
};

/** `rewriteuser`: the password stays. */
export const withUser: UriEdit = (uri, user) => edit(uri, { user });

/** `rewriteuserpass`: the old password goes. */
export const withUserPassword: UriEdit = (uri, text) => {
  const colon = text.indexOf(':');
  if (colon < 0) return edit(uri, { user: text, password: undefined });
  return edit(uri, { user: text.slice(0, colon), password: text.slice(colon + 1) });
};

/** `rewriteport`. */
export const withPort: UriEdit = (uri, port) => withPlace(uri, undefined, port);

/** `prefix`: in front of the user, which comes about when there is none. */
export const withPrefix: UriEdit = (uri, prefix) => {
  const user = userOf(uri);
  return user === undefined ? undefined : edit(uri, { user: prefix + user });
};

/** `strip`: so many characters less at the beginning of the user. */
export function stripped(uri: string, count: number): string | undefined {
  const user = userOf(uri);
  return user === undefined ? undefined : withoutEmptyUser(uri, user.slice(count));
}

/** `strip_tail`: so many characters less at its end. */
export function strippedAtEnd(uri: string, count: number): string | undefined {
  const user = userOf(uri);
  return user === undefined ? undefined : withoutEmptyUser(uri, user.slice(0, Math.max(user.length - count, 0)));
}

// Nothing left of the user: the '@' goes too.
function withoutEmptyUser(uri: string, user: string): string | undefined {
  return edit(uri, user === '' ? { user: undefined, password: undefined } : { user });
}

/** The user of a SIP URI, '' when it has none; undefined when it is no SIP URI. */
function userOf(text: string): string | undefined {
  const uri = parseUri(text);
  return isSipError(uri) || !isSipUri(uri) ? undefined : (uri.user ?? '');
}
