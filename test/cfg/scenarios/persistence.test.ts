// Bindings that outlive the server, as an openser.cfg says: usrloc's db_mode and db_url.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { AortaProcess, portIn } from '../../support/aorta-process.ts';
import { Phone } from '../../support/phone.ts';
import { adaptedOptions } from '../adapt/adapted-options.ts';
import { CfgFolder } from './cfg-process.ts';
import { CfgServer, contactsOf } from './cfg-server.ts';
import { fileText } from './scenario.ts';

const text = fileText('persistent.cfg');

/** `persistent.cfg` in a folder of its own, with another mode and further lines. */
class Site {
  readonly folder = new CfgFolder();
  readonly database = join(this.folder.path, 'location.db');
  readonly text: string;
  readonly #phones: Phone[] = [];

  constructor(mode: number, more = '') {
    this.text = text
      .replace('"db_mode", 1)', `"db_mode", ${mode})\n${more}`)
      .replace('sqlite:///location.db', `sqlite:///${this.database}`);
  }

  async phone(user: string, { udpPort }: { udpPort: number }): Promise<Phone> {
    const phone = await Phone.open(user, udpPort);
    this.#phones.push(phone);
    return phone;
  }

  /** What the database says, one row in a line. */
  rows(query: string): readonly string[] {
    const database = new DatabaseSync(this.database, { readOnly: true });
    try {
      return database
        .prepare(query)
        .all()
        .map((row) => Object.values(row).join(' '));
    } finally {
      database.close();
    }
  }

