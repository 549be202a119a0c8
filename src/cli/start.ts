import { defaultAdminAddress } from '../admin/admin-address.ts';
import type { Logger } from '../base/logger.ts';
import type { LoadedCfg } from '../cfg/index.ts';
import { formatDiagnostic } from '../script/diagnostic.ts';
import type { AortaOptions } from '../server/options.ts';
import { type LogLevel, pinoLogger } from '../server/pino-logger.ts';
import { wordsOf } from '../server/ready-line.ts';
import { createServer } from '../server/server.ts';
import type { StartArguments } from './arguments.ts';
import { isError, loadCfgFile, optionsOfCfg } from './cfg-file.ts';
import { isScriptFile, loadScriptFile } from './config-file.ts';
import { mergedOptions } from './merged-options.ts';
import { adminTokenOf } from './ul/environment.ts';

/** What a file says: options, and for an openser.cfg everything that there is to say about it. */
interface Loaded {
  readonly options: AortaOptions;
  readonly logLevel: LogLevel | undefined;
  readonly cfg: LoadedCfg | undefined;
}

/**
 * `aorta start`: runs a server until SIGTERM or SIGINT; SIGHUP loads its file anew. stdout gets the ready line and
 * nothing else.
 *
 * @throws AortaError what keeps it from starting
 */
export async function start(given: StartArguments): Promise<void> {
  let times = 0;
  let loaded = await load(given, undefined, times);
  const logger = pinoLogger(given.logLevel ?? loaded.logLevel ?? 'info', given.logFormat);
  tell(loaded, logger);
  const server = createServer(withAdmin(mergedOptions(loaded.options, given.options)), { logger });
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
  const reload = async (): Promise<void> => {
    times += 1;
    const next = await load(given, loaded.cfg, times);
    server.reload(withAdmin(mergedOptions(next.options, given.options)));
    tell(next, logger);
    loaded = next;
    logger.info('reloaded', { file: given.file });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.on('SIGHUP', () => {
    reload().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      logger.error(`not reloaded, everything goes on as it was: ${why}`, { file: given.file });
    });
  });
  process.stdout.write(`${await wordsOf(server, performance.now())}\n`);
}

async function load({ file, lenient }: StartArguments, previous: LoadedCfg | undefined, time: number): Promise<Loaded> {
  if (file === undefined) return { options: {}, logLevel: undefined, cfg: undefined };
  if (isScriptFile(file)) return { options: await loadScriptFile(file, time), logLevel: undefined, cfg: undefined };
  const cfg = loadCfgFile(file, { lenient, previous });
  return { options: optionsOfCfg(cfg), logLevel: cfg.logLevel, cfg };
}

/** A server of its own can be asked what it has, unless it is told otherwise. */
function withAdmin(options: AortaOptions): AortaOptions {
  const token = adminTokenOf(process.env);
  return { admin: defaultAdminAddress, ...(token !== undefined && { adminToken: token }), ...options };
}

/** What does not keep a configuration from running, but is worth knowing. */
function tell({ cfg }: Loaded, logger: Logger): void {
  for (const diagnostic of cfg?.diagnostics ?? []) {
    if (isError(diagnostic)) continue;
    const text = formatDiagnostic(diagnostic);
    if (diagnostic.severity === 'warning') logger.warn(text);
    else logger.debug(text);
  }
}
