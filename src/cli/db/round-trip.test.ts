import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { asAor } from '../../location/aor.ts';
import { makeDatabase } from '../../stores/open-database.ts';
import { sampleBinding, sampleNow } from '../../testing/sample-binding.ts';
import { storedBindings } from '../testing/stored-bindings.ts';
import { readDb } from './arguments.ts';
import { type DbTarget, targetOf } from './db-target.ts';
import { exportBindings } from './export.ts';
import { importBindings } from './import.ts';
import { Output } from './output.ts';

const folder = mkdtempSync(join(tmpdir(), 'aorta-dump-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function newPath(): string {
  count += 1;
  return join(folder, String(count));
}

async function newTarget(): Promise<DbTarget> {
  const read = readDb(['export', '--db', `sqlite:${newPath()}`]);
  assert.ok(read.name === 'db');
  return targetOf(read.db);
}

/** A stream that keeps what it gets. */
class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

async function exported(target: DbTarget): Promise<{ readonly text: string; readonly said: string }> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const options = { tables: undefined, all: false, now: sampleNow };
  assert.equal(await exportBindings(target, options, new Output(stdout), new Output(stderr)), 0);
  return { text: stdout.text, said: stderr.text };
}

async function imported(
  target: DbTarget,
  text: string | Buffer,
): Promise<{ readonly code: number; readonly said: string }> {
  const input = newPath();
  writeFileSync(input, text);
  const stderr = new Kept();
  let ruids = 0;
  const ruid = () => `new-${++ruids}`;
  const code = await importBindings(target, { input, dryRun: false, now: sampleNow, ruid }, new Output(stderr));
  return { code, said: stderr.text };
}

describe('aorta db export | aorta db import', () => {
  test('property: exported, imported and exported again, it is the same bytes', async () => {
    const rows = fc.record({ table: fc.constantFrom('location', 'aliases'), row: storedBindings(sampleNow) });
    const some = fc.uniqueArray(rows, { maxLength: 40, selector: ({ table, row }) => `${table} ${row.binding.ruid}` });
    await fc.assert(
      fc.asyncProperty(some, async (list) => {
        const [first, second] = [await newTarget(), await newTarget()];
        const database = makeDatabase(first.url, first.options);
        await database.open();
        for (const table of ['location', 'aliases']) await database.openTable(table);
        const changes = list.map(({ table, row: { aor, binding } }) => {
          return { table, aor, ruid: binding.ruid, before: 'unknown', after: binding } as const;
        });
        await database.commit(changes);
        await database.close();
        const before = await exported(first);
        assert.match(before.said, new RegExp(`^exported ${list.length} bindings? of 2 tables; 0 rows left out`));
        const { code, said } = await imported(second, before.text);
        assert.equal(code, 0, said);
        assert.equal((await exported(second)).text, before.text);
      }),
      { numRuns: 12 },
    );
  });

  test('a binding with a ruid overwrites itself, in one commit too; one without gets a ruid', async () => {
    const target = await newTarget();
    const line = (ruid: string | null, userAgent: string) =>
      `${JSON.stringify({
        ...{ table: 'location', aor: 'alice', ruid, contact: 'sip:alice@10.0.0.1' },
        ...{ expiresAt: '2030-01-01T00:00:00Z', userAgent },
      })}\n`;
    const header = '{"format":"aorta-location","version":1,"useDomain":false}\n';
    const dump = `${header}${line('a', 'one')}${line('b', 'two')}${line('a', 'three')}${line(null, 'four')}`;
    assert.deepEqual(await imported(target, dump), {
      code: 0,
      said: 'imported 4 bindings into 1 table; 0 lines left out\n',
    });
    await imported(target, `${header}${line('b', 'five')}`);
    const lines = (await exported(target)).text.trim().split('\n').slice(1);
    assert.deepEqual(
      lines.map((text) => JSON.parse(text)).map(({ ruid, userAgent }) => [ruid, userAgent]),
      [
        ['a', 'three'],
        ['b', 'five'],
        ['new-1', 'four'],
      ],
    );
  });

  test('thousands of bindings are several commits', async () => {
    const [first, second] = [await newTarget(), await newTarget()];
    const database = makeDatabase(first.url, first.options);
    await database.open();
    await database.openTable('location');
    const changes = Array.from({ length: 5_001 }, (_, i) => {
      const after = sampleBinding(`r${i}`);
      return { table: 'location', aor: asAor(`u${i}`), ruid: after.ruid, before: 'unknown', after } as const;
    });
    await database.commit(changes);
    await database.close();
    const { text } = await exported(first);
    assert.match((await imported(second, text)).said, /^imported 5001 bindings into 1 table; 0 lines left out$/m);
    assert.equal((await exported(second)).text, text);
  });
});

