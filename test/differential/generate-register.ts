import { mutate } from '../fuzz/mutate.ts';
import type { SeededRandom } from '../fuzz/seeded-random.ts';
import {
  type Choice,
  type Choices,
  callId,
  choose,
  contact,
  contentLength,
  cseq,
  expires,
  from,
  hosts,
  maxForwards,
  otherLines,
  type Person,
  requestLine,
  to,
  userAgent,
  users,
  via,
} from './header-choices.ts';
import type { Source } from './two-ways.ts';

/** A request and where it comes from. */
export interface Delivery {
  readonly bytes: Buffer;
  readonly source: Source;
}

const sources: readonly Source[] = [
  { transport: 'udp', address: '10.0.0.1', port: 5060 },
  { transport: 'udp', address: '10.0.0.1', port: 5060 },
  { transport: 'udp', address: '10.0.0.1', port: 40_000 },
  { transport: 'udp', address: '10.0.0.2', port: 5062 },
  { transport: 'udp', address: '2001:db8::9', port: 5060 },
  { transport: 'udp', address: '10.0.0.3', port: 0 },
  { transport: 'tcp', address: '10.0.0.1', port: 5060 },
  { transport: 'tcp', address: '10.0.0.4', port: 49_152 },
  { transport: 'tcp', address: '2001:db8::9', port: 49_153 },
];
const sentBys = ['10.0.0.1', '10.0.0.1:5060', '10.0.0.1:40000', '10.0.0.2:5062', 'phone.example.com:5060'];
const compactForms: Readonly<Record<string, string>> = {
  Via: 'v',
  From: 'f',
  To: 't',
  'Call-ID': 'i',
  Contact: 'm',
  'Content-Length': 'l',
  Supported: 'k',
};
/** Earlier messages that may come again, as they were or changed. */
const remembered = 32;

/**
 * Makes REGISTERs of few people, so that refreshes, retransmissions, old sequence numbers and removals meet what is
 * stored: most as phones write them, the others odd in one or a few places, some with bytes changed at random.
 */
export class RegisterGenerator {
  readonly #random: SeededRandom;
  readonly #earlier: Delivery[] = [];
  #count = 0;
  #sequence = 1;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  next(): Delivery {
    const random = this.#random;
    this.#count += 1;
    const kind = random.below(100);
    if (kind < 6 && this.#earlier.length > 0) return random.pick(this.#earlier);
    const delivery = { bytes: Buffer.from(this.#message(), 'latin1'), source: random.pick(sources) };
    if (this.#earlier.push(delivery) > remembered) this.#earlier.shift();
    if (kind >= 12) return delivery;
    const others = this.#earlier.map(({ bytes }) => bytes);
    return { bytes: mutate(delivery.bytes, others, random), source: delivery.source };
  }

  #message(): string {
    const random = this.#random;
    const person = this.#person();
    const fields: readonly (readonly [string, Choices])[] = [
      ['Via', via(person)],
      ['Max-Forwards', maxForwards],
      ['From', from(person)],
      ['To', to(person)],
      ['Call-ID', callId(person)],
      ['CSeq', cseq(person)],
      ['Contact', contact(person)],
      ['Expires', expires],
      ['User-Agent', userAgent],
      ['', otherLines],
      ['Content-Length', contentLength],
    ];
    const odd = this.#oddPlaces(fields.length + 4);
    const lines: string[] = [];
    for (const [index, [name, choices]] of fields.entries()) {
      lines.push(...headerLines(name, choose(choices, odd.has(index), random)));
    }
    if (odd.has(fields.length)) this.#respell(lines);
    if (random.below(4) === 0) this.#shuffle(lines);
    const first = choose(requestLine(person), odd.has(fields.length + 1), random);
    const text = `${first}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
    return odd.has(fields.length + 2) ? this.#reframe(text) : text;
  }

  /** Which parts of a message are odd: none of nearly half of all messages. */
  #oddPlaces(parts: number): ReadonlySet<number> {
    const places = new Set<number>();
    for (let chance = this.#random.below(16); chance >= 7; chance = this.#random.below(16)) {
      places.add(this.#random.below(parts));
    }
    return places;
  }

  #person(): Person {
    const random = this.#random;
    const user = random.pick(random.below(8) === 0 ? users : users.slice(0, 3));
    // Mostly the next number, sometimes the last one again, or an older one.
    const step = random.below(10);
    if (step > 1) this.#sequence += 1;
    const number = Math.max(1, step === 0 ? this.#sequence - random.below(20) : this.#sequence);
    return {
      user,
      host: random.pick(random.below(3) === 0 ? hosts : hosts.slice(0, 2)),
      contactPort: 5060 + random.below(4),
      callId: `call-${random.below(3)}@10.0.0.1`,
      cseq: number,
      branch: `-${this.#count}`,
      sentBy: random.pick(sentBys),
    };
  }

  /** Another spelling of one line: capitals, compact form, blanks around the colon, folding. */
  #respell(lines: string[]): void {
    const random = this.#random;
    const index = random.below(lines.length);
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    if (colon < 0) return;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 2);
    const spellings = [
      `${name.toLowerCase()}: ${value}`,
      `${name.toUpperCase()}: ${value}`,
      `${compactForms[name] ?? name.toLowerCase()}: ${value}`,
      `${name} : ${value}`,
      `${name}\t: ${value}`,
      `${name}:${value}`,
      `${name}:  ${value}`,
      `${name}:\t${value}`,
      `${name}: ${value} `,
      `${name}: ${value}\t`,
      `${name}:\r\n ${value}`,
      `${name}: \r\n\t${value}`,
      `${name}: ${value.replace(' ', '\r\n ')}`,
      `${name}: ${value}\r\n `,
      `${name}: ${value}\r`,
      `${name}: ${value}\n`,
      `${name}: \r${value}`,
      `${name}x: ${value}`,
      ` ${name}: ${value}`,
      name,
    ];
    lines[index] = random.pick(spellings);
  }

  #shuffle(lines: string[]): void {
    for (let last = lines.length - 1; last > 0; last--) {
      const other = this.#random.below(last + 1);
      [lines[last], lines[other]] = [lines[other] as string, lines[last] as string]; // both inside
    }
  }

  /** Other line breaks, something before the message or behind it, a missing end, a body. */
  #reframe(text: string): string {
    const random = this.#random;
    return random.pick([
      `\r\n${text}`,
      `\n${text}`,
      ` ${text}`,
      `${text}\r\n`,
      `${text}body!`,
      `${text}\0`,
      text.slice(0, -2),
      text.slice(0, -1),
      `${text.slice(0, -2)}\n`,
      text.replaceAll('\r\n', '\n'),
      text.replace('\r\n', '\n'),
      text.replace('\r\n', '\r'),
      text.replace(/\r\n(?=To)/, '\n'),
      text.slice(0, random.below(text.length)),
      text.replace(
        '\r\n\r\n',
        `\r\nAllow: ${'p'.repeat(Math.max(0, 2048 - text.length - 11 + random.below(5)))}\r\n\r\n`,
      ),
    ]);
  }
}

function headerLines(name: string, choice: Choice): readonly string[] {
  if (choice === undefined) return [];
  const values = typeof choice === 'string' ? [choice] : choice;
  return name === '' ? values : values.map((value) => `${name}: ${value}`);
}
