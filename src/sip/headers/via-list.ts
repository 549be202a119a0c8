import { splitList } from '../header-list.ts';
import { isSipError, type SipError } from '../sip-error.ts';
import { parseVia, type Via } from './via.ts';

/** Reads one line of Via, which may hold several (RFC 3261 §20.42), without the liberties that a 400 needs. */
export function parseVias(value: string): readonly Via[] | SipError {
  const values: string[] = [];
  splitList(value, values);
  const vias: Via[] = [];
  for (const text of values) {
    const via = parseVia(text);
    if (isSipError(via)) return via;
    if (via.fault !== undefined) return via.fault;
    vias.push(via);
  }
  return vias;
}

/** The value of a Via header field. */
export function formatVias(vias: readonly Via[]): string {
  return vias.map((via) => via.text).join(', ');
}
