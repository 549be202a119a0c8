import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { waitUntil } from '../interop/wait-until.ts';

/** How much a load does. */
export interface LoadOptions {
  /** Addresses-of-record. */
  readonly users: number;
  /** Requests that wait for their answers at any time; each is of another user. */
  readonly outstanding: number;
  readonly seed: number;
}

/** The contacts of a user: a bit for each of the two that it may have. */
type Contacts = number;

/** What a request does to them. */
interface Change {
  readonly add: Contacts;
  readonly remove: Contacts;
}

const nothing: Change = { add: 0, remove: 0 };
const lifetime = 3_600;
/** How often a phone repeats what is not answered, milliseconds. */
const repeatMs = 1_000;
/** How long a phone that was refused waits, milliseconds: less than it is told, or a test would take long. */
const refusedMs = 100;

/** What somebody has been told, and what they have asked for since. */
class User {
  readonly name: string;
  cseq = 0;
  /** The contacts that were acknowledged last. */
  acknowledged: Contacts = 0;
  /** Those there may be: what was refused since may have been done all the same, when a database broke. */
  possible: ReadonlySet<Contacts> = new Set([0]);
  /** What was asked for and not answered. */
  change: Change | undefined = undefined;
  request = '';
  sentAt = 0;
  /** Takes the answer to the request under way. */
  take: ((status: number, text: string) => void) | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** What there may be once the request under way has been done. */
  get expected(): ReadonlySet<Contacts> {
    return new Set([...this.possible].map((contacts) => apply(contacts, this.change)));
  }

  learn(contacts: Contacts): void {
    this.acknowledged = contacts;
    this.possible = new Set([contacts]);
    this.change = undefined;
  }
}

/**
 * Phones that register, refresh and unregister as fast as they are answered, and remember what was acknowledged: what a
 * registrar that was killed must still know when it is started anew.
 */
export class RegisterLoad {
  /** Answers by status. */
  readonly answers = new Map<number, number>();
  /** Values of Retry-After that came with a 503; `undefined` when there was none. */
  readonly retryAfters: (number | undefined)[] = [];
  /** Requests that were refused and done all the same: a commit may be, whose fate nobody could know. */
  refusedAndDone = 0;
  /** The longest that a request has waited for its answer, milliseconds. */
  slowestMs = 0;
  readonly #random: SeededRandom;
  readonly #outstanding: number;
  readonly #users: User[];
  readonly #lies: string[] = [];
  #socket: Socket | undefined = undefined;
  #repeating: NodeJS.Timeout | undefined = undefined;
  #port = 0;
  #isRunning = false;
  #next = 0;

  constructor({ users, outstanding, seed }: LoadOptions) {
    this.#random = new SeededRandom(seed);
    this.#outstanding = outstanding;
    this.#users = Array.from({ length: users }, (_, i) => new User(`u${i}`));
  }

  /** Requests that were acknowledged with a 200. */
  get acknowledged(): number {
    return this.answers.get(200) ?? 0;
  }

  /** Requests that were refused with a 503. */
  get refused(): number {
    return this.answers.get(503) ?? 0;
  }

