import assert from 'node:assert/strict';
import type { Contact } from '../../src/sip/headers/contact.ts';
import type { SipResponse } from '../../src/sip/message.ts';
import { Phone } from '../support/phone.ts';
import type { ShownBinding } from './registrar-program.ts';
import { TcpPhone } from './tcp-phone.ts';

/** A user with one contact or several, who registers in a way of its own. */
export interface Member {
  readonly user: string;
  /** Of the address-of-record. */
  readonly uri: string;
  /** What is stored of each contact, in the order of a lookup, as far as it is particular. */
  readonly expected: readonly Partial<ShownBinding>[];
  /** Registers, or refreshes by the same call: the final response. */
  register(): Promise<SipResponse>;
  /** Asks what is registered (RFC 3261 §10.2.3). */
  query(): Promise<readonly Contact[]>;
  /** Waits at each of its contacts for the MESSAGE of a call, and answers it; where it was sent to. */
  answerMessage(): Promise<readonly string[]>;
}

/** How a member registers by UDP. */
interface Way {
  readonly domain?: string;
  /** The values of its Contact header. */
  readonly contacts?: (phone: Phone, second: Phone) => readonly string[];
  readonly headers?: readonly (readonly [string, string])[];
  readonly expected?: (phone: Phone, second: Phone) => readonly Partial<ShownBinding>[];
  /** Who gets its requests, when it is not the phone alone. */
  readonly reached?: (phone: Phone, second: Phone) => readonly Phone[];
}

const instance = 'urn:uuid:00000000-0000-1000-8000-000000000001';
/** Has what SQL has to be careful with, and what is not ASCII. */
const userAgent = `T\u00e9l\u00e9phone\\1 'x' "y" %s ; --`;

/** Phones of every kind that a row can tell apart, on sockets of their own; all talk to one port of 127.0.0.1. */
export class AllKindsOfPhones {
  readonly members: Member[] = [];
  /** Somebody who calls them. */
  readonly caller: Phone;
  /** Somebody who has not registered. */
  readonly static: Phone;
  readonly #port: number;
  readonly #open: { close(): void }[] = [];

  private constructor(port: number, caller: Phone, unregistered: Phone) {
    this.#port = port;
    this.caller = caller;
    this.static = unregistered;
    this.#open.push(caller, unregistered);
  }

  static async open(port: number, useDomain: boolean): Promise<AllKindsOfPhones> {
    const phones = new AllKindsOfPhones(port, await Phone.open('caller', port), await Phone.open('static', port));
    await phones.#addAll(useDomain);
    return phones;
  }

  member(user: string): Member {
    return this.members.find((member) => member.user === user) ?? assert.fail(user);
  }

  close(): void {
    for (const each of this.#open) each.close();
  }

  async #addAll(useDomain: boolean): Promise<void> {
    await this.#add('plain', { expected: () => [{ methods: undefined, regId: 0 }] });
    if (useDomain) await this.#add('plain', { domain: 'other.test' });
    await this.#add('Capitals', {});
    await this.#add('expired', {});
    await this.#add("o'brien", {
      contacts: ({ contact }) => [`"O'Brien \\"" <${contact};x=%41'?h=1>;expires=1000`],
      headers: [['User-Agent', Buffer.from(userAgent, 'utf8').toString('latin1')]],
      expected: ({ contact }) => [{ contact: `${contact};x=%41'?h=1`, userAgent }],
    });
    await this.#add('forked', {
      contacts: (one, two) => [`<${one.contact}>;q=0.25`, `<${two.contact}>;q=0.999`],
      expected: (one, two) => [
        { contact: two.contact, q: 0.999 },
        { contact: one.contact, q: 0.25 },
      ],
      reached: (one, two) => [two, one],
    });
    await this.#add('nat', {
      contacts: () => ['<sip:nat@192.0.2.1:5062>'],
      headers: [['X-Nat', '1']],
      expected: ({ peer }) => [{ received: `sip:127.0.0.1:${peer.port}`, isNatted: true }],
    });
    await this.#add('path', {
      contacts: () => ['<sip:path@192.0.2.2>'],
      headers: [
        ['Supported', 'path'],
        ['Path', `<sip:127.0.0.1:${this.static.peer.port};lr>, "E" <sip:192.0.2.3;lr;x="y">;z`],
      ],
      expected: () => [{ path: `<sip:127.0.0.1:${this.static.peer.port};lr>, "E" <sip:192.0.2.3;lr;x="y">;z` }],
      reached: () => [this.static],
    });
    await this.#add('methods', {
      contacts: ({ contact }) => [`<${contact}>;methods="MESSAGE,OPTIONS"`],
      expected: () => [{ methods: 768 }],
    });
    // Kamailio takes the methods of Allow when the contact names none; nobody else does.
    await this.#add('allow', { headers: [['Allow', 'INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE']] });
    await this.#add('outbound', {
      contacts: ({ contact }) => [`<${contact}>;+sip.instance="<${instance}>";reg-id=1`],
      headers: [['Supported', 'path, outbound']],
      expected: () => [{ instance: `<${instance}>`, regId: 1 }],
    });
    await this.#addTcp();
  }

  async #add(user: string, way: Way): Promise<void> {
    const { domain = 'example.com', headers = [] } = way;
    const phone = await Phone.open(user, this.#port, domain);
    const second = await Phone.open(user, this.#port, domain);
    this.#open.push(phone, second);
    const contacts = way.contacts?.(phone, second) ?? [`<${phone.contact}>`];
    const reached = way.reached?.(phone, second) ?? [phone];
    this.members.push({
      user,
      uri: `sip:${user}@${domain}`,
      expected: way.expected?.(phone, second) ?? [{ contact: phone.contact }],
      register: () => phone.register(contacts, { headers: [['Expires', '600'], ...headers] }),
      query: async () => listed(await phone.register([])),
      answerMessage: async () => {
        const requests = await Promise.all(reached.map(({ peer }) => peer.request('MESSAGE')));
        for (const [index, request] of requests.entries()) reached[index]?.answer(request, 200);
        return requests.map(({ uriText }) => uriText);
      },
    });
  }

  async #addTcp(): Promise<void> {
    const phone = await TcpPhone.open('tcp');
    const asking = await Phone.open('tcp', this.#port);
    this.#open.push(phone, asking);
    this.members.push({
      user: 'tcp',
      uri: 'sip:tcp@example.com',
      expected: [{ contact: phone.contact, socket: `tcp:127.0.0.1:${this.#port}` }],
      register: () => phone.registerAt(this.#port),
      query: async () => listed(await asking.register([])),
      answerMessage: async () => [await phone.answerMessage()],
    });
  }
}

/** What a 200 to a REGISTER lists. */
export function listed(response: SipResponse): readonly Contact[] {
  assert.equal(response.status, 200);
  const { contacts } = response;
  if (!Array.isArray(contacts)) throw new Error(`no list of contacts: ${response.header('contact')}`);
  return contacts;
}
