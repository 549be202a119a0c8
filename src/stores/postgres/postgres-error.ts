import { problemOfSocket, ServerError, type ServerProblem } from '../sql/server-error.ts';

/** SQLSTATEs (manual, appendix A) that have a meaning of their own for an operator. */
const ofState: Readonly<Record<string, ServerProblem>> = {
  '08P01': 'broken',
  '25006': 'read-only',
  '25P03': 'ended',
  '28000': 'wrong-user',
  '28P01': 'wrong-user',
  '3D000': 'no-database',
  '40001': 'conflict',
  '40P01': 'conflict',
  '42501': 'no-right',
  '53100': 'disk-full',
  '53200': 'no-memory',
  '53300': 'too-many-connections',
  '55P03': 'locked',
  '57014': 'no-answer',
  '57P01': 'ended',
  '57P02': 'ended',
  '57P03': 'starting',
  '57P04': 'no-database',
  '58030': 'no-answer',
  XX001: 'corrupt',
  XX002: 'corrupt',
};

/**
 * SQLSTATEs after which a connection is of no more use: the server has ended it (the severity may be in any language), or
 * its prepared statements are not those of the server any more, because somebody has altered a table or stands between.
 */
const lastStates = new Set(['08P01', '25P03', '57P01', '57P02', '57P03', '57P04', '57P05', '0A000', '26000', '42P05']);

/** What `pg` and the server say, as errors of a store. */
export function postgresError(place: string, error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  const { code, message = String(error) } = error as { code?: unknown; message?: string };
  return new ServerError(place, problemOf(code, message, error), message, error);
}

/** Whether the server has ended the connection, or the connection cannot go on. */
export function isEndOfConnection(error: unknown): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  if (severity === 'FATAL' || severity === 'PANIC') return true;
  return severity === undefined || (typeof code === 'string' && lastStates.has(code));
}

function problemOf(code: unknown, message: string, error: unknown): ServerProblem {
  const known = (typeof code === 'string' ? ofState[code] : undefined) ?? problemOfSocket(error);
  if (known !== undefined) return known;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return 'refused';
  // What `pg` says has no code.
  if (/password must be a (non-empty )?string/.test(message)) return 'no-password';
  if (/timeout expired/.test(message)) return 'no-connection';
  if (/SSL|TLS|certificate|channel binding/i.test(message) || String(code).startsWith('ERR_TLS')) return 'no-tls';
  return 'broken';
}
