import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { Run, Step } from '../run-state.ts';
import { type CoreCommand, problem, requestOrFailure } from './command.ts';

function bindAppend(args: readonly BoundArgument[]): Step | BindingProblem {
  const [uri, quality] = args;
  const q = quality === undefined ? () => -1 : thousandths(quality);
  if (typeof q !== 'function') return q;
  if (uri === undefined || uri.literal === '') return appendPresent;
  const { template } = uri;
  return (run) => {
    const { context } = run;
    const text = template.text(run);
    const { destinationUri } = context;
    const branch = {
      uri: text,
      destinationUri,
      q: q(run),
      socket: context.sendSocket,
      flags: context.branchFlags.word,
    };
    return text !== '' && context.appendBranch(branch) ? 1 : -1;
  };
}

function appendPresent({ context }: Run): number {
  const { uri, destinationUri, q, path, flowId, sendSocket, branchFlags } = context;
  const branch = { uri, destinationUri, q, path, flowId, socket: sendSocket, flags: branchFlags.word };
  return context.appendBranch(branch) ? 1 : -1;
}

/** `"0.5"`: a q value in thousandths; nothing and what is none are unspecified. */
function thousandths({ literal, template }: BoundArgument): ((run: Run) => number) | BindingProblem {
  if (literal === undefined) return (run) => parseQ(template.text(run)) ?? -1;
  if (literal === '') return () => -1;
  const q = parseQ(literal);
  return q === undefined ? problem(`'${literal}' is no q value: expected 0 to 1, such as 0.5`, 1) : () => q;
}

function parseQ(text: string): number | undefined {
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?|\.\d{1,3})$/.test(text) ? Math.round(Number(text) * 1000) : undefined;
}

/** Commands about branches. */
export const branchCommands: readonly CoreCommand[] = [
  {
    names: ['append_branch'],
    arity: [0, 2],
    blocks: requestOrFailure,
    doc: 'Adds a branch: the given URI, or the present Request-URI; the destination URI goes along.',
    returns: '1; -1 when there are twelve branches already',
    bind: bindAppend,
  },
  {
    names: ['clear_branches'],
    arity: [0, 0],
    blocks: requestOrFailure,
    doc: 'Removes the branches that were appended.',
    returns: '1',
    bind: () => (run) => {
      run.context.clearBranches();
      return 1;
    },
  },
];
