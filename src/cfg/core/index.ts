import type { Overload } from '../function-index.ts';
import { branchCommands } from './branch-commands.ts';
import { overloadsOf } from './command.ts';
import { destinationCommands } from './destination-commands.ts';
import { flagCommands } from './flag-commands.ts';
import { forwardCommands } from './forward-commands.ts';
import { otherCommands } from './other-commands.ts';
import { uriCommands } from './uri-commands.ts';

/** The core commands (cfg-language §8), which need no module. `route`, `exit`, `drop` and `return` are statements. */
export const coreCommands: readonly Overload[] = overloadsOf([
  ...uriCommands,
  ...branchCommands,
  ...destinationCommands,
  ...flagCommands,
  ...forwardCommands,
  ...otherCommands,
]);
