import { AortaError } from '../base/errors.ts';
import { type LoadedCfg, loadCfg } from '../cfg/index.ts';
import { type Diagnostic, formatDiagnostic } from '../script/diagnostic.ts';
import type { AortaOptions } from '../server/options.ts';
import { addressesOfInterface, readSystemFile } from './system-files.ts';

/** How an openser.cfg is taken. */
export interface CfgFileOptions {
  /** What this server cannot do for it is a warning, where it would be an error. */
  readonly lenient: boolean;
  /** The one that it replaces: what its scripts shared lives on. */
  readonly previous?: LoadedCfg | undefined;
}

/** Loads an openser.cfg from the disk; what is wrong with it is among its diagnostics. */
export function loadCfgFile(file: string, { lenient, previous }: CfgFileOptions): LoadedCfg {
  return loadCfg(file, readSystemFile, {
    lenient,
    addressesOf: addressesOfInterface,
    processId: process.pid,
    ...(previous && { shared: previous.shared }),
  });
}

/**
 * The options of a server that runs it.
 *
 * @throws AortaError `CONFIG_INVALID` with every error of the file, its place and its remedy
 */
export function optionsOfCfg({ options, routes, diagnostics, hasErrors }: LoadedCfg): AortaOptions {
  if (hasErrors) throw new AortaError('CONFIG_INVALID', diagnostics.filter(isError).map(formatDiagnostic).join('\n'));
  return { ...options, routes };
}

/** Whether a diagnostic keeps the file from being run. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
