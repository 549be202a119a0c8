import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SipResponse } from '../../src/sip/message.ts';
import { type PostgresServer, skipWithoutPostgres, startPostgres } from '../support/postgres-server.ts';
import { TcpPeer } from '../support/tcp-peer.ts';
import { requests } from './effort.ts';
import { type Served, Servers } from './servers.ts';

const withoutPostgres = skipWithoutPostgres();
const servers = new Servers();
let folder = '';
let postgres: PostgresServer;
let databases = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aorta-two-'));
  if (withoutPostgres === false) postgres = await startPostgres();
});
after(async () => {
  await servers.end();
  await postgres?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** What a REGISTER was answered. */
interface Answer {
  readonly contact: string;
  readonly status: number;
  readonly listed: readonly string[];
}

/** One of the phones of a user, on a connection of its own: a list of hundreds of contacts fits no datagram. */
class ContactPhone {
  readonly contact: string;
  readonly #peer: TcpPeer;
  readonly #number: number;
  #cseq = 0;

  private constructor(peer: TcpPeer, number: number) {
    this.#peer = peer;
    this.#number = number;
    this.contact = `sip:${number}@192.0.2.1`;
  }

  static async open(port: number, number: number): Promise<ContactPhone> {
    return new ContactPhone(await TcpPeer.open(port), number);
  }

  add(): Promise<Answer> {
    return this.#ask(`Contact: <${this.contact}>;expires=3600\r\n`);
  }

  remove(): Promise<Answer> {
    return this.#ask(`Contact: <${this.contact}>;expires=0\r\n`);
  }

  query(): Promise<Answer> {
    return this.#ask('');
  }

  close(): void {
    this.#peer.close();
  }

  async #ask(header: string): Promise<Answer> {
    this.#cseq += 1;
    this.#peer.send(
      'REGISTER sip:127.0.0.1 SIP/2.0\r\n' +
        `Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK${this.#number}x${this.#cseq}\r\nMax-Forwards: 70\r\n` +
        'From: <sip:alice@127.0.0.1>;tag=1\r\nTo: <sip:alice@127.0.0.1>\r\n' +
        `Call-ID: ${this.#number}@phones\r\nCSeq: ${this.#cseq} REGISTER\r\n${header}Content-Length: 0\r\n\r\n`,
    );
    const response = await this.#peer.next((message) => message instanceof SipResponse);
    const listed = [
      ...response
        .toBuffer()
        .toString('latin1')
        .matchAll(/<(sip:\d+@192\.0\.2\.1)>/g),
    ];
    return { contact: this.contact, status: response.status, listed: listed.map(([, uri = '']) => uri) };
  }
}

/** Does something until it is not refused because the other server was faster. */
async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    await sleep(50);
  }
}

/** A number for a set of contacts, whatever their order: another contact more or less makes it another one. */
function markOf(contacts: readonly string[]): bigint {
  return contacts.reduce((mark, contact) => mark ^ markOfContact(contact), 0n);
}

const marks = new Map<string, bigint>();

function markOfContact(contact: string): bigint {
  let mark = marks.get(contact);
  if (mark === undefined) {
    mark = createHash('sha256').update(contact).digest().readBigUInt64BE();
    marks.set(contact, mark);
  }
  return mark;
}

/**
 * Looks for the one order of some requests that explains what they were answered: each lists what the one before has
 * left, with its own contact more or less. No list may come twice.
 *
 * @returns what they have left in the end
 */
function serialOrder(first: readonly string[], answers: readonly Answer[]): readonly string[] {
  const afterList = new Map<bigint, Answer>();
  for (const answer of answers) {
    const before = markOf(answer.listed) ^ markOfContact(answer.contact);
    assert.ok(!afterList.has(before), `${answer.contact}: applied to a list that another request was applied to`);
    afterList.set(before, answer);
  }
  let list = first;
  for (let done = 0; done < answers.length; done++) {
    const next = afterList.get(markOf(list));
    assert.ok(next !== undefined, `nothing follows after ${done} of ${answers.length} requests`);
    list = next.listed;
  }
  return list;
}

/** Tries it with an empty database of either kind. */
function onBoth(what: string, run: (db: string) => Promise<void>): void {
  databases += 1;
  const name = `test${databases}`;
  test(`${what}, on one SQLite file`, () => run(`sqlite:${join(folder, `${name}.db`)}`));
  test(`${what}, on one PostgreSQL`, { skip: withoutPostgres }, async () => {
    await run(await postgres.createDatabase(name));
  });
}

describe('two servers with db-only on one database', () => {
  /** Two servers, and phones of one user that take turns with them. */
  async function open(db: string, count: number, options: readonly string[] = []) {
    const pair: Served[] = [];
    for (let i = 0; i < 2; i++) pair.push(await servers.serve(db, ['--db-mode', 'db-only', ...options], 'tcp'));
    const phones: ContactPhone[] = [];
    for (let i = 0; i < count; i++) phones.push(await ContactPhone.open(pair[i % 2]?.port ?? 0, i));
    return {
      phones,
      close: async () => {
        for (const phone of phones) phone.close();
        for (const { aorta } of pair) await aorta.stop();
      },
    };
  }

  onBoth(`${requests} concurrent REGISTERs of one address, half of them removals, have one order`, async (db) => {
    const { phones, close } = await open(db, requests);
    const half = requests / 2;
    const early = phones.slice(0, half);
    const added = await Promise.all(early.map((phone) => insist(() => phone.add())));
    const before = serialOrder([], added);
    const answers = await Promise.all(
      phones.map((phone, i) => insist(() => (i < half ? phone.remove() : phone.add()))),
    );
    assert.ok([...added, ...answers].every(({ status }) => status === 200));
    const left = serialOrder(before, answers).toSorted();
    assert.deepEqual(
      left,
      phones
        .slice(half)
        .map(({ contact }) => contact)
        .toSorted(),
    );
    for (const phone of phones.slice(0, 2)) assert.deepEqual((await phone.query()).listed.toSorted(), left);
    await close();
  });

  onBoth('max_contacts=5: never more are stored, and who is one too many is answered 503', async (db) => {
    const { phones, close } = await open(db, 100, ['--set', 'registrar.max_contacts=5']);
    const answers = await Promise.all(phones.map((phone) => phone.add()));
    const stored = answers.filter(({ status }) => status === 200);
    assert.ok(answers.every(({ status }) => status === 200 || status === 503));
    const left = serialOrder([], stored);
    assert.equal(left.length, 5);
    for (const phone of phones.slice(0, 2)) assert.deepEqual((await phone.query()).listed.toSorted(), left.toSorted());
    // Some go, so that others find a place.
    const mixed = await Promise.all(
      phones.map((phone) => (left.includes(phone.contact) ? phone.remove() : phone.add())),
    );
    assert.ok(mixed.every(({ listed }) => listed.length <= 5));
    const last = serialOrder(
      left,
      mixed.filter(({ status }) => status === 200),
    );
    assert.ok(last.length <= 5);
    for (const phone of phones.slice(0, 2)) assert.deepEqual((await phone.query()).listed.toSorted(), last.toSorted());
    await close();
  });
});
