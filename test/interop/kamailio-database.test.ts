// Kamailio and Aorta run the same configuration on the same database: one after the other, and beside each other.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SipResponse } from '../../src/sip/message.ts';
import { Phone } from '../support/phone.ts';
import { skipWithoutPostgres } from '../support/postgres-server.ts';
import { TcpPeer } from '../support/tcp-peer.ts';
import { AllKindsOfPhones, listed, type Member } from './all-kinds-of-phones.ts';
import { Aorta } from './aorta.ts';
import { freeLastingPort } from './free-port.ts';
import { Kamailio, skipWithoutKamailio } from './kamailio.ts';
import { presentSecond, type RegistrarProgram, type ShownBinding, type StartProgram } from './registrar-program.ts';
import type { SharedOptions } from './shared-configuration.ts';
import { type DatabaseKind, postgresDatabases, type SharedDatabase, sqliteDatabases } from './shared-database.ts';
import { TcpPhone } from './tcp-phone.ts';
import { waitUntil } from './wait-until.ts';

type Bindings = ReadonlyMap<string, readonly ShownBinding[]>;

const programs = { Kamailio: Kamailio.start, Aorta: Aorta.start } satisfies Record<string, StartProgram>;

const skip = skipWithoutKamailio() || skipWithoutPostgres();

const timeout = 120_000;

/** Who makes the tables and has the phones first, and who has them next. */
interface Turn {
  readonly database: DatabaseKind['name'];
  readonly first: keyof typeof programs;
  readonly second: keyof typeof programs;
  readonly useDomain: boolean;
}

const turns: readonly Turn[] = [
  { database: 'SQLite', first: 'Kamailio', second: 'Aorta', useDomain: false },
  { database: 'SQLite', first: 'Aorta', second: 'Kamailio', useDomain: true },
  { database: 'PostgreSQL', first: 'Kamailio', second: 'Aorta', useDomain: true },
  { database: 'PostgreSQL', first: 'Aorta', second: 'Kamailio', useDomain: false },
];

