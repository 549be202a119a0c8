/** Every bench program, short, one after the other (`npm run bench`); other arguments go to each of them. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAMS = [
  'parse',
  'in-process',
  'in-process-relay',
  'routes',
  'location',
  'floor',
  'register',
  'lookup',
  'relay',
  'tcp',
  'memory',
];

/** Runs one program with our own output; its exit code. */
function run(name: string, args: readonly string[]): Promise<number> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=aorta-source', file, ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

for (const name of PROGRAMS) {
  process.stdout.write(`\n## ${name}\n`);
  const args = name === 'parse' || name.startsWith('in-process') ? [] : ['--quick', ...process.argv.slice(2)];
  const code = await run(name, args);
  if (code !== 0) {
    process.stderr.write(`bench/${name}.ts ended with ${code}\n`);
    process.exitCode = 1;
  }
}
