import { unquote } from '../quoted-string.ts';
import type { Cursor } from './cursor.ts';

/** A parameter of a challenge or of credentials: `name=value`, the value as written. */
export interface AuthParam {
  readonly name: string;
  /** With its quotes, when it had some: realm="a" and realm=a are not the same to everybody. */
  readonly raw: string;
}

/** The comma-separated parameters of the authentication headers (RFC 3261 §25.1, auth-param), in order, names without case. */
export class AuthParams {
  readonly entries: readonly AuthParam[];

  constructor(entries: readonly AuthParam[]) {
    this.entries = entries;
  }

  /** The value of a parameter without quotes and quoted pairs; `undefined` when it is absent. */
  get(name: string): string | undefined {
    const raw = this.raw(name);
    return raw === undefined ? undefined : unquote(raw);
  }

  /** The value of a parameter as written; `undefined` when it is absent. */
  raw(name: string): string | undefined {
    const lower = name.toLowerCase();
    for (const entry of this.entries) if (entry.name.toLowerCase() === lower) return entry.raw;
    return undefined;
  }

  toString(): string {
    return this.entries.map(({ name, raw }) => `${name}=${raw}`).join(', ');
  }
}

/**
 * Reads one or more auth-params. A name that comes twice is malformed (RFC 7235 §2.1): whoever checks the credentials
 * must not read another value than whoever made them.
 */
export function readAuthParams(cursor: Cursor): AuthParams | undefined {
  const entries: AuthParam[] = [];
  const names = new Set<string>();
  do {
    const name = cursor.token();
    if (name === undefined || !cursor.take('=')) return undefined;
    const raw = cursor.quotedString() ?? cursor.token();
    if (raw === undefined) return undefined;
    const lower = name.toLowerCase();
    if (names.has(lower)) return undefined;
    names.add(lower);
    entries.push({ name, raw });
  } while (cursor.take(','));
  return new AuthParams(entries);
}
