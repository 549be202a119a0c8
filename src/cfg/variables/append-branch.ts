import type { CfgRun } from '../run.ts';
import type { CfgValue } from './template.ts';
import { checkedUri } from './uri-rewrite.ts';
import { textOf } from './values.ts';

/** What an assignment to `$br` and `$branch` does. */
export function appendBranch(run: CfgRun, value: CfgValue): string | undefined {
  if (value === undefined) return 'a branch needs a URI';
  const checked = checkedUri(textOf(value));
  if ('problem' in checked) return checked.problem;
  const appended = run.context.appendBranch({ uri: checked.uri });
  return appended ? undefined : 'there are too many branches, or the URI is too long';
}
