import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { skipWithoutPostgres, startPostgres } from '../../../test/support/postgres-server.ts';
import { sampleBinding } from '../../testing/sample-binding.ts';
import { alice, assertCannotOpen, messageOf, put, ruids, serverSuite } from '../testing/server-suite.ts';
import { PostgresDatabase, type PostgresOptions } from './postgres-database.ts';

const activity = (name: string): string => `SELECT count(*) FROM pg_stat_activity WHERE datname = '${name}'`;

serverSuite(
  {
    name: 'PostgreSQL',
    kind: 'postgres',
    skip: skipWithoutPostgres(),
    start: (settings = {}) => startPostgres({ settings }),
    settings: { deadlock_timeout: '100ms', fsync: 'off', timezone: 'Asia/Tokyo', datestyle: 'SQL, DMY' },
    make: (options: PostgresOptions) => new PostgresDatabase(options),
    clear: async (server) => {
      await server.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    },
    sql: {
      openSerTables: `
        CREATE TABLE version (table_name VARCHAR(32) NOT NULL PRIMARY KEY, table_version SMALLINT NOT NULL DEFAULT 0);
        INSERT INTO version VALUES ('location', 1001);
        CREATE TABLE location (
          username VARCHAR(64) NOT NULL DEFAULT '', domain VARCHAR(128) NOT NULL DEFAULT '',
          contact VARCHAR(255) NOT NULL DEFAULT '', received VARCHAR(255),
          expires TIMESTAMP NOT NULL DEFAULT '2020-05-28 21:32:15', q NUMERIC(10,2) NOT NULL DEFAULT 1.0,
          callid VARCHAR(255) NOT NULL DEFAULT 'Default-Call-ID', cseq INTEGER NOT NULL DEFAULT 42,
          last_modified TIMESTAMP NOT NULL DEFAULT '1900-01-01 00:00', flags INTEGER NOT NULL DEFAULT 0,
          user_agent VARCHAR(50) NOT NULL DEFAULT '', socket VARCHAR(128),
          CONSTRAINT location_pkey PRIMARY KEY (username, domain, contact))`,
      otherTable: `CREATE TABLE location (ruid CHAR(40), "user" CHAR(30), domain TEXT, contact TEXT, received TEXT,
        path TEXT, expires TIMESTAMP(0), q NUMERIC(4,3), callid TEXT, cseq BIGINT, last_modified TIMESTAMP(3),
        flags BIGINT, cflags BIGINT, user_agent TEXT, socket TEXT, methods INT, instance TEXT, reg_id SMALLINT,
        server_id INT, connection_id INT)`,
      textOf: (column) => `to_char(${column}, 'YYYY-MM-DD HH24:MI:SS')`,
      narrow: 'ALTER TABLE location ALTER COLUMN contact TYPE varchar(20)',
      zoned: 'ALTER TABLE location ALTER COLUMN expires TYPE timestamptz',
      noInstant: 'infinity',
      hold: 'BEGIN; SELECT 1 FROM location FOR UPDATE; SELECT pg_sleep(2.5)',
      dawdle: `
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM set_config('statement_timeout', '0', true); PERFORM pg_sleep(3); RETURN NEW; END $$;
        CREATE TRIGGER slow BEFORE UPDATE ON location FOR EACH ROW EXECUTE FUNCTION dawdle()`,
      connections: (name) => `${activity(name)} AND application_name = 'aorta'`,
      dawdling: (name) => `${activity(name)} AND wait_event = 'PgSleep'`,
      end: async (server, name) => {
        const others = `datname = '${name}' AND pid <> pg_backend_pid()`;
        const text = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE ${others}`;
        return Number((await server.query(text, name))[0]);
      },
      quote: (name) => `"${name}"`,
    },
  },
  (fixture) => {
    test('usrloc 11: a new table has layout 9, a unique ruid, and no index on expires that refreshes would pay for', async () => {
      const [name, url] = await fixture.emptyDatabase();
      await fixture.open(url);
      assert.deepEqual(await fixture.versions(name), ['location\t9']);
      const indices = "SELECT indexdef FROM pg_indexes WHERE tablename = 'location'";
      const defined = (await fixture.server.query(indices, name)).join('\n');
      assert.match(defined, /UNIQUE INDEX \S+ ON public.location USING btree \(ruid\)/);
      assert.match(defined, /\(username, domain, contact\)/);
      assert.doesNotMatch(defined, /\(expires\)/);
      await fixture.open(url, { expiresIndex: true });
      assert.match((await fixture.server.query(indices, name)).join('\n'), /\(expires\)/);
    });

    test('a commit is durable when it resolves, also where the server would rather not', async () => {
      const [name, url] = await fixture.freshDatabase();
      await fixture.server.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
      const database = await fixture.open(url);
      await fixture.server.query(
        `CREATE FUNCTION check_durable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF current_setting('synchronous_commit') <> 'on' THEN RAISE EXCEPTION 'not durable'; END IF; RETURN NEW; END $$;
         CREATE TRIGGER durable BEFORE INSERT ON location FOR EACH ROW EXECUTE FUNCTION check_durable()`,
        name,
      );
      await database.commit([put(alice, sampleBinding('a'))]);
      assert.equal(await ruids(database), 'a');
    });

    describe('errors of opening', () => {
      test('each names the place without a password, and the remedy', async () => {
        const [name, url] = await fixture.freshDatabase();
        await fixture.server.query(`CREATE ROLE locked LOGIN CONNECTION LIMIT 0 PASSWORD 'right'`, name);
        await assertCannotOpen(fixture, url, [
          [(wrong) => (wrong.pathname = '/nowhere'), /there is no such database; create it/],
          [(wrong) => (wrong.port = '1'), /nobody answers there; start the server/],
          [(wrong) => (wrong.hostname = 'no-such-host.invalid'), /its host is unknown/],
          [(wrong) => (wrong.username = 'locked'), /too many connections/],
          [(wrong) => (wrong.username = 'stranger'), /refuses this user or this password/],
        ]);
      });

      test('a wrong password, and none', async () => {
        const own = await startPostgres();
        try {
          await own.query("ALTER ROLE aorta PASSWORD 'right'");
          const [data] = await own.query('SHOW hba_file');
          await own.query(
            `COPY (SELECT 'local all all trust') TO PROGRAM 'cat > ${data}';
             COPY (SELECT 'host all all 127.0.0.1/32 scram-sha-256') TO PROGRAM 'cat >> ${data}';
             SELECT pg_reload_conf()`.replaceAll('\n', ' '),
          );
          await sleep(300);
          const url = new URL(own.url);
          url.password = 'right';
          await fixture.make(url.href).open();
          await assertCannotOpen(fixture, url.href, [
            [(wrong) => (wrong.password = 'wrong-secret'), /refuses this user or this password/],
          ]);
          assert.match(await messageOf(fixture.make(own.url).open(), 'STORE_CANNOT_OPEN'), /it wants a password/);
        } finally {
          await own.dispose();
        }
      });

      test('a database that may only be read', async () => {
        const [name, url] = await fixture.freshDatabase();
        await fixture.server.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
        assert.match(await messageOf(fixture.make(url).open(), 'STORE_CANNOT_OPEN'), /it may only be read/);
      });
    });
  },
);
