/** A place where bindings can be kept. */
export type StoreUrl =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres' | 'mysql'; readonly url: string };

/** Schemes of other programs of the family, and what to use instead. */
const unsupported: Readonly<Record<string, string>> = {
  text: 'tables of text files are not supported; use sqlite:FILE',
  dbtext: 'tables of text files are not supported; use sqlite:FILE',
  sql: 'it names no kind of database; write mysql:// or postgres://',
  flatstore: 'flat files cannot be read back; use sqlite:FILE',
  redis: 'this version has no Redis store; use sqlite:FILE, postgres:// or mysql://',
  mongodb: 'there is no MongoDB store; use sqlite:FILE, postgres:// or mysql://',
  oracle: 'there is no Oracle store; use sqlite:FILE, postgres:// or mysql://',
  unixodbc: 'there is no ODBC store; use sqlite:FILE, postgres:// or mysql://',
};

/**
 * Reads `--db` or usrloc's `db_url`: `memory:`, `sqlite:FILE` or `sqlite:///FILE`, `postgres://user:password@host/name`,
 * `mysql://user:password@host/name`.
 *
 * @returns a sentence with the remedy when it means nothing; it has no password in it
 */
export function parseStoreUrl(text: string): StoreUrl | { readonly problem: string } {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  const rest = match?.[2] ?? '';
  switch (scheme) {
    case 'memory':
      return rest === '' ? { kind: 'memory' } : { problem: 'memory: has nothing behind the colon' };
    case 'sqlite':
      return sqliteUrl(rest);
    case 'postgres':
    case 'postgresql':
      return serverUrl('postgres', text);
    case 'mysql':
    case 'mariadb':
      return serverUrl('mysql', text.replace(/^mariadb:/i, 'mysql:'));
    default: {
      const known = 'use memory:, sqlite:FILE, postgres://user:password@host/database or mysql://…';
      const reason = unsupported[scheme] ?? known;
      return { problem: `${withoutPassword(text.slice(0, 200))} cannot be opened: ${reason}` };
    }
  }
}

/** A URL as a log or an error may show it. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/([^:@/]*):.*@/s, '//$1:***@');
}

// Kamailio's forms: sqlite:///file is relative to the working folder, sqlite:////file absolute.
function sqliteUrl(rest: string): StoreUrl | { readonly problem: string } {
  const file = rest.startsWith('///') ? rest.slice(3) : rest;
  if (file === '' || file.startsWith('//')) return { problem: 'sqlite: needs a file, as in sqlite:location.db' };
  return { kind: 'sqlite', file };
}

function serverUrl(kind: 'postgres' | 'mysql', text: string): StoreUrl | { readonly problem: string } {
  const shown = withoutPassword(text);
  if (!URL.canParse(text)) return { problem: `${shown} is no URL; write ${kind}://user:password@host/database` };
  const { hostname, pathname } = new URL(text);
  if (hostname === '') return { problem: `${shown} names no host; write ${kind}://user:password@host/database` };
  if (pathname.length < 2)
    return { problem: `${shown} names no database; write ${kind}://user:password@host/database` };
  return { kind, url: text };
}
