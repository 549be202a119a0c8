import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { skipWithoutMariadb, startMariadb } from '../../../test/support/mariadb-server.ts';
import { asAor } from '../../location/aor.ts';
import type { Binding } from '../../location/binding.ts';
import { sampleBinding, sampleNow } from '../../testing/sample-binding.ts';
import { formatLocal } from '../sql/local-time.ts';
import {
  alice,
  all,
  assertCannotOpen,
  bob,
  messageOf,
  put,
  ruids,
  serverSuite,
  table,
} from '../testing/server-suite.ts';
import { MysqlDatabase, type MysqlOptions } from './mysql-database.ts';

const versionTable = `CREATE TABLE version (table_name VARCHAR(64) NOT NULL PRIMARY KEY, table_version SMALLINT NOT NULL DEFAULT 0);
  INSERT INTO version VALUES`;

const openSerTables = `${versionTable} ('location', 1001);
  CREATE TABLE location (
    username VARCHAR(64) NOT NULL DEFAULT '', domain VARCHAR(128) NOT NULL DEFAULT '',
    contact VARCHAR(255) NOT NULL DEFAULT '', received VARCHAR(255),
    expires DATETIME NOT NULL DEFAULT '2020-05-28 21:32:15', q FLOAT(10,2) NOT NULL DEFAULT 1.0,
    callid VARCHAR(255) NOT NULL DEFAULT 'Default-Call-ID', cseq INT(11) NOT NULL DEFAULT 42,
    last_modified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, flags INT(11) NOT NULL DEFAULT 0,
    user_agent VARCHAR(50) NOT NULL DEFAULT '', socket VARCHAR(128), PRIMARY KEY (username, domain, contact)
  ) ENGINE=MyISAM DEFAULT CHARACTER SET=latin1`;

/** As Kamailio has it: usrloc 11. */
const kamailioTables = `${versionTable} ('location', 9);
  CREATE TABLE location (
    id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL, ruid VARCHAR(64) DEFAULT '' NOT NULL,
    username VARCHAR(64) DEFAULT '' NOT NULL, domain VARCHAR(64) DEFAULT NULL, contact VARCHAR(512) DEFAULT '' NOT NULL,
    received VARCHAR(128) DEFAULT NULL, path VARCHAR(512) DEFAULT NULL,
    expires DATETIME DEFAULT '2030-05-28 21:32:15' NOT NULL, q FLOAT(10,2) DEFAULT 1.0 NOT NULL,
    callid VARCHAR(255) DEFAULT 'Default-Call-ID' NOT NULL, cseq INT(11) DEFAULT 1 NOT NULL,
    last_modified DATETIME DEFAULT '2000-01-01 00:00:01' NOT NULL, flags INT(11) DEFAULT 0 NOT NULL,
    cflags INT(11) DEFAULT 0 NOT NULL, user_agent VARCHAR(255) DEFAULT '' NOT NULL, socket VARCHAR(64) DEFAULT NULL,
    methods INT(11) DEFAULT NULL, instance VARCHAR(255) DEFAULT NULL, reg_id INT(11) DEFAULT 0 NOT NULL,
    server_id INT(11) DEFAULT 0 NOT NULL, connection_id INT(11) DEFAULT 0 NOT NULL, keepalive INT(11) DEFAULT 0 NOT NULL,
    \`partition\` INT(11) DEFAULT 0 NOT NULL, UNIQUE KEY ruid_idx (ruid),
    KEY account_contact_idx (username, domain, contact), KEY expires_idx (expires)
  ) ENGINE=InnoDB DEFAULT CHARACTER SET=latin1`;

