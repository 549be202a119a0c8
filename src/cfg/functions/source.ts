import type { Source } from '../../nat/source.ts';
import type { CfgRun } from '../run.ts';

/** Where the message of a block came from: in a reply block the answer, else the request. */
export function sourceOf(run: CfgRun): Source {
  return run.reply?.flow ?? run.context.flow;
}
