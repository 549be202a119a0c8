/** What does the location cost by itself: bytes per contact, CPU per refresh, the longest pause? Packed and plain. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { program, say } from './program.ts';
import { markdownTable } from './report/table.ts';

interface Measured {
  readonly bytesPerContact: number;
  /** Of those, what the location's own report names; not there for the plain one. */
  readonly ownBytesPerContact: number | undefined;
  readonly newSpaceMb: number;
  readonly refreshUs: number;
  readonly growingMs: number;
  readonly collectingMs: number;
  readonly gcMs: number;
}

const kinds = ['packed', 'plain'] as const;
const sizes = process.argv.includes('--quick') ? [1000, 10_000] : [1000, 100_000, 1_000_000];

/** One measurement in a process of its own, for its memory to be known. */
function measure(kind: string, users: number): Promise<Measured> {
  const file = fileURLToPath(new URL('./location/measure.ts', import.meta.url));
  const flags = ['--conditions=aorta-source', '--expose-gc'];
  const child = spawn(process.execPath, [...flags, file, kind, String(users)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`bench/location/measure.ts ${kind} ${users} ended with ${code}`));
      // The program prints one object of this type.
      else resolve(JSON.parse(output) as Measured);
    });
  });
}

await program('What does the location cost by itself?', async () => {
  const rows: string[][] = [
    [
      ...[
        'location',
        'contacts',
        'bytes/contact (PSS)',
        'of its own report',
        'young generation, MB',
        'refresh, CPU µs',
      ],
      ...['longest update while growing, ms', 'longest collect of 1000, ms', 'full GC, ms'],
    ],
  ];
  for (const users of sizes) {
    for (const kind of kinds) {
      const measured = await measure(kind, users);
      rows.push([
        ...[kind, String(users), measured.bytesPerContact.toFixed(0), measured.ownBytesPerContact?.toFixed(0) ?? ''],
        ...[measured.newSpaceMb.toFixed(0), measured.refreshUs.toFixed(2)],
        ...[measured.growingMs.toFixed(2), measured.collectingMs.toFixed(2), measured.gcMs.toFixed(0)],
      ]);
    }
  }
  say(markdownTable(rows));
  say(
    'Bytes per contact: PSS of the process, full minus empty, after a GC; with few contacts it is the engine warming up.',
  );
  say('CPU of the thread, and for a refresh of its helpers too; the plain location collects everything in one call.');
});
