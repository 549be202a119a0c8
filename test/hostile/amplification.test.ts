// One packet must not become many: contacts that lead back to the server, lists that grow without end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Phone } from '../support/phone.ts';
import { type StartedServer, startServer } from '../support/started-server.ts';

describe('one packet does not become many', () => {
  let started: StartedServer;
  let mallory: Phone;

  before(async () => {
    started = await startServer();
    mallory = await Phone.open('mallory', started.udpPort);
  });

  after(async () => {
    mallory.close();
    await started.server.stop();
  });

  async function requestsFor(method: string, contacts: readonly string[]): Promise<number> {
    const clear: [string, string] = ['Expires', '0'];
    assert.equal((await mallory.register(['*'], { headers: [clear] })).status, 200);
    assert.equal((await mallory.register(contacts)).status, 200);
    const before = started.server.stats.requests.get(method);
    assert.ok((await mallory.ask(method, 'sip:mallory@example.com')).status >= 400);
    return started.server.stats.requests.get(method) - before;
  }

  test('RFC 5393 §3: contacts that all lead back here under other names do not multiply a request', async () => {
    for (const [count, most] of [
      [2, 100],
      [6, 100],
      [12, 20],
    ] as const) {
      const contacts = Array.from(
        { length: count },
        (_, i) => `<sip:mallory@127.0.0.1:${started.udpPort};p=${i}>;q=0.${i % 10}`,
      );
      const method = count === 6 ? 'INVITE' : 'MESSAGE';
      assert.ok((await requestsFor(method, contacts)) <= most, `${count} contacts`);
    }
  });

  test('§16.3 step 4: a contact that is the address of record itself is a loop, seen at once', async () => {
    assert.ok((await requestsFor('INFO', [`<sip:mallory@127.0.0.1:${started.udpPort}>`])) <= 3);
  });

  test('§16.3 step 4: two addresses of record that point at each other are a loop, seen after one round', async () => {
    const partner = await Phone.open('partner', started.udpPort);
    await partner.register([`<sip:mallory@127.0.0.1:${started.udpPort}>`]);
    assert.ok((await requestsFor('UPDATE', [`<sip:partner@127.0.0.1:${started.udpPort}>`])) <= 5);
    partner.close();
  });
});
