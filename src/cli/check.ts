import { AortaError } from '../base/errors.ts';
import { diagnosticToJson, formatDiagnostic, type Severity } from '../script/diagnostic.ts';
import { resolveOptions } from '../server/options.ts';
import type { CheckArguments } from './arguments.ts';
import { loadCfgFile, optionsOfCfg } from './cfg-file.ts';
import { isScriptFile, loadScriptFile } from './config-file.ts';

/**
 * `aorta check FILE`: says everything that is to say about a configuration and runs nothing.
 *
 * @returns whether it could be run
 */
export async function check(given: CheckArguments): Promise<boolean> {
  return isScriptFile(given.file) ? checkScript(given.file) : checkCfg(given);
}

async function checkScript(file: string): Promise<boolean> {
  try {
    resolveOptions(await loadScriptFile(file));
  } catch (error) {
    if (!(error instanceof AortaError)) throw error;
    process.stdout.write(`${error.message}\n`);
    return false;
  }
  process.stdout.write(`${file}: no errors\n`);
  return true;
}

function checkCfg({ file, format, lenient }: CheckArguments): boolean {
  const loaded = loadCfgFile(file, { lenient });
  const { diagnostics } = loaded;
  // What single statements cannot show: parameters of two modules that contradict each other.
  const together = loaded.hasErrors ? undefined : problemOf(() => resolveOptions(optionsOfCfg(loaded)));
  if (format === 'json') {
    const all = diagnostics.map(diagnosticToJson);
    const more = together === undefined ? [] : [{ file, severity: 'error', code: 'contradiction', message: together }];
    process.stdout.write(`${JSON.stringify([...all, ...more], undefined, 2)}\n`);
  } else {
    for (const diagnostic of diagnostics) process.stdout.write(`${formatDiagnostic(diagnostic)}\n`);
    if (together !== undefined) process.stdout.write(`${file}: error: ${together}\n`);
    const count = (severity: Severity) => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    const errors = count('error') + (together === undefined ? 0 : 1);
    process.stdout.write(`${file}: ${errors} errors, ${count('warning')} warnings, ${count('info')} notes\n`);
  }
  return !loaded.hasErrors && together === undefined;
}

function problemOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof AortaError) return error.message;
    throw error;
  }
}
