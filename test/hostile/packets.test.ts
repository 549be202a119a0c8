// Bad input through real sockets: answered where a usable Via lets us, counted by reason, never fatal.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { Phone } from '../support/phone.ts';
import { type StartedServer, startServer } from '../support/started-server.ts';

describe('hostile packets', () => {
  let started: StartedServer;
  let phone: Phone;

  before(async () => {
    started = await startServer();
    phone = await Phone.open('alice', started.udpPort);
  });

  after(async () => {
    phone.close();
    await started.server.stop();
  });

  afterEach(async () => {
    assert.equal((await phone.register()).status, 200, 'the server still serves');
  });

  test('decision 22: garbage is dropped and counted by reason', async () => {
    const before = droppedCount(started);
    for (let i = 0; i < 200; i++) phone.peer.send(randomBytes(1 + ((i * 37) % 1400)));
    phone.peer.send('\0\0\0\0');
    phone.peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    phone.peer.send('REGISTER sip:x SIP/2.0\r\n');
    await phone.register();
    assert.ok(droppedCount(started) > before + 100);
  });

  test('decisions 22 and 25: what has a usable Via is answered 400 with a reason', async () => {
    for (const name of ['To', 'From', 'Call-ID', 'CSeq']) {
      const request = phone.make('MESSAGE', { uri: 'sip:alice@example.com' });
      request.remove(name.toLowerCase());
      phone.peer.send(request.toBuffer());
      const reply = await phone.peer.response();
      assert.equal(`${reply.status} ${reply.reason}`, `400 Missing ${name} header field`);
    }
    const request = phone.make('MESSAGE', { uri: 'sip:alice@example.com', cseq: 5 });
    request.set('CSeq', '5 INVITE');
    assert.equal((await phone.peer.ask(request)).status, 400);
  });

  test('decision 32: another version is 505, another scheme 416', async () => {
    const request = phone.make('MESSAGE', { uri: 'sip:alice@example.com' });
    phone.peer.send(request.toWire().replace('SIP/2.0\r\n', 'SIP/7.0\r\n'));
    assert.equal((await phone.peer.response()).status, 505);
    assert.equal((await phone.ask('MESSAGE', 'http://example.com/')).status, 416);
  });

  test('style 4.11: more headers than the limit are refused, and memory is given back', async () => {
    const request = phone.make('MESSAGE', { uri: 'sip:alice@example.com' });
    for (let i = 0; i < 2_000; i++) request.append('X', 'y');
    const before = droppedCount(started);
    phone.peer.send(request.toBuffer());
    await phone.register();
    assert.ok(droppedCount(started) > before);
  });

  test('§18.3: truncated requests are answered 400, at any length, and none is half applied', async () => {
    const whole = phone.make('REGISTER', { headers: [['Contact', '<sip:half@10.0.0.1>']], body: 'a body that is cut' });
    const text = whole.toWire();
    for (let length = 1; length < text.length; length++) phone.peer.send(text.slice(0, length));
    const contacts = (await phone.register()).values('contact');
    assert.ok(contacts.every((contact) => !contact.includes('half')));
  });

  test('§18.3: a stream of garbage closes that connection, and no other', async () => {
    const good = createConnection(started.tcpPort, '127.0.0.1');
    const bad = createConnection(started.tcpPort, '127.0.0.1');
    const closed = new Promise<void>((resolve) => bad.once('close', () => resolve()));
    bad.on('error', () => {});
    bad.resume();
    bad.write('not a SIP message at all\r\n\r\n');
    await closed;
    const answer = new Promise<string>((resolve) => good.once('data', (data) => resolve(data.toString('latin1'))));
    good.write(phone.make('OPTIONS', { uri: 'sip:example.com' }).toWire());
    assert.match(await answer, /^SIP\/2\.0 200 OK\r\n/);
    good.destroy();
  });

  test('RFC 5626 §3.5.1: CRLFCRLF on a connection is answered with CRLF', async () => {
    const connection = createConnection(started.tcpPort, '127.0.0.1');
    const pong = new Promise<string>((resolve) => connection.once('data', (data) => resolve(data.toString('latin1'))));
    connection.write('\r\n\r\n');
    assert.equal(await pong, '\r\n');
    connection.destroy();
  });

  test('§18.2.1: a received parameter that the sender made up does not send the reply elsewhere', async () => {
    const reply = await phone.ask('OPTIONS', 'sip:example.com', { via: ';received=203.0.113.9;rport=9' });
    assert.equal(reply.status, 200);
    assert.match(reply.header('via') ?? '', /received=127\.0\.0\.1/);
  });
});

function droppedCount(started: StartedServer): number {
  let sum = 0;
  for (const count of started.server.stats.dropped.entries().values()) sum += count;
  return sum;
}
