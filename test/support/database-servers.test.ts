import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from '../interop/wait-until.ts';
import type { DatabaseServer } from './database-server.ts';
import { skipWithoutMariadb, startMariadb } from './mariadb-server.ts';
import { skipWithoutPostgres, startPostgres } from './postgres-server.ts';

const systems = [
  {
    name: 'PostgreSQL',
    skip: skipWithoutPostgres(),
    start: () => startPostgres({ settings: { max_connections: '33' } }),
    maxConnections: 'SHOW max_connections',
    sleep: 'SELECT pg_sleep(600)',
    sleeping: "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
    url: /^postgres:\/\/aorta@127\.0\.0\.1:\d+\/aorta$/,
    startLine: `import { startPostgres as start } from '${new URL('postgres-server.ts', import.meta.url)}';`,
  },
  {
    name: 'MariaDB',
    skip: skipWithoutMariadb(),
    start: () => startMariadb({ settings: { 'max-connections': '33' } }),
    maxConnections: 'SELECT @@max_connections',
    sleep: 'SELECT SLEEP(600)',
    sleeping: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'",
    url: /^mysql:\/\/aorta:aorta@127\.0\.0\.1:\d+\/aorta$/,
    startLine: `import { startMariadb as start } from '${new URL('mariadb-server.ts', import.meta.url)}';`,
  },
];

for (const { name, skip, start, maxConnections, sleep, sleeping, url, startLine } of systems) {
  describe(`${name} for tests`, { skip }, () => {
    let server: DatabaseServer;

    before(async () => {
      server = await start();
    });
    after(() => server.dispose());

    test('it answers, and has an empty database aorta', async () => {
      assert.match(server.url, url);
      assert.deepEqual(await server.query('SELECT 1'), ['1']);
      assert.deepEqual(await server.query("SELECT 'a', NULL, 'é' UNION ALL SELECT 'b', 2, ''"), [
        'a\tNULL\té',
        'b\t2\t',
      ]);
      assert.deepEqual(
        await server.query("SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('aorta', 'public')"),
        ['0'],
      );
    });

    test('what the database says of a mistake is said', async () => {
      await assert.rejects(server.query('SELECT * FROM nowhere'), /nowhere/);
    });

    test('it has the settings that it was started with', async () => {
      assert.deepEqual(await server.query(maxConnections), ['33']);
    });

    test('two databases are separate', async () => {
      assert.equal(await server.createDatabase('left-hand'), server.url.replace(/aorta$/, 'left-hand'));
      await server.createDatabase('right-hand');
      await server.query('CREATE TABLE hand (name VARCHAR(9))', 'left-hand');
      await server.query("INSERT INTO hand VALUES ('left')", 'left-hand');
      assert.deepEqual(await server.query('SELECT name FROM hand', 'left-hand'), ['left']);
      await assert.rejects(server.query('SELECT name FROM hand', 'right-hand'), /hand/);
      await assert.rejects(server.createDatabase('left-hand'), /exists/);
    });

    test('what was committed is there after stop(), kill() and startAgain()', async () => {
      const { url } = server;
      await server.query('CREATE TABLE kept (n INT)');
      await server.query('INSERT INTO kept VALUES (1)');
      await server.stop();
      await assert.rejects(server.query('SELECT 1'));
      await server.startAgain();
      await server.query('INSERT INTO kept VALUES (2)');
      await server.kill();
      await assert.rejects(server.query('SELECT 1'));
      await server.startAgain();
      assert.deepEqual(await server.query('SELECT n FROM kept ORDER BY n'), ['1', '2']);
      assert.equal(server.url, url);
    });

    test('nothing goes on between pause() and resume(), and kill() ends what was going on', async () => {
      const running = assert.rejects(server.query(sleep));
      await waitUntil('the query to run', async () => (await server.query(sleeping))[0]);
      await server.pause();
      assert.deepEqual(server.processes.filter(isStopped), server.processes);
      let isAnswered = false;
      const later = server.query('SELECT 1').then(() => {
        isAnswered = true;
      });
      await pause(500);
      assert.equal(isAnswered, false);
      server.resume();
      await later;
      await server.kill();
      await running;
      await server.startAgain();
    });

    test('a paused server can be stopped and killed', async () => {
      await server.pause();
      await server.stop();
      await server.startAgain();
      await server.pause();
      await server.kill();
      await server.startAgain();
    });

    test('dispose() leaves no process and no folder, and may be called again', async () => {
      const { processes, folder } = server;
      assert.notDeepEqual(processes, []);
      assert.notDeepEqual(mentioning(folder), []);
      await server.dispose();
      assert.deepEqual(processes.filter(isRunning), []);
      assert.deepEqual(mentioning(folder), []);
      assert.equal(existsSync(folder), false);
      await server.dispose();
    });

    test('a test process that is killed leaves no process and no folder', async (context) => {
      const program = `${startLine}
        const server = await start();
        console.log(JSON.stringify({ folder: server.folder, processes: server.processes }));
        setInterval(() => {}, 1_000);`;
      const args = ['--conditions=aorta-source', '--input-type=module-typescript', '--eval', program];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      context.after(() => child.kill('SIGKILL'));
      const [line] = await once(child.stdout, 'data');
      const { folder, processes }: { folder: string; processes: number[] } = JSON.parse(`${line}`);
      assert.equal(processes.slice(0, 1).some(isRunning), true);
      child.kill('SIGKILL');
      await waitUntil('its processes to end', () => (processes.some(isRunning) ? undefined : true));
      await waitUntil('its guard to end', () => (mentioning(folder).length > 0 ? undefined : true));
      assert.equal(existsSync(folder), false);
    });
  });
}

/** Whether there is such a process, other than one that has ended and that nobody has asked for. */
function isRunning(pid: number): boolean {
  return !['', 'Z'].includes(stateOf(pid));
}

function isStopped(pid: number): boolean {
  return stateOf(pid) === 'T';
}

/** The letter of /proc, or nothing when there is no such process. */
function stateOf(pid: number): string {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? (/.*\) (.)/.exec(readFileSync(file, 'latin1'))?.[1] ?? '') : '';
}

/** The processes with this text in their command lines. */
function mentioning(text: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}
