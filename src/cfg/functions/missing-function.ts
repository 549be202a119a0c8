import type { CfgFunction } from '../cfg-function.ts';
import { anyBlock, problem } from './arguments.ts';

/** A function that this server has not, because of what it would need. Calling it is an error when the file is read. */
export function missingFunction(name: string, why: string): CfgFunction {
  return {
    name,
    arity: [0, 8],
    blocks: anyBlock,
    doc: `Not here: ${why}.`,
    returns: 'nothing: the call is an error',
    bind: () => problem(`${name} cannot be called: ${why}`),
  };
}
