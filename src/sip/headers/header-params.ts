import { GEN_VALUE, skipClass, TOKEN } from '../char-class.ts';
import { limits } from '../limits.ts';
import { Params } from '../params.ts';
import type { Cursor } from './cursor.ts';

/**
 * Reads `*( SEMI generic-param )` (RFC 3261 §25.1) up to the first character that cannot belong to it: in a list, the comma.
 *
 * @returns the parameters as written, none at all included; `undefined` when a semicolon or "=" has nothing behind it
 */
export function readParams(cursor: Cursor): Params | undefined {
  const start = cursor.position;
  let end = start;
  let size = 0;
  while (cursor.take(';')) {
    const name = cursor.position;
    if (cursor.token() === undefined || size >= limits.maxParams) return undefined;
    end = skipClass(cursor.text, name, TOKEN);
    size++;
    if (cursor.take('=')) {
      const value = cursor.position;
      const raw = cursor.quotedString() ?? cursor.run(GEN_VALUE);
      if (raw === undefined) return undefined;
      end = value + raw.length;
    }
  }
  return size === 0 ? Params.none : new Params(cursor.text, start, end, size);
}
