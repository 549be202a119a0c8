import type { RouteType } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isWritten } from './token.ts';

/** The words that begin a block (cfg-language §6), and what the block is run for. */
export const routeKeywords: ReadonlyMap<string, RouteType> = new Map([
  ['route', 'request'],
  ['request_route', 'request'],
  ['failure_route', 'failure'],
  ['onreply_route', 'onreply'],
  ['reply_route', 'onreply'],
  ['branch_route', 'branch'],
  ['error_route', 'error'],
  ['local_route', 'local'],
  ['onsend_route', 'onsend'],
  ['startup_route', 'startup'],
  ['timer_route', 'timer'],
  ['event_route', 'event'],
]);

export const tlsDomainKeywords = ['tls_domain', 'tls_server_domain', 'tls_client_domain'] as const;

/** Tokens that the name in `event_route[...]` may have. */
const longestName = 12;

/**
 * Whether something begins here that can stand in no block: the header of a route, `loadmodule "..."`, `modparam(`.
 * `route[1];` is a mistaken call instead.
 */
export function atTopLevel(cursor: Cursor): boolean {
  const { token } = cursor;
  if (token.kind !== 'word') return false;
  const behind = cursor.peek(1);
  if (token.text === 'loadmodule') return behind.kind === 'string';
  if (token.text === 'modparam') return isWritten(behind, '(');
  if (!routeKeywords.has(token.text)) return false;
  return isWritten(behind, '{') || (isWritten(behind, '[') && hasBody(cursor));
}

/** Whether a brace follows the name in brackets. */
function hasBody(cursor: Cursor): boolean {
  for (let distance = 2; distance < longestName; distance++) {
    if (isWritten(cursor.peek(distance), ']')) return isWritten(cursor.peek(distance + 1), '{');
  }
  return false;
}
