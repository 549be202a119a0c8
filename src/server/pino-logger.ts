import { pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Logger } from '../base/logger.ts';

/** Levels of the log, the quietest last. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
/** One of `logLevels`. */
export type LogLevel = (typeof logLevels)[number];
/** How a log line looks: for people, or for programs. */
export const logFormats = ['pretty', 'json'] as const;
/** One of `logFormats`. */
export type LogFormat = (typeof logFormats)[number];

const stderr = 2;

/** A logger on stderr; stdout belongs to the ready line. */
export function pinoLogger(level: LogLevel, format: LogFormat): Logger {
  const destination =
    format === 'pretty'
      ? PinoPretty({ destination: stderr, sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' })
      : pino.destination({ dest: stderr, sync: true });
  const log = pino({ level }, destination);
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
}
