import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AortaError } from '../base/errors.ts';
import type { AortaOptions } from '../server/options.ts';

const scriptEndings = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Loads an `aorta.config.ts`.
 *
 * @param file its path, from the present folder
 * @throws AortaError `CONFIG_NOT_FOUND` or `CONFIG_INVALID`; the message names the file and the remedy
 */
export async function loadConfigFile(file: string): Promise<AortaOptions> {
  const path = resolve(file);
  if (!existsSync(path)) throw new AortaError('CONFIG_NOT_FOUND', `${file}: there is no such file`);
  if (!scriptEndings.includes(extname(path))) {
    throw new AortaError(
      'CONFIG_INVALID',
      `${file}: only a TypeScript or JavaScript file can be run by this version (${scriptEndings.join(', ')})`,
    );
  }
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new AortaError('CONFIG_INVALID', `${file}: ${firstLines(error)}`, { cause: error });
  }
  const options = loaded.default;
  if (typeof options !== 'object' || options === null) {
    throw new AortaError('CONFIG_INVALID', `${file}: must have a default export made by defineConfig({ … })`);
  }
  return options;
}

// The place of a syntax error stands above the message in a stack; of other errors, right below it.
function firstLines(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return stack.split('\n').slice(0, 5).join('\n');
}
