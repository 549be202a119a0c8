import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgFunction } from '../cfg-function.ts';
import type { BlockKind, CfgRun } from '../run.ts';
import { anyBlock, codeOf, problem, textOf } from './arguments.ts';

// The functions of tm that arm blocks for what becomes of a request.

const notBranch: readonly BlockKind[] = ['request', 'failure', 'reply'];

type Arm = (run: CfgRun, route: string | undefined) => void;

function bindArm(
  args: readonly BoundArgument[],
  site: BindingSite,
  kind: Exclude<BlockKind, 'request'>,
  arm: Arm,
): CfgCall | BindingProblem {
  const [argument] = args;
  if (argument === undefined) return problem('the name of the block is missing');
  const { literal } = argument;
  if (literal === undefined) {
    const nameOf = textOf(argument);
    return (run) => {
      const name = nameOf(run);
      if (!site.hasBlock(kind, name)) return -1;
      arm(run, name);
      return 1;
    };
  }
  if (literal !== '0' && !site.hasBlock(kind, literal)) {
    return problem(`there is no ${blockNames[kind]}[${literal}]; write one, or "0" to disarm`, 0);
  }
  const route = literal === '0' ? undefined : literal;
  return (run) => {
    arm(run, route);
    return 1;
  };
}

const blockNames = { failure: 'failure_route', branch: 'branch_route', reply: 'onreply_route' } as const;

const armFailure: Arm = ({ context, services }, route) => services.modules.tm.onFailure(context, route);
const armReply: Arm = ({ context, services }, route) => services.modules.tm.onReply(context, route);
const armBranch: Arm = ({ context, services }, route) => services.modules.tm.onBranch(context, route);

/** What `t_is_set` calls a block. */
const armedKinds = { branch_route: 'branch', failure_route: 'failure', onreply_route: 'reply' } as const;

function bindIsSet(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const name = args[0]?.literal ?? '';
  if (!isArmedKind(name)) return problem(`the kind of block must be one of ${Object.keys(armedKinds).join(', ')}`, 0);
  const kind = armedKinds[name];
  return ({ context, services }) => codeOf(services.modules.tm.isArmed(context, kind));
}

function isArmedKind(name: string): name is keyof typeof armedKinds {
  return Object.hasOwn(armedKinds, name);
}

export const armingFunctions: readonly CfgFunction[] = [
  {
    name: 't_on_failure',
    arity: [1, 1],
    blocks: notBranch,
    doc: 'Arms a failure_route for when every branch has failed, once; "0" disarms.',
    returns: '1; -1 when variables name no block',
    bind: (args, site) => bindArm(args, site, 'failure', armFailure),
  },
  {
    name: 't_on_reply',
    arity: [1, 1],
    blocks: notBranch,
    doc: 'Arms an onreply_route for every reply from downstream; "0" disarms.',
    returns: '1; -1 when variables name no block',
    bind: (args, site) => bindArm(args, site, 'reply', armReply),
  },
  {
    name: 't_on_branch',
    arity: [1, 1],
    blocks: notBranch,
    doc: 'Arms a branch_route for every copy before it is sent; "0" disarms.',
    returns: '1; -1 when variables name no block',
    bind: (args, site) => bindArm(args, site, 'branch', armBranch),
  },
  {
    name: 't_is_set',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether a block is armed: "branch_route", "failure_route" or "onreply_route".',
    returns: '1 true; -1 false',
    bind: bindIsSet,
  },
];
