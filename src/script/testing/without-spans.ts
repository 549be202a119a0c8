import type { Script } from '../ast.ts';

/** The tree without its places, to compare two texts that mean the same. */
export function withoutSpans(script: Script): unknown {
  return JSON.parse(JSON.stringify(script, (key, value) => (key === 'span' || key === 'nameSpan' ? undefined : value)));
}
