import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Server } from './start-server.ts';
import { PATIENCE_MS, waitUntil } from './wait-until.ts';

/** What a registrar answered. */
export interface RegisterAnswer {
  readonly status: number;
  /** The values of its Contact headers. */
  readonly contacts: readonly string[];
}

/**
 * Sends one REGISTER over UDP, by the plainest client there is, so that what a phone believes of itself can be
 * checked against what the server says.
 *
 * @param user the part before `@` of the address of record
 * @param contact the Contact value, or undefined to ask what is registered (RFC 3261 §10.2.3)
 */
export async function register(server: Server, user: string, contact?: string): Promise<RegisterAnswer> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  try {
    await once(socket, 'listening');
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
    socket.send(request(server, user, contact, socket.address().port), server.udpPort, '127.0.0.1');
    const [bytes] = await answer;
    return parse(String(bytes));
  } finally {
    socket.close();
  }
}

/** The contacts of a user as the server lists them. */
export async function contactsOf(server: Server, user: string): Promise<readonly string[]> {
  return (await register(server, user)).contacts;
}

/** Waits until a user has that many contacts. */
export async function waitForContacts(server: Server, user: string, count: number): Promise<readonly string[]> {
  return waitUntil(`${count} contacts of ${user}`, async () => {
    const contacts = await contactsOf(server, user);
    return contacts.length === count ? contacts : undefined;
  });
}

function request(server: Server, user: string, contact: string | undefined, localPort: number): string {
  const lines = [
    `REGISTER sip:${server.domain} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${localPort};branch=z9hG4bK${randomUUID()}`,
    'Max-Forwards: 70',
    `From: <sip:${user}@${server.domain}>;tag=${randomUUID()}`,
    `To: <sip:${user}@${server.domain}>`,
    `Call-ID: ${randomUUID()}`,
    'CSeq: 1 REGISTER',
    ...(contact === undefined ? [] : [`Contact: ${contact}`]),
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function parse(response: string): RegisterAnswer {
  const contacts = [...response.matchAll(/^(?:Contact|m)\s*: *(.*)\r$/gim)].flatMap(
    ([, value]) => value?.split(', ') ?? [],
  );
  return { status: Number(response.slice(8, 11)), contacts: contacts.flatMap((value) => value.split(/,(?=<)/)) };
}
