import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { describe, test } from 'node:test';
import type { Logger } from '../base/logger.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createServer } from './server.ts';

const listen = ['udp:127.0.0.1:0'];

describe('the admin API of a server', () => {
  test('issue 7: a program that does not ask for it has none', async () => {
    const server = createServer({ listen });
    await server.start();
    assert.equal(server.adminUrl, undefined);
    await server.stop();
  });

  test('issue 7: it is there when the server is, and gone when it is', async () => {
    const server = createServer({ listen, admin: '127.0.0.1:0' });
    assert.equal(server.adminUrl, undefined);
    await server.start();
    const url = String(server.adminUrl);
    assert.deepEqual(await (await fetch(`${url}/ready`)).json(), { status: 'ready' });
    await server.stop();
    await assert.rejects(fetch(`${url}/ready`));
  });

  test('issue 7: stop during start ends both', async () => {
    const server = createServer({ listen, admin: '127.0.0.1:0' });
    const starting = server.start();
    await server.stop();
    await assert.rejects(starting, { code: 'SERVER_NOT_RUNNING' });
  });

  test('issue 7: where it cannot listen the server does not start, and its other ports are free', async () => {
    const other = createHttpServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const first = createServer({ listen, admin: `127.0.0.1:${port}` });
    await assert.rejects(first.start(), { code: 'TRANSPORT_ADDRESS_IN_USE' });
    await first.stop();
    const second = createServer({ listen: first.listeners.map(String) });
    await second.start();
    await second.stop();
    other.close();
  });

  test('issue 7: another address or token is told, and takes effect with the next start', async () => {
    const warnings: string[] = [];
    const logger: Logger = { debug() {}, info() {}, error() {}, warn: (message) => void warnings.push(message) };
    const server = createServer({ listen, admin: '127.0.0.1:0' }, { logger });
    await server.start();
    server.reload({ listen, admin: '127.0.0.1:0' });
    assert.deepEqual(warnings, []);
    server.reload({ listen, admin: '127.0.0.1:0', adminToken: '0123456789abcdef' });
    assert.match(warnings.join(), /admin API takes effect with the next start/);
    assert.equal((await fetch(`${server.adminUrl}/live`)).status, 200);
    await server.stop();
  });

  test('spec 10 ul_flush: flush collects what has expired, and needs a running server', async () => {
    const clock = new FakeClock();
    const server = createServer({ listen }, { clock });
    await assert.rejects(server.flush(), { code: 'SERVER_NOT_RUNNING' });
    await server.start();
    const register = `REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContact: <sip:a@10.0.0.1>;expires=60\r\nContent-Length: 0\r\n\r\n`;
    assert.equal((await server.inject(register)).status, 200);
    assert.equal(await server.flush(), 0);
    clock.advance(59_000);
    assert.equal((await server.location.stats()).tables.get('location')?.contacts, 1);
    await server.stop();
    await assert.rejects(server.flush(), { code: 'SERVER_NOT_RUNNING' });
  });
});