describe('what aorta db refuses', () => {
  const header = '{"format":"aorta-location","version":1,"useDomain":false}\n';
  const line = `${JSON.stringify({ table: 'location', aor: 'a', contact: 'sip:a@b', flags: ['permanent'] })}\n`;
  const dumps: readonly (readonly [title: string, input: string, why: RegExp])[] = [
    ['nothing', '', /^this is no dump of bindings: its first line has to be \{.*\}; nothing is imported$/],
    ['a dump without a header', line, /^line 1: this is no dump of bindings: .*; nothing is imported$/],
    ['something binary', '\xff\0', /^line 1: it is no UTF-8 text; nothing is imported$/],
    ['an endless line', 'x'.repeat(70_000), /^line 1: it is longer than 65536 bytes; nothing is imported$/],
    ['another format', '{"format":"other","version":1}\n', /^line 1: this is no dump/],
    ['a newer version', header.replace('1', '2'), /^line 1: this version of aorta reads version 1 of the format/],
    ['no word on the domain', '{"format":"aorta-location","version":1}\n', /useDomain has to be true or false/],
    ['other addresses', header.replace('false', 'true'), /those of use_domain=1, and use_domain is 0 here/],
    [
      'dumps that do not go together',
      `${header}${line}{"format":"x"}\n`,
      /^line 3: .*the 1 binding of the lines before/,
    ],
  ];
  for (const [title, text, why] of dumps) {
    test(`issue 5: ${title}`, async () => {
      const error = { code: 'CONFIG_INVALID', message: why };
      await assert.rejects(imported(await newTarget(), Buffer.from(text, 'latin1')), error);
    });
  }

  test('issue 5: a folder is no dump', async () => {
    const options = { input: folder, dryRun: true, now: sampleNow, ruid: () => 'r' };
    const refused = importBindings(await newTarget(), options, new Output(new Kept()));
    await assert.rejects(refused, { code: 'CONFIG_NOT_FOUND', message: /cannot be read: EISDIR/ });
  });

  const commandLines: readonly (readonly [args: readonly string[], why: RegExp])[] = [
    [['export', '--db', 'memory:'], /^db: memory: is no database/],
    [['export', '--db', 'nonsense'], /nonsense cannot be opened/],
    [['export', '--set', 'usrloc.nonsense=1'], /has no parameter nonsense/],
    [['export', 'nowhere.cfg'], /nowhere\.cfg/],
    [['export', 'nowhere.ts'], /nowhere\.ts: there is no such file/],
    [['export', 'a', 'b'], /only one FILE can be read/],
    [['export', '--dry-run'], /no such option/],
    [['import', '--all'], /no such option/],
    [['exprot'], /did you mean export\?/],
    [[], /needs one of schema, export, import, check/],
  ];
  for (const [args, why] of commandLines) {
    test(`design 1: aorta db ${args.join(' ')}`, async () => {
      const read = readDb(args);
      if (read.name === 'db') await assert.rejects(targetOf(read.db), { message: why });
      else assert.match(read.name === 'wrong' ? (read.problems[0]?.message ?? '') : '', why);
    });
  }
});