describe('Kamailio and Aorta on one database', { skip, timeout: 300_000, concurrency: 2 }, () => {
  const kinds: DatabaseKind[] = [];
  before(async () => {
    kinds.push(sqliteDatabases(), await postgresDatabases());
  });
  after(async () => {
    for (const kind of kinds) await kind.dispose();
  });

  const kindOf = (name: DatabaseKind['name']): DatabaseKind =>
    kinds.find((kind) => kind.name === name) ?? assert.fail(name);

  for (const { database, first, second, useDomain } of turns) {
    const what = `${database}, tables and rows of ${first}${useDomain ? ', use_domain' : ''}`;
    test(`usrloc 7, 11: ${what}: ${second} finds everybody, and what it changes ${first} finds`, {
      timeout,
    }, async () => {
      const shared = await kindOf(database).empty();
      if (first === 'Kamailio') await shared.makeKamailioTables();
      const port = await freeLastingPort();
      const options: SharedOptions = { databaseUrl: shared.url, port, dbMode: 1, useDomain };
      const phones = await AllKindsOfPhones.open(port, useDomain);
      const session = new Session(phones, useDomain);
      try {
        const registered = await running(programs[first], options, async (program) => {
          await session.registerAll();
          await program.addPermanent(session.aorOf('sip:static@example.com'), phones.static.contact);
          const bindings = await program.bindings();
          session.isComplete(bindings);
          return bindings;
        });
        await shared.expire('expired');

        const refreshed = await running(programs[second], options, async (program) => {
          const bindings = await program.bindings();
          session.areSame(bindings, session.without('expired', registered));
          await session.everybodyIsReached(bindings);
          await session.registerAll();
          const next = await program.bindings();
          session.isComplete(next);
          session.areRefreshed(bindings, next);
          return next;
        });

        // Aorta has to have its own changes after a restart, and the first one those of the second.
        for (const name of new Set(['Aorta', first] as const)) {
          await running(programs[name], options, async (program) => {
            const bindings = await program.bindings();
            session.areSame(bindings, refreshed);
            await session.everybodyIsReached(bindings);
          });
        }
      } finally {
        phones.close();
      }
    });
  }

  for (const [database, tablesOf] of [
    ['SQLite', 'Kamailio'],
    ['PostgreSQL', 'Aorta'],
  ] as const) {
    describe(`both at once without a copy in memory: ${database}, tables of ${tablesOf}`, { concurrency: 1 }, () => {
      let aorta: Aorta;
      let kamailio: Kamailio;
      let shared: SharedDatabase;
      const open: { close(): void }[] = [];

      before(async () => {
        shared = await kindOf(database).empty();
        if (tablesOf === 'Kamailio') await shared.makeKamailioTables();
        const options = { databaseUrl: shared.url, dbMode: 3, useDomain: false } as const;
        aorta = await Aorta.start({ ...options, port: await freeLastingPort() });
        kamailio = await Kamailio.start({ ...options, port: await freeLastingPort() });
      });
      after(async () => {
        for (const each of open) each.close();
        await kamailio?.stop();
        await aorta?.stop();
      });

      /** A phone that talks to one of them. */
      async function phone(user: string, program: RegistrarProgram): Promise<Phone> {
        const opened = await Phone.open(user, program.udpPort);
        open.push(opened);
        return opened;
      }

      /** Both ways round. */
      const waysRound = (): readonly (readonly [RegistrarProgram, RegistrarProgram])[] => [
        [kamailio, aorta],
        [aorta, kamailio],
      ];

      async function statusOf(program: RegistrarProgram, user: string): Promise<number> {
        const caller = await phone('caller', program);
        return (await caller.ask('MESSAGE', `sip:${user}@example.com`)).status;
      }

      /** A MESSAGE by that program gets to a phone that talks to it. */
      async function isReached(program: RegistrarProgram, callee: Phone): Promise<void> {
        const status = statusOf(program, callee.user);
        const coming = callee.peer.request('MESSAGE');
        const request = await Promise.race([coming, status.then(() => undefined)]);
        coming.catch(() => undefined);
        if (request === undefined) throw new Error(`${program.name} answers ${await status}\n${program.report()}`);
        assert.equal(request.uriText, callee.contact);
        callee.answer(request, 200);
        assert.equal(await status, 200);
      }

      /** Registers, and does so again when Kamailio, which does not wait for SQLite's lock, has refused it. */
      async function registered(program: RegistrarProgram, register: () => Promise<SipResponse>): Promise<SipResponse> {
        for (;;) {
          const reply = await register().catch((error) => assert.fail(`${error}\n${program.report()}`));
          if (reply.status !== 500 || program !== kamailio || database !== 'SQLite') return reply;
        }
      }

      test('usrloc 12 db_mode 3: registered at one, at once found at the other; removed there, at once gone here', async () => {
        for (const [here, there] of waysRound()) {
          const user = `registered-at-${here.name}`.toLowerCase();
          const registering = await phone(user, here);
          const callee = await phone(user, there);
          const stored = await registered(here, () => registering.register([`<${callee.contact}>;q=0.5`]));
          assert.equal(listed(stored).length, 1);
          await isReached(there, callee);
          const [contact, ...others] = listed(await callee.register([]));
          assert.deepEqual([contact?.uriText, contact?.q, others], [callee.contact, 500, []]);
          const removed = await registered(there, () => callee.register([`<${callee.contact}>;expires=0`]));
          assert.deepEqual(listed(removed), []);
          assert.equal(await statusOf(here, user), 404);
          assert.deepEqual(listed(await registering.register([])), []);
        }
      });

      test('usrloc 3: what has expired is not used, whoever wrote it', async () => {
        for (const [here, there] of waysRound()) {
          const user = `expired-at-${here.name}`.toLowerCase();
          const registering = await phone(user, here);
          assert.equal(listed(await registered(here, () => registering.register())).length, 1);
          await shared.expire(user);
          assert.equal(await statusOf(there, user), 404);
          assert.equal(await statusOf(here, user), 404);
        }
      });

      test('usrloc 6: a permanent contact of one outlives the timer of the other', async () => {
        const callees: [RegistrarProgram, Phone][] = [];
        for (const [here, there] of waysRound()) {
          const callee = await phone(`permanent-at-${here.name}`.toLowerCase(), there);
          callees.push([there, callee]);
          // Kamailio says nothing when SQLite's lock keeps it from doing so.
          await waitUntil(`${callee.user} in the database`, async () => {
            await here.addPermanent(callee.user, callee.contact);
            return (await aorta.bindings()).get(callee.user);
          });
          await isReached(there, callee);
        }
        // More than two of its intervals.
        await sleep(2_500);
        for (const [there, callee] of callees) await isReached(there, callee);
      });

      test('issue: a connection that one has the number of is not one of the other', async () => {
        // Both have connections of all low numbers, where nobody waits for requests.
        for (let count = 1; count <= 10; count++) {
          for (const { udpPort } of [kamailio, aorta]) open.push(await TcpPeer.open(udpPort));
        }
        for (const [here, there] of waysRound()) {
          const callee = await TcpPhone.open(`tcp-at-${here.name}`.toLowerCase());
          open.push(callee);
          assert.equal((await registered(here, () => callee.registerAt(here.udpPort))).status, 200);
          const status = statusOf(there, callee.user);
          assert.equal(await Promise.race([callee.answerMessage(), status]), callee.contact);
          assert.equal(await status, 200);
        }
      });

      test('issue: 200 phones that register at both in turn have the same contacts at both', { timeout }, async () => {
        const users = Array.from({ length: 200 }, (_, index) => index);
        const phones = new Map<RegistrarProgram, Phone>();
        for (const program of [kamailio, aorta]) phones.set(program, await phone('many', program));

        const contact = (index: number): string => `sip:many${index}@192.0.2.1:5062`;
        const stays = (index: number): boolean => index % 4 !== 0;
        let cseq = 0;

        /** One of them registers for a while, or asks. */
        function ask(program: RegistrarProgram, index: number, expires?: number): Promise<SipResponse> {
          const to = `<sip:many${index}@example.com>`;
          const contacts = expires === undefined ? [] : [`<${contact(index)}>;expires=${expires}`];
          return registered(program, () => {
            cseq += 1;
            const parts = { to, from: `${to};tag=1`, callId: `many${index}`, cseq };
            return phones.get(program)?.register(contacts, parts) ?? assert.fail();
          });
        }

        async function takeTurns(index: number): Promise<void> {
          for (let turn = 0; turn < 4; turn++) {
            const program = (index + turn) % 2 === 0 ? kamailio : aorta;
            const expires = turn < 3 || stays(index) ? 600 : 0;
            const reply = await ask(program, index, expires);
            assert.equal(reply.status, 200, `turn ${turn} of ${index} at ${program.name}`);
          }
        }

        for (let first = 0; first < users.length; first += 20) {
          await Promise.all(users.slice(first, first + 20).map(takeTurns));
        }
        for (const program of [kamailio, aorta]) {
          for (const index of users) {
            const found = listed(await ask(program, index));
            const expected = stays(index) ? [contact(index)] : [];
            assert.deepEqual(
              found.map(({ uriText }) => uriText),
              expected,
              `${index} at ${program.name}`,
            );
          }
        }
      });
    });
  }
});

