import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseSuite } from '../../testing/database-suite.ts';
import { makeDatabase } from '../open-database.ts';
import { defaultColumnNames } from '../sql/columns.ts';

databaseSuite('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aorta-sqlite-'));
  return {
    connect: ({ useDomain }) =>
      makeDatabase(
        { kind: 'sqlite', file: join(folder, 'location.db') },
        { columns: defaultColumnNames, useDomain, natBflag: -1, isOnlyCopy: false },
      ),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