  remove(): void {
    for (const phone of this.#phones) phone.close();
    this.folder.remove();
  }
}

const ways = [
  ['as it is', {}],
  ['as TypeScript', { made: adaptedOptions }],
] as const;

async function withSite(site: Site, body: (site: Site) => Promise<void>): Promise<void> {
  try {
    await body(site);
  } finally {
    site.remove();
  }
}

/** Runs a server for as long as `body` takes. */
async function running(
  site: Site,
  way: Parameters<typeof CfgServer.start>[1],
  body: (server: CfgServer) => Promise<void>,
): Promise<void> {
  const server = await CfgServer.start(site.text, { name: 'persistent.cfg', ...way });
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

/** Sends a MESSAGE by a server; it has to get to that phone. */
async function reach(server: { udpPort: number }, uri: string, site: Site, callee: Phone): Promise<void> {
  const caller = await site.phone('caller', server);
  caller.peer.send(caller.make('MESSAGE', { uri }).toBuffer());
  assert.equal((await callee.peer.request('MESSAGE')).uriText, callee.contact);
}

async function isUnknown(server: { udpPort: number }, uri: string, site: Site): Promise<void> {
  const caller = await site.phone('caller', server);
  assert.equal((await caller.ask('MESSAGE', uri)).status, 404);
}

describe('persistent.cfg', { concurrency: 2 }, () => {
  for (const [manner, way] of ways) {
    for (const [mode, what] of [
      [1, 'write-through'],
      [2, 'write-back, at the end at the latest'],
      [3, 'db-only'],
    ] as const) {
      test(`usrloc §1 db_mode ${mode}, ${manner}: who registered before a restart is found after it (${what})`, () =>
        withSite(new Site(mode, 'modparam("usrloc", "timer_interval", 3600)'), async (site) => {
          let alice: Phone | undefined;
          await running(site, way, async (server) => {
            alice = await site.phone('alice', server);
            assert.deepEqual([...contactsOf(await alice.register()).keys()], [alice.contact]);
            assert.equal(site.rows('SELECT contact FROM location').length, mode === 2 ? 0 : 1);
          });
          assert.deepEqual(site.rows('SELECT username, contact FROM location'), [`alice ${alice?.contact}`]);
          await running(site, way, (server) => reach(server, 'sip:alice@example.com', site, alice ?? assert.fail()));
        }));
    }

    test(`usrloc §2, ${manner}: save("aliases") and lookup("aliases") have a table of their own, there from the start`, () =>
      withSite(new Site(1), async (site) => {
        let alice: Phone | undefined;
        await running(site, way, async (server) => {
          alice = await site.phone('alice', server);
          await alice.register();
          const info = await site.phone('info', server);
          await info.register(['<sip:alice@example.com>'], { uri: 'sip:aliases.example.com' });
        });
        assert.deepEqual(site.rows('SELECT username FROM location'), ['alice']);
        assert.deepEqual(site.rows('SELECT username, contact FROM aliases'), ['info sip:alice@example.com']);
        assert.deepEqual(site.rows('SELECT table_name FROM version ORDER BY 1'), ['aliases', 'location']);
        await running(site, way, async (server) => {
          const { tables } = await server.server.location.stats();
          assert.equal(tables.get('aliases')?.contacts, 1);
          await reach(server, 'sip:info@example.com', site, alice ?? assert.fail());
        });
      }));
  }

  test('usrloc §1 db_mode 0: memory only, and no file is made', () =>
    withSite(new Site(0), async (site) => {
      await running(site, {}, async (server) => {
        const alice = await site.phone('alice', server);
        await alice.register();
        await reach(server, 'sip:alice@example.com', site, alice);
      });
      assert.equal(existsSync(site.database), false);
      await running(site, {}, (server) => isUnknown(server, 'sip:alice@example.com', site));
    }));

  test('usrloc §1 db_mode 3: who registers at one server is found by another one on the same file', () =>
    withSite(new Site(3), (site) =>
      running(site, {}, (one) =>
        running(site, {}, async (two) => {
          await isUnknown(two, 'sip:alice@example.com', site);
          const alice = await site.phone('alice', one);
          await alice.register();
          await reach(two, 'sip:alice@example.com', site, alice);
          await alice.register([`<${alice.contact}>;expires=0`]);
          await isUnknown(two, 'sip:alice@example.com', site);
        }),
      ),
    ));

  test('usrloc §1 *_column: columns have the names that parameters give them', () => {
    const names = { user: 'who', contact: 'uri', expires: 'until', q: 'preference', callid: 'call', cseq: 'number' };
    const more = Object.entries(names).map(([column, name]) => `modparam("usrloc", "${column}_column", "${name}")`);
    return withSite(new Site(1, more.join('\n')), async (site) => {
      let alice: Phone | undefined;
      await running(site, {}, async (server) => {
        alice = await site.phone('alice', server);
        await alice.register([`<${alice.contact}>;q=0.5`]);
      });
      assert.deepEqual(site.rows('SELECT who, uri, preference, call, number FROM location WHERE until > 0'), [
        `alice ${alice?.contact} 0.5 ${alice?.callId} 1`,
      ]);
      await running(site, {}, (server) => reach(server, 'sip:alice@example.com', site, alice ?? assert.fail()));
    });
  });

  for (const mode of [1, 2, 3]) {
    test(`decision 27, db_mode ${mode}: save_memory writes no row, a later save does, a removal takes it away`, () =>
      withSite(new Site(mode, 'modparam("usrloc", "timer_interval", 3600)'), async (site) => {
        const transient = { headers: [['P-Transient', 'yes']] as const };
        const contacts = 'SELECT contact FROM location';
        let phone: Phone | undefined;
        await running(site, {}, async (server) => {
          const alice = await site.phone('alice', server);
          phone = alice;
          const settled = async (): Promise<readonly string[]> => {
            // Of a write-back the end is what writes.
            await flush(server);
            return site.rows(contacts);
          };
          assert.equal((await alice.register(undefined, transient)).status, 200);
          await reach(server, 'sip:alice@example.com', site, alice);
          assert.deepEqual(await settled(), []);
          await alice.register();
          assert.deepEqual(await settled(), [alice.contact]);
          await alice.register([`<${alice.contact}>;expires=0`], transient);
          assert.deepEqual(await settled(), []);
          await alice.register(undefined, transient);
        });
        assert.deepEqual(site.rows(contacts), []);
        await running(site, {}, (server) => isUnknown(server, `sip:${phone?.user}@example.com`, site));
      }));
  }
});

/** Writes what waits to be written, where something does. */
async function flush({ server: { location } }: CfgServer): Promise<void> {
  if ('flush' in location && typeof location.flush === 'function') await location.flush();
}

describe('aorta with an openser.cfg that names a database', { concurrency: 2 }, () => {
  const folders: CfgFolder[] = [];
  after(() => {
    for (const folder of folders) folder.remove();
  });

  function newFolder(): CfgFolder {
    const folder = new CfgFolder();
    folders.push(folder);
    return folder;
  }

  const listen = ['--listen', 'udp:127.0.0.1:0', '--admin', 'off'];
  const withoutStore = text.replace(/modparam\("usrloc".*\n/g, '');

  for (const [what, content, options, file] of [
    ['db_url sqlite:///FILE is in the working folder', text, [], 'location.db'],
    ['without db_mode and db_url there is location.db', withoutStore, [], 'location.db'],
    ['--db wins over db_url', text, ['--db', 'sqlite:other.db'], 'other.db'],
    ['--db-mode wins over db_mode 0', text.replace('_mode", 1', '_mode", 0'), ['--db-mode', 'db-only'], 'location.db'],
  ] as const) {
    test(`usrloc §1: ${what}`, async () => {
      const folder = newFolder();
      const args = ['start', folder.write('openser.cfg', content), ...listen, ...options];
      const first = new AortaProcess(args, folder.path);
      const alice = await Phone.open('alice', portIn(await first.ready(), 'udp'));
      assert.equal((await alice.register()).status, 200);
      assert.equal((await first.stop()).code, 0);
      for (const name of ['location.db', 'other.db']) {
        assert.equal(existsSync(join(folder.path, name)), name === file, name);
      }
      const second = new AortaProcess(args, folder.path);
      const line = await second.ready();
      assert.match(line, / 1 bindings\)$/);
      const caller = await Phone.open('caller', portIn(line, 'udp'));
      caller.peer.send(caller.make('MESSAGE', { uri: 'sip:alice@example.com' }).toBuffer());
      assert.equal((await alice.peer.request('MESSAGE')).uriText, alice.contact);
      assert.equal((await second.stop()).code, 0);
      for (const phone of [alice, caller]) phone.close();
    });
  }

  const url = '"sqlite:///location.db"';
  for (const [what, content, expected] of [
    [
      'a db_url of text files',
      text.replace(url, '"text:///usr/local/etc/openser/dbtext"'),
      /openser\.cfg:26:30: error: 'db_url' of usrloc: text:\S+ cannot be opened: tables of text files are not supported; use sqlite:FILE/,
    ],
    [
      'a db_url without a database, whose password nobody sees',
      text.replace(url, '"mysql://openser:openserrw@localhost"'),
      /openser\.cfg:26:30: error: 'db_url' of usrloc: mysql:\/\/openser:\*\*\*@localhost names no database; write mysql:/,
    ],
    [
      'a db_url for several modules',
      text.replace('"usrloc", "db_url", "sqlite', '"usrloc|nosuch", "db_url", "sqllite'),
      /openser\.cfg:26:37: error: 'db_url' of usrloc: sqllite:\S+ cannot be opened: use memory:, sqlite:FILE, /,
    ],
    [
      'a db_mode that there is not',
      text.replace('"db_mode", 1', '"db_mode", 7'),
      /openser\.cfg:25:31: error: 'db_mode' of usrloc must be one of none \(0\), write-through \(1\), .* not 7/,
    ],
    [
      'a db_mode of later versions',
      text.replace('"db_mode", 1', '"db_mode", 4'),
      /openser\.cfg:25:31: error: 'db_mode' of usrloc: 4 loads bindings and never writes them, .*use 1 \(write-through\)/,
    ],
    [
      'a table that can have no such name',
      text.replace('save("aliases")', 'save("my aliases")'),
      /openser\.cfg:37:9: error: "my aliases" is no name of a table or column: use letters, digits and _/,
    ],
  ] as const) {
    test(`usrloc §1, bad input: ${what} is an error with its place and the remedy`, async () => {
      const folder = newFolder();
      const file = folder.write('openser.cfg', content);
      const check = await new AortaProcess(['check', file]).finished;
      assert.equal(check.code, 1);
      assert.match(check.stdout, expected);
      const start = await new AortaProcess(['start', file, ...listen], folder.path).finished;
      assert.equal(start.code, 1);
      assert.equal(start.stdout, '');
      assert.match(start.stderr, expected);
      assert.doesNotMatch(check.stdout + start.stderr, /openserrw/);
    });
  }
});
