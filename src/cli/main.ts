#!/usr/bin/env node
import { AortaError } from '../base/errors.ts';
import { aortaVersion } from '../server/version.ts';
import { readArguments, usage } from './arguments.ts';

/** Exit codes of design: 1 for wrong options or config, 2 for what cannot be bound or opened. */
function exitCode(error: unknown): number {
  const isConfig = error instanceof AortaError && error.code.startsWith('CONFIG_');
  return isConfig ? 1 : 2;
}

function fail(message: string): void {
  for (const line of message.split('\n')) process.stderr.write(`aorta: ${line}\n`);
}

/** An error that a user can cause is said without a stack. */
async function orFail(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AortaError)) throw error;
    fail(error.message);
    process.exitCode = exitCode(error);
  }
}

// A command loads what it needs alone: `aorta ul` is there at once.
const command = readArguments(process.argv.slice(2));
switch (command.name) {
  case 'help':
    process.stdout.write(usage);
    break;
  case 'version':
    process.stdout.write(`aorta ${aortaVersion}\n`);
    break;
  case 'wrong':
    for (const { place, message } of command.problems) fail(`${place}: ${message}`);
    process.exitCode = 1;
    break;
  case 'start':
    await orFail(async () => (await import('./start.ts')).start(command.start));
    break;
  case 'check':
    await orFail(async () => {
      const { check } = await import('./check.ts');
      if (!(await check(command.check))) process.exitCode = 1;
    });
    break;
  case 'adapt':
    await orFail(async () => {
      const { adaptFile } = await import('./adapt.ts');
      if (!adaptFile(command.adapt)) process.exitCode = 1;
    });
    break;
  case 'db':
    await orFail(async () => {
      const { db } = await import('./db.ts');
      process.exitCode = await db(command.db);
    });
    break;
  case 'ul':
    process.exitCode = await (await import('./ul.ts')).ul(command.ul);
}
