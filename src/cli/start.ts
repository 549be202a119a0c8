import type { AortaOptions } from '../server/options.ts';
import { pinoLogger } from '../server/pino-logger.ts';
import { wordsOf } from '../server/ready-line.ts';
import { createServer } from '../server/server.ts';
import type { StartArguments } from './arguments.ts';
import { loadConfigFile } from './config-file.ts';

/**
 * `aorta start`: runs a server until SIGTERM or SIGINT. stdout gets the ready line and nothing else.
 *
 * @throws AortaError what keeps it from starting
 */
export async function start({ file, options, logLevel, logFormat }: StartArguments): Promise<void> {
  const fromFile = file === undefined ? {} : await loadConfigFile(file);
  const logger = pinoLogger(logLevel, logFormat);
  const server = createServer(merge(fromFile, options), { logger });
  await server.start();
  const stop = (signal: NodeJS.Signals): void => {
    logger.info('stopping', { signal });
    // What is answered before the sockets close was received before the signal.
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('could not stop cleanly', { error: String(error) });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`${wordsOf(server, performance.now())}\n`);
}

/** Command line over file: lists replace, `--set` adds. */
function merge(file: AortaOptions, commandLine: AortaOptions): AortaOptions {
  const set = [...(file.set ?? []), ...(commandLine.set ?? [])];
  return { ...file, ...commandLine, ...(set.length > 0 && { set }) };
}
