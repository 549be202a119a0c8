// Writes the interface of a typed script's functions from the tables of src/cfg; a test says when it is out of date.
import { writeFileSync } from 'node:fs';
import { printScriptFunctions } from '../src/cfg/typed/print-script-functions.ts';

writeFileSync(new URL('../src/cfg/typed/script-functions.ts', import.meta.url), printScriptFunctions());