/** Runs a program for as long as `body` takes. */
async function running<T>(
  start: StartProgram,
  options: SharedOptions,
  body: (program: RegistrarProgram) => Promise<T>,
): Promise<T> {
  const program = await start(options);
  try {
    return await body(program);
  } catch (error) {
    throw new Error(`with ${program.name}: ${String(error)}\n${program.report()}`, { cause: error });
  } finally {
    await program.stop();
  }
}

/** What a test does with phones of all kinds and a program. */
class Session {
  readonly #phones: AllKindsOfPhones;
  readonly #useDomain: boolean;

  constructor(phones: AllKindsOfPhones, useDomain: boolean) {
    this.#phones = phones;
    this.#useDomain = useDomain;
  }

  aorOf(uri: string): string {
    const [user = '', host = ''] = uri.slice('sip:'.length).toLowerCase().split('@');
    return this.#useDomain ? `${user}@${host}` : user;
  }

  async registerAll(): Promise<void> {
    for (const member of this.#phones.members) {
      const reply = await member.register();
      assert.equal(reply.status, 200, `${member.uri}: ${reply.toWire()}`);
      assert.equal(listed(reply).length, member.expected.length, member.uri);
    }
  }

  /** Each binding has what is particular about it. */
  isComplete(bindings: Bindings): void {
    for (const member of this.#phones.members) {
      const found = bindings.get(this.aorOf(member.uri)) ?? [];
      assert.partialDeepStrictEqual(found, member.expected, member.uri);
      assert.equal(found.length, member.expected.length, member.uri);
    }
    const [permanent] = bindings.get(this.aorOf('sip:static@example.com')) ?? [];
    assert.partialDeepStrictEqual(permanent, { expiresAt: 'permanent', q: 1, contact: this.#phones.static.contact });
    assert.equal(bindings.size, this.#phones.members.length + 1);
  }

  /** The same in all columns. */
  areSame(actual: Bindings, expected: Bindings): void {
    assert.deepEqual([...actual.keys()].toSorted(), [...expected.keys()].toSorted());
    for (const [aor, list] of expected) {
      const others = actual.get(aor) ?? [];
      assert.deepEqual(others.map(withoutExpiry), list.map(withoutExpiry), aor);
      for (const [index, { expiresAt }] of list.entries()) isSameInstant(others[index]?.expiresAt, expiresAt, aor);
    }
  }

  /** A refresh is written over what was there: it is no other binding. */
  areRefreshed(before: Bindings, after: Bindings): void {
    for (const [aor, list] of before) {
      const ruids = list.map(({ ruid }) => ruid);
      assert.deepEqual(
        after.get(aor)?.map(({ ruid }) => ruid),
        ruids,
        aor,
      );
    }
  }

  without(user: string, bindings: Bindings): Bindings {
    const aor = this.aorOf(this.#phones.member(user).uri);
    return new Map([...bindings].filter(([other]) => other !== aor));
  }

  /** A lookup finds all that a program has, and a query lists it; of others nothing. */
  async everybodyIsReached(bindings: Bindings): Promise<void> {
    for (const member of this.#phones.members) {
      const shown = bindings.get(this.aorOf(member.uri));
      if (shown === undefined) assert.equal(await this.#statusOf(member.uri), 404, member.uri);
      else await this.#isReached(member, shown);
    }
    const { caller, static: callee } = this.#phones;
    const reply = caller.ask('MESSAGE', 'sip:static@example.com');
    const request = await callee.peer.request('MESSAGE');
    assert.equal(request.uriText, callee.contact);
    callee.answer(request, 200);
    assert.equal((await reply).status, 200);
  }

  async #isReached(member: Member, shown: readonly ShownBinding[]): Promise<void> {
    const found = await member.query();
    assert.equal(found.length, shown.length, member.uri);
    for (const [index, { uriText, q, params, expires }] of found.entries()) {
      const binding = shown[index] ?? assert.fail();
      assert.equal(uriText, binding.contact);
      assert.equal(typeof q === 'number' ? q / 1000 : undefined, binding.q, uriText);
      assert.equal(params.get('received'), binding.received, uriText);
      assert.equal(params.get('+sip.instance'), binding.instance, uriText);
      isSameInstant(presentSecond() + Number(expires), binding.expiresAt, uriText);
    }
    const places = await this.#placesOf(member);
    assert.deepEqual(
      places.map(bare),
      shown.map(({ contact }) => bare(contact)),
      member.uri,
    );
  }

  /** Where a MESSAGE gets to. */
  async #placesOf(member: Member): Promise<readonly string[]> {
    const places = member.answerMessage();
    places.catch(() => undefined);
    const status = await this.#statusOf(member.uri).catch(String);
    assert.equal(status, 200, `${member.uri} is not reached: ${status}`);
    return places;
  }

  async #statusOf(uri: string): Promise<number> {
    return (await this.#phones.caller.ask('MESSAGE', uri)).status;
  }
}

function withoutExpiry({ expiresAt, ...others }: ShownBinding): Omit<ShownBinding, 'expiresAt'> {
  return others;
}

/** Two seconds: that of either program may have been over when it was asked. */
function isSameInstant(
  actual: ShownBinding['expiresAt'] | undefined,
  expected: ShownBinding['expiresAt'],
  aor: string,
): void {
  if (typeof actual === 'number' && typeof expected === 'number' && Math.abs(actual - expected) <= 2) return;
  assert.equal(actual, expected, aor);
}

/** A contact may have headers, a Request-URI not (RFC 3261 §19.1.1). */
function bare(uri: string): string {
  return uri.replace(/\?.*/, '');
}
