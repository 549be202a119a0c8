import { identifierProblem } from '../../location/persistence/identifier.ts';
import { defaultTable } from '../../modules/registrar.ts';
import { configError, type Problem } from '../../server/problem.ts';
import { schemaText } from '../../stores/schema-text.ts';
import type { DbTarget } from './db-target.ts';
import type { Output } from './output.ts';

/**
 * `aorta db schema`: prints the statements that make the tables.
 *
 * @throws AortaError `CONFIG_INVALID` for a name that no table can have
 */
export async function printSchema(
  { url, options, tables }: DbTarget,
  named: readonly string[] | undefined,
  stdout: Output,
): Promise<number> {
  const names = [...new Set(named ?? [defaultTable, ...tables])];
  const problems: Problem[] = [];
  for (const name of names) {
    const message = identifierProblem(name);
    if (message !== undefined) problems.push({ place: '--table', message });
  }
  if (problems.length > 0) throw configError(problems);
  await stdout.write(schemaText(url.kind, names, options.columns));
  return 0;
}
