import assert from 'node:assert/strict';
import type { Random } from '../../src/base/random.ts';
import type { Binding } from '../../src/location/binding.ts';
import type { LocationEvent } from '../../src/location/location.ts';
import type { AortaOptions } from '../../src/server/options.ts';
import { type AortaServer, createServer } from '../../src/server/server.ts';
import { entriesAtOnce } from '../../src/testing/at-once.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import type { SendResult } from '../../src/transport/flow.ts';
import { RecordedConnection, RecordedSockets } from './recorded-sockets.ts';

/** Where a message comes from. */
export interface Source {
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
}

/**
 * Two servers with the same options, clock and randomness. In the one, REGISTERs may take the short way from bytes to
 * bytes; in the other, all of them become messages and run through the built-in route. Whatever comes in has to have
 * the same effect in both.
 */
export class TwoWays {
  readonly clock = new FakeClock();
  readonly #short: OneWay;
  readonly #long: OneWay;

  private constructor(options: AortaOptions, listens: boolean) {
    this.#short = new OneWay(options, this.clock, listens, true);
    this.#long = new OneWay(options, this.clock, listens, false);
  }

  /** @param listens whether somebody listens to the events of the bindings, which are then compared too */
  static async start(options: AortaOptions, listens: boolean): Promise<TwoWays> {
    const ways = new TwoWays(options, listens);
    await ways.#short.server.start();
    await ways.#long.server.start();
    return ways;
  }

  /** How many REGISTERs went the short way. */
  get plainRegisters(): number {
    return this.#short.server.stats.plainRegisters;
  }

  /** How many replies with that status were sent. */
  replies(status: string): number {
    return this.#long.server.stats.replies.get(status);
  }

