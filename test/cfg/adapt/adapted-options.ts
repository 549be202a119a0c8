import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adapt } from '../../../src/adapt/index.ts';
import type { LoadedCfg } from '../../../src/cfg/index.ts';
import { formatDiagnostic } from '../../../src/script/diagnostic.ts';
import type { AortaOptions } from '../../../src/server/options.ts';

/** The TypeScript of a configuration; there must be nothing that cannot be said. */
export function adaptedText(loaded: LoadedCfg): string {
  const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors.map(formatDiagnostic), []);
  const { text, problems } = adapt(loaded);
  assert.deepEqual(problems.map(formatDiagnostic), []);
  return text;
}

/** What the TypeScript of a configuration exports, as the command line loads it. */
export async function adaptedOptions(loaded: LoadedCfg): Promise<AortaOptions> {
  const index = new URL('../../../src/index.ts', import.meta.url).href;
  const folder = mkdtempSync(join(tmpdir(), 'aorta-adapted-'));
  try {
    const file = join(folder, 'aorta.config.ts');
    writeFileSync(file, adaptedText(loaded).replace("from 'aorta'", `from '${index}'`));
    const exported: { readonly default: AortaOptions } = await import(pathToFileURL(file).href);
    return exported.default;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
