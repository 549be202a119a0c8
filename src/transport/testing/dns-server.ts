import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { NaptrRecord, SrvRecord } from '../dns-client.ts';

/** What a zone says of one name. */
export interface ZoneEntry {
  readonly naptr?: readonly NaptrRecord[];
  readonly srv?: readonly SrvRecord[];
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  readonly ttl?: number;
  /** Answers SERVFAIL to everything. */
  readonly broken?: boolean;
}

export type Zone = Record<string, ZoneEntry>;

const types = { a: 1, aaaa: 28, srv: 33, naptr: 35 } as const;

/** A DNS server on 127.0.0.1 that knows one zone: enough of RFC 1035 for a stub resolver. */
export class TestDnsServer {
  readonly zone: Zone;
  /** Every question, as `TYPE name`. */
  readonly questions: string[] = [];
  readonly #socket: Socket;

  private constructor(zone: Zone, socket: Socket) {
    this.zone = zone;
    this.#socket = socket;
    socket.on('message', (query, client) => socket.send(this.#answer(query), client.port, client.address));
  }

  static async start(zone: Zone): Promise<TestDnsServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new TestDnsServer(zone, socket);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #answer(query: Buffer): Buffer {
    let at = 12;
    const labels: string[] = [];
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join('.').toLowerCase();
    const code = query.readUInt16BE(at + 1);
    const question = query.subarray(12, at + 5);
    const type = Object.entries(types).find(([, value]) => value === code)?.[0] ?? String(code);
    this.questions.push(`${type} ${name}`);
    const entry = this.zone[name];
    const data = entry ? recordData(entry, code) : [];
    const responseCode = entry?.broken ? 2 : entry ? 0 : 3;
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8580 | responseCode, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(data.length, 6);
    const records = data.map((bytes) => {
      const fixed = Buffer.alloc(12);
      fixed.writeUInt16BE(0xc00c, 0);
      fixed.writeUInt16BE(code, 2);
      fixed.writeUInt16BE(1, 4);
      fixed.writeUInt32BE(entry?.ttl ?? 300, 6);
      fixed.writeUInt16BE(bytes.length, 10);
      return Buffer.concat([fixed, bytes]);
    });
    return Buffer.concat([header, question, ...records]);
  }
}

function recordData(entry: ZoneEntry, code: number): readonly Buffer[] {
  if (entry.broken) return [];
  switch (code) {
    case types.a:
      return (entry.a ?? []).map((address) => Buffer.from(address.split('.').map(Number)));
    case types.aaaa:
      return (entry.aaaa ?? []).map(ipv6Bytes);
    case types.srv:
      return (entry.srv ?? []).map(({ priority, weight, port, target }) =>
        Buffer.concat([words(priority, weight, port), encodeName(target)]),
      );
    case types.naptr:
      return (entry.naptr ?? []).map((record) =>
        Buffer.concat([
          words(record.order, record.preference),
          ...[record.flags, record.service, record.regexp].map(encodeText),
          encodeName(record.replacement),
        ]),
      );
    default:
      return [];
  }
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value, index * 2);
  });
  return bytes;
}

function encodeText(text: string): Buffer {
  return Buffer.from([text.length, ...Buffer.from(text, 'latin1')]);
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([...labels.map(encodeText), Buffer.from([0])]);
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return words(...[...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16)));
}
