import type { Params } from '../params.ts';
import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readParams } from './header-params.ts';
import { readList, readValue } from './read-value.ts';

/** A media type, or in Accept a range of them, where `subtype` or both may be `*`. Types are compared without case. */
export interface MediaType {
  readonly type: string;
  readonly subtype: string;
  readonly params: Params;
}

/** Reads Content-Type: `type "/" subtype` and its parameters (RFC 3261 §20.15). */
export function parseContentType(value: string): MediaType | SipError {
  return readValue('Content-Type', value, readMediaType);
}

/** Reads Accept, a list of media ranges that may be empty: nothing is acceptable (RFC 3261 §20.1). */
export function parseAccept(value: string): readonly MediaType[] | SipError {
  return readList('Accept', value, readMediaType, 0);
}

/** The value of a Content-Type header field. */
export function formatContentType(media: MediaType): string {
  return `${media.type}/${media.subtype}${media.params.toString()}`;
}

/** The value of an Accept header field. */
export function formatAccept(ranges: readonly MediaType[]): string {
  return ranges.map(formatContentType).join(', ');
}

function readMediaType(cursor: Cursor): MediaType | undefined {
  // `*` is a token character, so the ranges need no rule of their own.
  const type = cursor.token();
  const subtype = type !== undefined && cursor.take('/') ? cursor.token() : undefined;
  const params = subtype === undefined ? undefined : readParams(cursor);
  return type === undefined || subtype === undefined || params === undefined ? undefined : { type, subtype, params };
}
