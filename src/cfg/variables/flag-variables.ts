import type { CfgRun } from '../run.ts';
import { plain, type VariableEntry } from './entry.ts';
import type { CfgValue } from './template.ts';
import { numberOf, textOf } from './values.ts';

/** The three words of flags. */
export const flagVariables: readonly VariableEntry[] = [
  {
    name: 'mf',
    doc: 'The message flags as a number.',
    origin: 'OpenSER 1.0',
    writes: 'Sets all of them.',
    make: plain(
      (run) => run.context.flags.word >>> 0,
      setWord((run) => run.context.flags),
    ),
  },
  {
    name: 'mF',
    doc: 'The message flags as eight hexadecimal digits.',
    origin: 'OpenSER 1.0',
    make: plain((run) => hex(run.context.flags.word)),
  },
  {
    name: 'bf',
    doc: 'The branch flags as a number: those of the branch in a branch block, else those of the Request-URI.',
    origin: 'OpenSER 1.2',
    writes: 'Sets all of them.',
    make: plain((run) => branchWord(run) >>> 0, setWord(branchFlagsOf)),
  },
  {
    name: 'bF',
    doc: 'The branch flags as eight hexadecimal digits.',
    origin: 'OpenSER 1.2',
    make: plain((run) => hex(branchWord(run))),
  },
  {
    name: 'sf',
    doc: 'The script flags as a number.',
    origin: 'OpenSER 1.2',
    writes: 'Sets all of them.',
    make: ({ scope }) => ({
      read: (run) => (scope.scriptFlags.find(run)?.word ?? 0) >>> 0,
      write: setWord((run) => scope.scriptFlags.of(run)),
    }),
  },
  {
    name: 'sF',
    doc: 'The script flags as eight hexadecimal digits.',
    origin: 'OpenSER 1.2',
    make: ({ scope }) => ({ read: (run) => hex(scope.scriptFlags.find(run)?.word ?? 0) }),
  },
];

function branchWord(run: CfgRun): number {
  return run.branch?.flags ?? run.context.branchFlags.word;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).toUpperCase().padStart(8, '0');
}

function setWord(flagsOf: (run: CfgRun) => { word: number }): (run: CfgRun, value: CfgValue) => string | undefined {
  return (run, value) => {
    const word = numberOf(value);
    if (word === undefined || word < 0 || word > 0xffffffff) return `'${textOf(value)}' is no word of 32 flags`;
    flagsOf(run).word = word | 0;
    return undefined;
  };
}

/** A branch keeps its flags as a bare word. */
function branchFlagsOf(run: CfgRun): { word: number } {
  const { branch } = run;
  if (branch === undefined) return run.context.branchFlags;
  return {
    get word() {
      return branch.flags;
    },
    set word(word: number) {
      branch.flags = word;
    },
  };
}
