import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Reads `+ <group>` and `- <group>` lines; when there will be no more, kills the groups that are left. */
const script = `
groups=
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups $group"; continue; fi
  rest=
  for each in $groups; do [ "$each" = "$group" ] || rest="$rest $each"; done
  groups=$rest
done
for each in $groups; do kill -s KILL -- "-$each"; done`;

let pipe: Socket | undefined;

/**
 * Ends a process group when this process ends, in whatever way: a test runner that is interrupted kills its test
 * processes outright, and no handler of theirs runs. So a shell of its own session watches over a pipe that closes
 * by itself.
 */
export function guard(group: number): void {
  tell(`+ ${group}\n`);
}

/** Takes a group that has ended off the list, before its number is used again. */
export function unguard(group: number): void {
  tell(`- ${group}\n`);
}

function tell(line: string): void {
  pipe ??= start();
  pipe.write(line);
}

function start(): Socket {
  const shell = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  // A pipe to a child process is a socket, whatever the type says; it must not keep this process alive either.
  const stdin = shell.stdin as unknown as Socket;
  stdin.unref();
  return stdin;
}
