import type { ExtraBranch } from '../../routing/branch-set.ts';
import { formatQ } from '../../sip/headers/q-value.ts';
import type { CfgRun } from '../run.ts';
import { appendBranch } from './append-branch.ts';
import { plain, type VariableEntry, type VariableSite } from './entry.ts';
import { malformed, type VariableProblem } from './problem.ts';
import { placeOf } from './pv-index.ts';
import type { CfgValue, Variable } from './template.ts';
import { requestUriText } from './uri-of.ts';

/** Where the request goes beside its Request-URI. */
export const branchVariables: readonly VariableEntry[] = [
  {
    name: 'ds',
    doc: 'Everywhere the request goes, as a Contact header lists it.',
    origin: 'OpenSER 1.0',
    make: plain(destinationSet),
  },
  {
    name: 'br',
    doc: 'URI of the first branch beside the Request-URI.',
    origin: 'OpenSER 1.0',
    writes: 'Appends a branch.',
    emptyWhenAbsent: true,
    make: plain((run) => run.context.branches[0]?.uri, appendBranch),
  },
  {
    name: 'bR',
    doc: 'URIs of all branches beside the Request-URI, with commas between them.',
    origin: 'OpenSER 1.0',
    emptyWhenAbsent: true,
    make: plain(({ context }) =>
      context.branches.length === 0 ? undefined : context.branches.map(({ uri }) => uri).join(','),
    ),
  },
  {
    name: 'branch',
    doc: 'A part of a branch beside the Request-URI, the first or the one that an index names: `uri`, `dst_uri`, `path`, `q`, `flags`, `send_socket`; `count` says how many there are. Without parentheses the URI.',
    origin: 'Kamailio',
    writes: 'Without parentheses: appends a branch.',
    argument: 'uri',
    argumentOptional: true,
    indexed: true,
    make: makeBranch,
  },
];

const branchParts: Readonly<Record<string, (branch: ExtraBranch) => CfgValue>> = {
  uri: ({ uri }) => uri,
  dst_uri: ({ destinationUri }) => destinationUri,
  path: ({ path }) => path,
  q: ({ q = -1 }) => (q < 0 ? undefined : formatQ(q)),
  Q: ({ q = -1 }) => (q < 0 ? undefined : formatQ(q)),
  flags: ({ flags = 0 }) => flags >>> 0,
  send_socket: ({ socket }) => socket?.toString(),
};

function makeBranch({ argument, argumentText, index }: VariableSite): Variable | VariableProblem {
  if (index === 'all') return malformed('$branch takes the number of one branch');
  if (argumentText === 'count') return { read: (run) => run.context.branches.length };
  const word = argument === undefined ? 'uri' : (argumentText ?? '');
  const part = Object.hasOwn(branchParts, word) ? branchParts[word] : undefined;
  if (part === undefined)
    return malformed(`$branch has no '${word}'; it has ${Object.keys(branchParts).join(', ')}, count`);
  const read = (run: CfgRun): CfgValue => {
    const branch = run.context.branches[placeOf(run.context.branches.length, index, run)];
    return branch && part(branch);
  };
  return argument === undefined && index === undefined ? { read, write: appendBranch } : { read };
}

function destinationSet(run: CfgRun): string | undefined {
  const uri = requestUriText(run);
  if (uri === undefined) return undefined;
  let text = contact(uri, run.context.q);
  for (const branch of run.context.branches) text += `, ${contact(branch.uri, branch.q ?? -1)}`;
  return text;
}

function contact(uri: string, q: number): string {
  return q < 0 ? `<${uri}>` : `<${uri}>;q=${formatQ(q)}`;
}
