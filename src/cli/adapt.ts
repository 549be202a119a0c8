import { adapt } from '../adapt/index.ts';
import { formatDiagnostic } from '../script/diagnostic.ts';
import { resolveOptions } from '../server/options.ts';
import type { AdaptArguments } from './arguments.ts';
import { isError, loadCfgFile, optionsOfCfg } from './cfg-file.ts';

/**
 * `aorta adapt FILE`: prints an `aorta.config.ts` that does what an openser.cfg does; what is wrong goes to stderr.
 *
 * @returns whether it could be printed
 * @throws AortaError `CONFIG_INVALID` when its parameters contradict each other
 */
export function adaptFile({ file, lenient }: AdaptArguments): boolean {
  const loaded = loadCfgFile(file, { lenient });
  const problems = loaded.diagnostics.filter(isError);
  if (problems.length === 0) {
    resolveOptions(optionsOfCfg(loaded));
    const adapted = adapt(loaded);
    problems.push(...adapted.problems);
    if (problems.length === 0) process.stdout.write(adapted.text);
  }
  for (const problem of problems) process.stderr.write(`${formatDiagnostic(problem)}\n`);
  return problems.length === 0;
}
