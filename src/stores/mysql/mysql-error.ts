import { problemOfSocket, ServerError, type ServerProblem } from '../sql/server-error.ts';

/** Numbers of errors (MySQL's and MariaDB's server error references) that have a meaning of their own for an operator. */
const ofNumber: Readonly<Record<number, ServerProblem>> = {
  1020: 'conflict',
  1021: 'disk-full',
  1026: 'disk-full',
  1034: 'corrupt',
  1035: 'corrupt',
  1037: 'no-memory',
  1038: 'no-memory',
  1040: 'too-many-connections',
  1041: 'no-memory',
  1044: 'no-right',
  1045: 'wrong-user',
  1047: 'starting',
  1049: 'no-database',
  1053: 'ended',
  1114: 'disk-full',
  1129: 'no-right',
  1130: 'wrong-user',
  1142: 'no-right',
  1143: 'no-right',
  1158: 'broken',
  1159: 'broken',
  1160: 'broken',
  1161: 'broken',
  1194: 'corrupt',
  1195: 'corrupt',
  1203: 'too-many-connections',
  1205: 'locked',
  1213: 'conflict',
  1226: 'too-many-connections',
  1227: 'no-right',
  1290: 'read-only',
  1317: 'ended',
  1370: 'no-right',
  1698: 'wrong-user',
  1712: 'corrupt',
  1792: 'read-only',
  1836: 'read-only',
  1862: 'wrong-user',
  1927: 'ended',
  1969: 'no-answer',
  3024: 'no-answer',
  3058: 'conflict',
  3118: 'wrong-user',
  3159: 'no-tls',
  4031: 'ended',
  4151: 'wrong-user',
};

/** Numbers after which the server closes the connection. */
const lastNumbers = new Set([1053, 1153, 1158, 1159, 1160, 1161, 1927, 4031]);

/** What `mysql2` and the server say, as errors of a store. */
export function mysqlError(place: string, error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  const { message = String(error) } = error as { message?: string };
  return new ServerError(place, problemOf(error, message), message, error);
}

/** Whether the server has ended the connection, or the connection cannot go on. */
export function isEndOfConnection(error: unknown): boolean {
  const number = numberOf(error);
  return number === undefined || lastNumbers.has(number) || (error as { fatal?: unknown }).fatal === true;
}

/** The server's number of an error; undefined when it is not the server's. */
export function numberOf(error: unknown): number | undefined {
  const { errno } = error as { errno?: unknown };
  // Those of the operating system are negative.
  return typeof errno === 'number' && errno >= 1000 ? errno : undefined;
}

function problemOf(error: unknown, message: string): ServerProblem {
  const number = numberOf(error);
  if (number === 1045 && message.includes('using password: NO')) return 'no-password';
  if (number !== undefined) return ofNumber[number] ?? 'refused';
  const ofSocket = problemOfSocket(error);
  if (ofSocket !== undefined) return ofSocket;
  // What `mysql2` and Node say of TLS has many codes.
  return /SSL|TLS|certificate/i.test(`${message} ${(error as { code?: unknown }).code}`) ? 'no-tls' : 'broken';
}