  /** Hands a message to both and compares all that they say and tell. */
  exchange(bytes: Buffer, source: Source): void {
    // Each gets bytes of its own: neither may change them, nor look at them later.
    const copies = [Buffer.from(bytes), Buffer.from(bytes)] as const;
    this.#short.take(copies[0], source);
    this.#long.take(copies[1], source);
    const what = () => `${JSON.stringify(source)}\n${JSON.stringify(bytes.toString('latin1'))}`;
    if (this.#short.said !== this.#long.said) assert.equal(this.#short.said, this.#long.said, what());
    assert.ok(copies[0].equals(bytes), 'the bytes are as they were');
    copies[0].fill(0);
    copies[1].fill(0);
  }

  /** Lets time pass: what expires meanwhile is collected by both. */
  advance(ms: number): void {
    this.#short.said = this.#long.said = '';
    this.clock.advance(ms);
    if (this.#short.said !== this.#long.said) assert.equal(this.#short.said, this.#long.said, 'while time passes');
  }

  /** The next change of a binding brings in another message, while the one that made it is in hand. */
  react(bytes: Buffer, source: Source): void {
    this.#short.react(bytes, source);
    this.#long.react(bytes, source);
  }

  /** From now on, messages on the connections so far meet that end. */
  failConnections(result: SendResult): void {
    this.#short.failConnections(result);
    this.#long.failConnections(result);
  }

  /** From now on, whoever asks for randomness meets an error. */
  failRandomness(): void {
    this.#short.random.fails = true;
    this.#long.random.fails = true;
  }

  /** Compares everything that is stored, and what was counted. */
  compareState(): void {
    assert.deepEqual(this.#short.stored(this.clock.now()), this.#long.stored(this.clock.now()));
    const [short, long] = [this.#short.server.stats, this.#long.server.stats];
    assert.deepEqual(short.requests.entries(), long.requests.entries());
    assert.deepEqual(short.replies.entries(), long.replies.entries());
    assert.deepEqual(short.dropped.entries(), long.dropped.entries());
    assert.equal(long.plainRegisters, 0);
  }

  /** What the registrar of the long way has stored, one line for each binding. */
  stored(): readonly string[] {
    return this.#long.stored(this.clock.now());
  }

  async stop(): Promise<void> {
    await this.#short.server.stop();
    await this.#long.server.stop();
  }
}

/** One of the two servers, and what it has said since the last message came in. */
class OneWay {
  readonly server: AortaServer;
  said = '';
  readonly random = new PerMessageRandom();
  readonly #sockets = new RecordedSockets((sent, destination) => this.#say(sent, destination));
  readonly #connections = new Map<string, RecordedConnection>();

  constructor(options: AortaOptions, clock: FakeClock, listens: boolean, plainRegisters: boolean) {
    this.server = createServer(options, { clock, random: this.random, datagrams: this.#sockets, plainRegisters });
    if (listens) this.server.on('binding', (event) => this.#say(eventText(event), 'event'));
  }

  take(bytes: Buffer, source: Source): void {
    this.said = '';
    this.random.nextMessage();
    this.#deliver(bytes, source);
  }

  #deliver(bytes: Buffer, source: Source): void {
    const { transport, address, port } = source;
    if (transport === 'udp') this.#sockets.deliver(localAddress(address), bytes, address, port);
    else this.server.receive(this.#connectionOf(address, port), bytes);
  }

  react(bytes: Buffer, source: Source): void {
    const takeOff = this.server.on('binding', () => {
      takeOff();
      this.#deliver(bytes, source);
    });
  }

  stored(now: number): readonly string[] {
    const lines: string[] = [];
    for (const table of this.server.location.tables()) {
      for (const { aor, bindings } of entriesAtOnce(table, () => now - (now % 1000))) {
        for (const binding of bindings) lines.push(`${table.name} ${aor} ${bindingText(binding)}`);
      }
    }
    return lines;
  }

  failConnections(result: SendResult): void {
    for (const connection of this.#connections.values()) connection.result = result;
  }

  #connectionOf(address: string, port: number): RecordedConnection {
    const key = `${address} ${port}`;
    let connection = this.#connections.get(key);
    if (connection === undefined) {
      // Ids that the transport layer gives to nothing else.
      const id = 1_000_000 + this.#connections.size;
      connection = new RecordedConnection(id, address, port, (sent, destination) => this.#say(sent, destination));
      this.#connections.set(key, connection);
    }
    return connection;
  }

  #say(sent: string, destination: string): void {
    this.said += `${destination}: ${sent}\n`;
  }
}

/** Tokens that name the message they were drawn for, so that a way that draws one in vain stays comparable. */
class PerMessageRandom implements Random {
  fails = false;
  #message = 0;
  #drawn = 0;

  nextMessage(): void {
    this.#message += 1;
    this.#drawn = 0;
  }

  token(): string {
    if (this.fails) throw new Error('there is no randomness');
    this.#drawn += 1;
    return `m${this.#message}d${this.#drawn}`;
  }

  integer(maxExclusive: number): number {
    this.#drawn += 1;
    return (this.#message * 31 + this.#drawn) % maxExclusive;
  }
}

function localAddress(remote: string): string {
  return remote.includes(':') ? '::1' : '127.0.0.1';
}

function eventText({ sequence, type, table, aor, before, after, at }: LocationEvent): string {
  return `${sequence} ${type} ${table} ${aor} ${at}\n${before && bindingText(before)}\n${after && bindingText(after)}`;
}

function bindingText(binding: Binding): string {
  return JSON.stringify(bindingFields(binding));
}

/** Every field, by name: a location may make bindings whose fields are not own properties. */
function bindingFields(binding: Binding): { readonly [Field in keyof Binding]: unknown } {
  return {
    ruid: binding.ruid,
    contact: binding.contact,
    expiresAt: binding.expiresAt,
    q: binding.q,
    callId: binding.callId,
    cseq: binding.cseq,
    received: String(binding.received),
    path: String(binding.path),
    socket: String(binding.socket),
    flowId: String(binding.flowId),
    userAgent: binding.userAgent,
    flags: binding.flags,
    branchFlags: binding.branchFlags,
    methods: String(binding.methods),
    instance: String(binding.instance),
    regId: binding.regId,
    extension: binding.extension,
    lastModifiedAt: binding.lastModifiedAt,
  };
}
