import type { Params } from '../params.ts';
import { isSipError, type SipError } from '../sip-error.ts';
import { parseUri } from '../uri.ts';
import type { Cursor } from './cursor.ts';
import { readParams } from './header-params.ts';
import { readList } from './read-value.ts';

/** A resource that adds something for people: a ring tone, a picture, an explanation. */
export interface UriInfo {
  /** The absolute URI between the angle brackets, verbatim. */
  readonly uri: string;
  readonly params: Params;
}

/** Reads Alert-Info, Call-Info or Error-Info: a list of `<absoluteURI>` with parameters (RFC 3261 §20.4, §20.9, §20.18). */
export function parseUriInfos(value: string, header: string): readonly UriInfo[] | SipError {
  return readList(header, value, readUriInfo);
}

/** The value of an Alert-Info, Call-Info or Error-Info header field. */
export function formatUriInfos(infos: readonly UriInfo[]): string {
  return infos.map(({ uri, params }) => `<${uri}>${params.toString()}`).join(', ');
}

function readUriInfo(cursor: Cursor): UriInfo | undefined {
  if (!cursor.at('<')) return undefined;
  const start = cursor.position + 1;
  const end = cursor.text.indexOf('>', start);
  if (end < 0) return undefined;
  const uri = cursor.text.slice(start, end);
  if (isSipError(parseUri(uri))) return undefined;
  cursor.position = end + 1;
  cursor.skipSpace();
  const params = readParams(cursor);
  return params === undefined ? undefined : { uri, params };
}
