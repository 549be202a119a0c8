import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { CoreSite } from '../function-index.ts';
import type { Run, Step } from '../run-state.ts';
import { anyBlock, type CoreCommand, problem } from './command.ts';
import { flagOfArgument } from './numbers.ts';

/** A word of 32 flags that commands change. */
interface FlagWord {
  read(run: Run): number;
  write(run: Run, word: number): void;
}

const messageFlags: FlagWord = {
  read: (run) => run.context.flags.word,
  write: (run, word) => {
    run.context.flags.word = word;
  },
};

// In a branch block those of the branch, else those of the Request-URI's branch.
const branchFlags: FlagWord = {
  read: (run) => (run.branch === undefined ? run.context.branchFlags.word : run.branch.flags),
  write: (run, word) => {
    if (run.branch === undefined) run.context.branchFlags.word = word;
    else run.branch.flags = word;
  },
};

type Use = (word: FlagWord, run: Run, bit: number) => number;

const set: Use = (word, run, bit) => {
  word.write(run, word.read(run) | bit);
  return 1;
};
const reset: Use = (word, run, bit) => {
  word.write(run, word.read(run) & ~bit);
  return 1;
};
const test: Use = (word, run, bit) => ((word.read(run) & bit) === 0 ? -1 : 1);

function using(word: (site: CoreSite) => FlagWord, use: Use) {
  return (args: readonly BoundArgument[], site: CoreSite): Step | BindingProblem => {
    // `setbflag(branch, flag)`: only the Request-URI's branch can be reached from here.
    if (args.length === 2 && args[0]?.literal !== '0') {
      return problem('only branch 0, that of the Request-URI, can be named here', 0);
    }
    const flag = flagOfArgument(args, args.length - 1, site);
    if (typeof flag !== 'function') return flag;
    const flags = word(site);
    return (run) => {
      const number = flag(run);
      return number === undefined ? -1 : use(flags, run, 1 << number);
    };
  };
}

function family(kind: '' | 's' | 'b', what: string, word: (site: CoreSite) => FlagWord): readonly CoreCommand[] {
  const most = kind === 'b' ? 2 : 1;
  const command = (names: readonly string[], doc: string, returns: string, use: Use): CoreCommand => ({
    names,
    arity: [1, most],
    blocks: anyBlock,
    doc,
    returns,
    bind: using(word, use),
  });
  return [
    command([`set${kind}flag`], `Sets ${what}.`, '1', set),
    command([`reset${kind}flag`], `Resets ${what}.`, '1', reset),
    command([`is${kind}flagset`], `Whether ${what} is set.`, '1 set; -1 not set', test),
  ];
}

/** Message flags, script flags, branch flags (cfg-language §11). */
export const flagCommands: readonly CoreCommand[] = [
  ...family('', 'a message flag', () => messageFlags),
  ...family('s', 'a script flag, which the transaction does not keep', ({ unit }) => {
    const { scriptFlags } = unit.scope;
    return {
      read: (run) => scriptFlags.find(run)?.word ?? 0,
      write: (run, bits) => {
        scriptFlags.of(run).word = bits;
      },
    };
  }),
  ...family('b', "a flag of the branch, or of the Request-URI's branch", () => branchFlags),
];
