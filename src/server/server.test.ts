import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { Logger } from '../base/logger.ts';
import { createServer } from './server.ts';

const listen = ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0', 'udp:[::1]:0'];

function requestText(method: string, uri: string, extra = ''): string {
  return `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK-${method}${extra.length}\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:a@example.com>\r\nCall-ID: ${method}\r\nCSeq: 1 ${method}\r\n${extra}Content-Length: 0\r\n\r\n`;
}

describe('start and stop', () => {
  test('stop during start: start rejects, and the ports are free', async () => {
    const server = createServer({ listen });
    const starting = server.start();
    await server.stop();
    await assert.rejects(starting, { code: 'SERVER_NOT_RUNNING' });
    for (const listener of server.listeners.filter(({ transport }) => transport === 'udp')) {
      const socket = createSocket(listener.address.includes(':') ? 'udp6' : 'udp4');
      socket.bind(listener.port, listener.address);
      await once(socket, 'listening');
      socket.close();
    }
  });

  test('stop may be called again: every call waits for the one end', async () => {
    const server = createServer({ listen });
    await server.start();
    const first = server.stop();
    assert.equal(server.stop(), first);
    await first;
    await server.stop();
    await assert.rejects(server.start(), { code: 'SERVER_NOT_RUNNING' });
  });

  test('stop without start ends at once', () => createServer({ listen }).stop());

  test('the ports of a server that stopped can be bound again, with requests under way', async () => {
    const first = createServer({
      listen,
      routes: {
        async request(ctx) {
          await new Promise((resolve) => setTimeout(resolve, 30));
          return ctx.reply(200);
        },
      },
    });
    await first.start();
    const late = assert.rejects(first.inject(requestText('INVITE', 'sip:a@example.com')), {
      code: 'SERVER_NOT_RUNNING',
    });
    const again = first.listeners.map(String);
    await first.stop();
    await late;
    const second = createServer({ listen: again });
    await second.start();
    assert.deepEqual(second.listeners.map(String), again);
    await second.stop();
  });
});

describe('inject', () => {
  test('a request that gets no answer rejects when the server stops', async () => {
    const server = createServer({ listen });
    const waiting = ['not SIP at all', requestText('ACK', 'sip:a@example.com')].map((text) =>
      assert.rejects(server.inject(text), { code: 'SERVER_NOT_RUNNING' }),
    );
    await server.stop();
    await Promise.all(waiting);
  });

  test('RFC 5626 §5.3: a contact that was registered by inject is reached by its URI, not by a flow that is gone', async () => {
    const server = createServer({ listen });
    await server.start();
    const phone = createSocket('udp4');
    phone.bind(0, '127.0.0.1');
    await once(phone, 'listening');
    const contact = `Contact: <sip:a@127.0.0.1:${phone.address().port}>\r\n`;
    assert.equal((await server.inject(requestText('REGISTER', 'sip:example.com', contact))).status, 200);
    const reply = server.inject(requestText('MESSAGE', 'sip:a@example.com'));
    const [bytes] = (await once(phone, 'message')) as [Buffer];
    assert.match(bytes.toString(), /^MESSAGE sip:a@127\.0\.0\.1:\d+ SIP/);
    const stopped = assert.rejects(reply, { code: 'SERVER_NOT_RUNNING' });
    phone.close();
    await server.stop();
    await stopped;
  });
});

describe('events', () => {
  test('a listener that throws or rejects is logged, and the next one and the change are there', async () => {
    const errors: string[] = [];
    const logger: Logger = { debug() {}, info() {}, warn() {}, error: (message) => void errors.push(message) };
    const server = createServer({ listen }, { logger });
    const seen: string[] = [];
    server.on('binding', () => {
      throw new Error('a mistake');
    });
    server.on('binding', async () => {
      throw new Error('a late mistake');
    });
    const off = server.on('binding', ({ type }) => void seen.push(type));
    const reply = await server.inject(
      requestText('REGISTER', 'sip:example.com', 'Contact: <sip:a@10.0.0.1>, <sip:a@10.0.0.2>\r\n'),
    );
    assert.equal(reply.status, 200);
    assert.deepEqual(seen, ['insert', 'insert']);
    off();
    await server.inject(requestText('REGISTER', 'sip:example.com', 'Contact: <sip:a@10.0.0.3>;q=1\r\n'));
    assert.equal(seen.length, 2);
    assert.equal(errors.length, 6);
    await server.stop();
  });
});
