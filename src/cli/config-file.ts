import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AortaError } from '../base/errors.ts';
import type { AortaOptions } from '../server/options.ts';

const scriptEndings = ['.ts', '.mts', '.js', '.mjs'];

/** Whether a file is TypeScript or JavaScript; any other is an openser.cfg. */
export function isScriptFile(file: string): boolean {
  return scriptEndings.includes(extname(file));
}

/**
 * Loads an `aorta.config.ts`.
 *
 * @param file its path, from the present folder
 * @param time how often it was loaded before: Node keeps a module for good, so each time it is another one. What the
 *   file itself imports stays as it was
 * @throws AortaError `CONFIG_NOT_FOUND` or `CONFIG_INVALID`; the message names the file and the remedy
 */
export async function loadScriptFile(file: string, time = 0): Promise<AortaOptions> {
  const path = resolve(file);
  if (!existsSync(path)) throw new AortaError('CONFIG_NOT_FOUND', `${file}: there is no such file`);
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(`${pathToFileURL(path).href}${time === 0 ? '' : `?time=${time}`}`);
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