  /** Begins to send to a port of 127.0.0.1, and goes on until `halt`. */
  async begin(port: number): Promise<void> {
    await this.#connect(port);
    this.#isRunning = true;
    for (let i = 0; i < this.#outstanding; i++) this.#sendNext();
  }

  /** Waits for so many more acknowledgements. */
  acknowledge(count: number): Promise<void> {
    return this.#more('acknowledgements', count, () => this.acknowledged);
  }

  /** Waits for so many more refusals. */
  refuse(count: number): Promise<void> {
    return this.#more('refusals', count, () => this.refused);
  }

  /** Sends nothing more and hears nothing more. What is under way now may have been done or not. */
  halt(): void {
    this.#isRunning = false;
    clearInterval(this.#repeating);
    this.#socket?.close();
    this.#socket = undefined;
    for (const user of this.#users) user.take = undefined;
  }

  /** Waits for the answers to what is under way, and sends nothing more. */
  async finish(): Promise<void> {
    this.#isRunning = false;
    await waitUntil('the last answers', () => (this.#users.every(({ take }) => take === undefined) ? true : undefined));
    this.halt();
  }

  /**
   * Asks a registrar what it knows of every user. What it says is what the next check goes by.
   *
   * @returns a line for each user of whom it has lost what it had acknowledged, or kept what was removed
   */
  async check(port: number): Promise<readonly string[]> {
    const wrong = this.#lies.splice(0);
    await this.#connect(port);
    const left = this.#users.values();
    const ask = async (): Promise<void> => {
      for (const user of left) {
        const known = await this.#query(user);
        const may = new Set([...user.possible, ...user.expected]);
        if (!may.has(known)) wrong.push(`${user.name}: it knows ${wordsOf(known)}, not ${wordsOfAny(may)}`);
        else if (known !== user.acknowledged && known !== apply(user.acknowledged, user.change))
          this.refusedAndDone += 1;
        user.learn(known);
      }
    };
    await Promise.all(Array.from({ length: this.#outstanding }, ask));
    this.halt();
    return wrong;
  }

  /** What was acknowledged by one registrar is nothing to the next. */
  forget(): void {
    for (const user of this.#users) user.learn(0);
  }

  /** However many there are to be, the wait is in vain when none comes for a minute. */
  async #more(what: string, count: number, counted: () => number): Promise<void> {
    const end = counted() + count;
    for (let seen = counted(); seen < end; seen = counted()) {
      await waitUntil(`more ${what}`, () => (counted() > seen ? true : undefined));
    }
  }

  async #connect(port: number): Promise<void> {
    this.#port = port;
    const socket = createSocket('udp4');
    this.#socket = socket;
    // A registrar that is gone is what this is about.
    socket.on('error', () => undefined);
    socket.on('message', (bytes) => this.#receive(bytes));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.setRecvBufferSize(4 * 1024 * 1024);
    this.#repeating = setInterval(() => this.#repeat(), repeatMs / 10);
    // A test that fails must not wait for phones.
    socket.unref();
    this.#repeating.unref();
  }

  #sendNext(): void {
    if (!this.#isRunning) return;
    // The next idle user in turn: with more users than requests under way there is one.
    for (let i = 0; i < this.#users.length; i++) {
      this.#next = (this.#next + 1) % this.#users.length;
      const user = this.#users[this.#next];
      if (user !== undefined && user.take === undefined) {
        this.#sendChange(user);
        return;
      }
    }
  }

  #sendChange(user: User): void {
    const contact = 1 << this.#random.below(2);
    const uri = `sip:${user.name}@192.0.2.${contact}:5060`;
    const dice = this.#random.below(100);
    let header = `Contact: <${uri}>;expires=${lifetime}\r\n`;
    if (dice < 80) user.change = { add: contact, remove: 0 };
    else if (dice < 93) {
      user.change = { add: 0, remove: contact };
      header = `Contact: <${uri}>;expires=0\r\n`;
    } else {
      user.change = { add: 0, remove: 0b11 };
      header = 'Contact: *\r\nExpires: 0\r\n';
    }
    const since = performance.now();
    this.#send(user, header, (status, text) => {
      this.slowestMs = Math.max(this.slowestMs, performance.now() - since);
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      if (status === 200) {
        this.#acknowledged(user, contactsIn(text));
        this.#sendNext();
      } else {
        this.#refused(user, text);
        setTimeout(() => this.#sendNext(), refusedMs).unref();
      }
    });
  }

  #acknowledged(user: User, listed: Contacts): void {
    const { acknowledged, change, expected } = user;
    if (!expected.has(listed)) {
      this.#lies.push(`${user.name}: it was told ${wordsOf(listed)}, not ${wordsOfAny(expected)}\n${user.request}`);
    } else if (listed !== apply(acknowledged, change)) this.refusedAndDone += 1;
    user.learn(listed);
  }

  #refused(user: User, text: string): void {
    const retryAfter = /^Retry-After: (\d+)\r$/m.exec(text)?.[1];
    this.retryAfters.push(retryAfter === undefined ? undefined : Number(retryAfter));
    user.possible = new Set([...user.possible, ...user.expected]);
    user.change = undefined;
  }

  /** What a registrar knows of a user. One that cannot say now is asked again. */
  #query(user: User): Promise<Contacts> {
    return new Promise((resolve) => {
      const ask = (): void =>
        this.#send(user, '', (status, text) => {
          if (status === 200) resolve(contactsIn(text));
          else setTimeout(ask, refusedMs);
        });
      ask();
    });
  }

  #send(user: User, header: string, take: (status: number, text: string) => void): void {
    user.cseq += 1;
    user.request =
      `REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${user.name}x${user.cseq};rport\r\n` +
      `Max-Forwards: 70\r\nFrom: <sip:${user.name}@127.0.0.1>;tag=1\r\nTo: <sip:${user.name}@127.0.0.1>\r\n` +
      `Call-ID: ${user.name}@load\r\nCSeq: ${user.cseq} REGISTER\r\n${header}Content-Length: 0\r\n\r\n`;
    user.sentAt = performance.now();
    user.take = take;
    this.#socket?.send(user.request, this.#port, '127.0.0.1');
  }

  #repeat(): void {
    const now = performance.now();
    for (const user of this.#users) {
      if (user.take === undefined || now - user.sentAt < repeatMs) continue;
      user.sentAt = now;
      this.#socket?.send(user.request, this.#port, '127.0.0.1');
    }
  }

  #receive(bytes: Buffer): void {
    const text = bytes.toString('latin1');
    const user = this.#users[Number(/Call-ID: u(\d+)@load/.exec(text)?.[1])];
    const isCurrent = Number(/CSeq: (\d+)/.exec(text)?.[1]) === user?.cseq;
    const take = isCurrent ? user?.take : undefined;
    if (user === undefined || take === undefined) return;
    user.take = undefined;
    take(Number(text.slice(8, 11)), text);
  }
}

function apply(contacts: Contacts, { add, remove }: Change = nothing): Contacts {
  return (contacts & ~remove) | add;
}

function contactsIn(reply: string): Contacts {
  let contacts = 0;
  for (const [, bit] of reply.matchAll(/<sip:u\d+@192\.0\.2\.(\d):5060>/g)) contacts |= Number(bit);
  return contacts;
}

function wordsOfAny(possible: ReadonlySet<Contacts>): string {
  return [...possible].map(wordsOf).join(' or ');
}

function wordsOf(contacts: Contacts): string {
  return ['no contact', 'contact 1', 'contact 2', 'contacts 1 and 2'][contacts] ?? `${contacts}`;
}