serverSuite(
  {
    name: 'MariaDB',
    kind: 'mysql',
    skip: skipWithoutMariadb(),
    start: (settings = {}) => startMariadb({ settings }),
    settings: { 'innodb-flush-log-at-trx-commit': '0', 'default-time-zone': '+09:00' },
    make: (options: MysqlOptions) => new MysqlDatabase(options),
    clear: async (server) => {
      await server.query('DROP DATABASE aorta; CREATE DATABASE aorta', 'mysql');
    },
    sql: {
      openSerTables,
      otherTable: `CREATE TABLE location (ruid CHAR(40), user CHAR(30), domain TEXT, contact TEXT, received TEXT, path TEXT,
        expires DATETIME, q DECIMAL(4,3), callid TEXT, cseq BIGINT, last_modified DATETIME(3), flags BIGINT,
        cflags BIGINT, user_agent TEXT, socket TEXT, methods INT, instance TEXT, reg_id SMALLINT, server_id INT,
        connection_id INT)`,
      textOf: (column) => column,
      narrow: 'ALTER TABLE location MODIFY contact VARCHAR(20)',
      zoned: 'ALTER TABLE location MODIFY expires TIMESTAMP NULL',
      noInstant: '0000-00-00 00:00:00',
      hold: 'START TRANSACTION; SELECT 1 FROM location FOR UPDATE; SELECT SLEEP(2.5)',
      dawdle: 'CREATE TRIGGER slow BEFORE UPDATE ON location FOR EACH ROW SET @slept = SLEEP(3)',
      connections: (name) =>
        `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '${name}' AND ID <> CONNECTION_ID()`,
      dawdling: (name) =>
        `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '${name}' AND STATE = 'User sleep'`,
      end: async (server, name) => {
        const ids = await server.query(`SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${name}'`, 'mysql');
        for (const id of ids) await server.query(`KILL ${id}`);
        return ids.length;
      },
      quote: (name) => `\`${name}\``,
    },
  },
  (fixture) => {
    test('usrloc 11: a new table has layout 9, a unique ruid, and no index on expires that refreshes would pay for', async () => {
      const [name, url] = await fixture.emptyDatabase();
      await fixture.open(url);
      assert.deepEqual(await fixture.versions(name), ['location\t9']);
      const [defined = ''] = await fixture.server.query('SHOW CREATE TABLE location', name);
      assert.match(defined, /UNIQUE KEY `ruid_idx` \(`ruid`\)/);
      assert.match(defined, /KEY `account_contact_idx` \(`username`,`domain`,`contact`\(191\)\)/);
      assert.match(defined, /ENGINE=InnoDB .*COLLATE=utf8mb4_bin/);
      assert.doesNotMatch(defined, /\(`expires`\)/);
      await fixture.open(url, { expiresIndex: true });
      assert.match((await fixture.server.query('SHOW CREATE TABLE location', name))[0] ?? '', /\(`expires`\)/);
    });

    describe('a migration that was broken off', () => {
      const instant = formatLocal(sampleNow / 1000 + 600);
      const row = `INSERT INTO location (username, contact, expires, callid) VALUES ('alice', 'sip:a@h', '${instant}', 'c')`;

      test('before the tables changed their names is made anew', async () => {
        const [name, url] = await fixture.emptyDatabase();
        await fixture.server.query(`${openSerTables}; ${row}; CREATE TABLE location_layout_new (id INT)`, name);
        assert.equal((await all(await fixture.open(url))).stored.length, 1);
        const tables = await fixture.server.query('SHOW TABLES', name);
        assert.deepEqual(tables, ['location', 'location_layout_1001', 'version']);
      });

      test('after that is only said to be done', async () => {
        const [name, url] = await fixture.emptyDatabase();
        await fixture.server.query(`${openSerTables}; ${row}`, name);
        const first = await ruids(await fixture.open(url));
        await fixture.server.query('UPDATE version SET table_version = 1001', name);
        assert.equal(await ruids(await fixture.open(url)), first);
        assert.deepEqual(await fixture.server.query('SELECT table_version FROM version', name), ['9']);
      });
    });

    describe("a table of Kamailio's, in its own character set", () => {
      const sip = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

      test('is read, refreshed and written, by indices of its own collation', async () => {
        const [name, url] = await fixture.emptyDatabase();
        await fixture.server.query(kamailioTables, name);
        const database = await fixture.open(url);
        const users = ['alice', 'Alice', 'alice ', sip('ü'), 'u'].map(asAor);
        const bindings = users.map((_, i) => sampleBinding(`r${i}`));
        await database.commit(users.map((aor, i) => put(aor, bindings[i] as Binding)));
        const refreshed = bindings.map((binding) => ({ ...binding, cseq: 2 }));
        await database.commit(users.map((aor, i) => put(aor, refreshed[i] as Binding, bindings[i])));
        const states = await database.readAors(table, users);
        assert.deepEqual(
          states.map((state) => state.bindings.map(({ ruid, cseq }) => `${ruid} ${cseq}`)),
          [['r0 2'], ['r1 2'], ['r2 2'], ['r3 2'], ['r4 2']],
        );
        const version = states[1]?.version ?? '';
        const set = { table, aor: users[1] as typeof alice, version, changes: [put(bob, sampleBinding('b'))] };
        assert.deepEqual(await database.compareAndSet([set]), [true]);
      });

      test('has not every character: what cannot be written is a sentence, and a User-Agent has ? there', async () => {
        const [name, url] = await fixture.emptyDatabase();
        await fixture.server.query(kamailioTables, name);
        const database = await fixture.open(url);
        const problem = (different: Partial<Binding>, aor = alice) =>
          database.problemOf(table, aor, sampleBinding('r', different)) ?? '';
        assert.equal(problem({ callId: sip('ü'), contact: sip('sip:ÿ@h') }, asAor(sip('ü'))), '');
        assert.match(problem({ callId: sip('電') }), /column callid cannot hold the character U\+96FB/);
        assert.match(problem({}, asAor('a\0')), /column username cannot hold the character U\+F700/);
        assert.match(problem({ contact: '\xff' }), /column contact cannot hold the character U\+F7FF/);
        await database.commit([put(alice, sampleBinding('a', { userAgent: sip('電話 ü') }))]);
        assert.equal((await all(database)).stored[0]?.binding.userAgent, sip('?? ü'));
        assert.deepEqual((await database.readAors(table, [asAor(sip('電'))]))[0]?.bindings, []);
      });

      test('without transactions is refused, and so is one with a unique index of another kind', async () => {
        const [name, url] = await fixture.emptyDatabase();
        await fixture.server.query(kamailioTables.replace('ENGINE=InnoDB', 'ENGINE=MyISAM'), name);
        const database = fixture.make(url);
        await database.open();
        assert.match(await messageOf(database.openTable(table), 'STORE_VERSION'), /ALTER TABLE location ENGINE=InnoDB/);
        await fixture.server.query(
          'ALTER TABLE location ENGINE=InnoDB; CREATE UNIQUE INDEX own ON location (username)',
          name,
        );
        assert.match(
          await messageOf(database.openTable(table), 'STORE_VERSION'),
          /index own .* each username; drop it/,
        );
      });
    });

    test('rows that are equal in ruid are an error that says so', async () => {
      const [name, url] = await fixture.emptyDatabase();
      await fixture.server.query(
        `${kamailioTables}; ALTER TABLE location DROP INDEX ruid_idx;
         INSERT INTO location (ruid, username) VALUES ('same', 'a'), ('same', 'b')`,
        name,
      );
      const database = fixture.make(url);
      await database.open();
      assert.match(await messageOf(database.openTable(table), 'STORE_VERSION'), /rows with the same ruid/);
    });

    test('what a hanging server begins when it goes on is ended before anything is read', async () => {
      const own = await startMariadb();
      try {
        const database = await fixture.open(own.url, { limits: { connectMs: 2_000, statementMs: 4_000 } });
        const a = sampleBinding('a');
        await database.commit([put(alice, a)]);
        await own.query('CREATE TRIGGER slow BEFORE UPDATE ON location FOR EACH ROW SET @slept = SLEEP(3)');
        await own.pause();
        await messageOf(database.commit([put(alice, { ...a, cseq: 2 }, a)]), 'STORE_UNAVAILABLE');
        own.resume();
        const start = performance.now();
        const [state] = await database.readAors(table, [alice]);
        assert.equal(state?.bindings[0]?.cseq, 1);
        assert.ok(performance.now() - start < 2_500, 'it was not waited for');
        const sleeping = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'";
        assert.deepEqual(await own.query(sleeping), ['0']);
        await sleep(3_500);
        assert.equal((await database.readAors(table, [alice]))[0]?.bindings[0]?.cseq, 1);
      } finally {
        await own.dispose();
      }
    });

    describe('errors of opening', () => {
      test('each names the place without a password, and the remedy', async () => {
        const [name, url] = await fixture.freshDatabase();
        await fixture.server.query(
          `CREATE USER poor@127.0.0.1 IDENTIFIED BY 'secret'; CREATE USER busy@127.0.0.1 IDENTIFIED BY 'secret' WITH MAX_USER_CONNECTIONS 1;
           GRANT ALL ON ${name}.* TO busy@127.0.0.1; CREATE USER open@127.0.0.1`,
          name,
        );
        const other = new URL(url);
        other.username = 'busy';
        other.password = 'secret';
        await fixture.open(other.href);
        await assertCannotOpen(fixture, url, [
          [(wrong) => (wrong.password = 'wrong-secret'), /refuses this user or this password/],
          [(wrong) => (wrong.username = 'poor'), /this user may not do that; grant the right/],
          [(wrong) => (wrong.username = 'busy'), /too many connections/],
          [
            (wrong) => Object.assign(wrong, { password: 'aorta', search: '?ssl={}' }),
            /encryption cannot be agreed upon/,
          ],
          [(wrong) => (wrong.search = '?ssl=true'), /encryption cannot be agreed upon/],
          [(wrong) => (wrong.port = '1'), /nobody answers there; start the server/],
          [(wrong) => (wrong.hostname = 'no-such-host.invalid'), /its host is unknown/],
        ]);
        other.username = 'aorta';
        other.password = '';
        assert.match(await messageOf(fixture.make(other.href).open(), 'STORE_CANNOT_OPEN'), /it wants a password/);
        other.password = 'aorta';
        other.pathname = '/nowhere';
        assert.match(await messageOf(fixture.make(other.href).open(), 'STORE_CANNOT_OPEN'), /no such database; create/);
      });

      test('a server that may only be read', async () => {
        const own = await startMariadb({ settings: { 'read-only': '1' } });
        try {
          await own.query("CREATE USER writer@127.0.0.1 IDENTIFIED BY 'w'; GRANT ALL ON aorta.* TO writer@127.0.0.1");
          const url = own.url.replace('aorta:aorta@', 'writer:w@');
          assert.match(await messageOf(fixture.make(url).open(), 'STORE_CANNOT_OPEN'), /it may only be read/);
        } finally {
          await own.dispose();
        }
      });
    });

    test('an error says nothing of what was written', async () => {
      const [name, url] = await fixture.emptyDatabase();
      const database = await fixture.open(url);
      await fixture.server.query("ALTER TABLE location ADD CHECK (contact <> 'sip:evil')", name);
      const commit = database.commit([put(alice, sampleBinding('a', { contact: 'sip:evil', callId: 'private' }))]);
      const error: unknown = await commit.catch((reason: unknown) => reason);
      assert.ok(error instanceof Error);
      assert.doesNotMatch(JSON.stringify([error, error.cause, Object.entries(error.cause as Error)]), /private/);
    });
  },
);
