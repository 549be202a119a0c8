import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Phone } from './baresip.ts';
import { skipWithout } from './peers.ts';
import { contactsOf } from './register.ts';
import { sipsak } from './sipsak.ts';
import { type Server, startServer } from './start-server.ts';

describe('sipsak', { skip: skipWithout('sipsak') }, () => {
  let server: Server;

  before(async () => {
    server = await startServer('--domain', 'localhost');
  });
  after(async () => {
    await server?.stop();
  });

  test('RFC 3261 §10.2: usrloc mode registers, asks and removes', async () => {
    const contact = 'sip:carol@127.0.0.1:9999';
    const added = await sipsak(server, 'carol', '-U', '-C', contact, '-x', '120');
    assert.equal(added.code, 0, added.output);
    assert.match(added.output, /^Contact: <sip:carol@127\.0\.0\.1:9999>.*;expires=(120|119)/m);

    const asked = await sipsak(server, 'carol', '-U', '-C', 'empty');
    assert.equal(asked.code, 0, asked.output);
    assert.match(asked.output, /^Contact: <sip:carol@127\.0\.0\.1:9999>/m);

    const removed = await sipsak(server, 'carol', '-U', '-C', '*', '-x', '0');
    assert.equal(removed.code, 0, removed.output);
    assert.deepEqual(await contactsOf(server, 'carol'), []);
  });

  test('RFC 3261 §11.2: OPTIONS to the server is answered 200', async () => {
    const { code, output } = await sipsak(server, undefined);
    assert.equal(code, 0, output);
    assert.match(output, /^SIP\/2\.0 200 /m);
  });

  test('RFC 3261 §16.5: OPTIONS to somebody who is not registered is answered 480', async () => {
    const { code, output } = await sipsak(server, 'nobody');
    assert.notEqual(code, 0);
    assert.match(output, /^SIP\/2\.0 480 /m);
  });

  test('RFC 3261 §16: OPTIONS is delivered to a registered phone', { skip: skipWithout('baresip') }, async () => {
    const phone = await Phone.start({ server, user: 'grace', transport: 'udp' });
    try {
      const { code, output } = await sipsak(server, 'grace');
      assert.equal(code, 0, output);
      assert.match(output, /^SIP\/2\.0 200 /m);
      assert.match(output, /^User-Agent: baresip|^Server: baresip/m);
    } finally {
      await phone.kill();
    }
  });
});
