import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { defaultColumnNames } from '../../src/stores/sql/columns.ts';
import { RowCodec } from '../../src/stores/sql/row-codec.ts';
import { loadedRow, sqliteSchema } from '../../src/stores/sqlite/sqlite-file.ts';
import { insertBindings, lastUser, sqliteInstant } from './rows.ts';

test('rows are bindings of so many users, the last of which is known', () => {
  const database = new DatabaseSync(':memory:');
  for (const statement of sqliteSchema('location', defaultColumnNames)) database.exec(statement);
  const registered = { serverPort: 5060, clientPort: 40_000, salt: 'x1' };
  database.exec(insertBindings({ count: 12, registered, q: 0, instant: sqliteInstant }));
  const select = database.prepare(`SELECT ${Object.keys(defaultColumnNames)} FROM location`);
  select.setReturnArrays(true);
  const rows = select.all() as unknown as (string | number | null)[][];
  const codec = new RowCodec({ useDomain: false, natBflag: -1, serverId: 0 });
  const { stored, unreadable } = codec.decodeAll(rows.map(loadedRow));
  assert.deepEqual(unreadable, []);
  assert.equal(stored.length, 12);
  const last = stored.at(-1);
  assert.equal(last?.aor, lastUser(12));
  assert.equal(last?.aor, 'u00000011');
  assert.equal(last?.binding.contact, 'sip:u00000011@127.0.0.1:40000');
  assert.equal(last?.binding.callId, 'x1-00000011@127.0.0.1');
  assert.equal(last?.binding.socket, 'udp:127.0.0.1:5060');
  assert.equal(last?.binding.q, 0);
  assert.ok((last?.binding.expiresAt ?? 0) > Date.now());
});
