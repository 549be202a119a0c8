import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Job } from './job.ts';
import { openLibc } from './libc.ts';
import { UdpLoad } from './udp-load.ts';

// The load never gives its thread away, so its server is on another one. It answers with the request's own header
// lines and leaves out as many as the first digit of the user's number says: 0 none, 1 every one.
const server = `
  const { parentPort } = require('node:worker_threads');
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (bytes, peer) => {
    const text = bytes.toString('latin1');
    if (/^REGISTER/.test(text) && /CSeq: \\d*9 /.test(text)) return;
    if (/^SIP/.test(text)) return void socket.send(bytes.subarray(0), client.port, client.address);
    client = peer;
    if (/^MESSAGE/.test(text)) return void socket.send(bytes, peer.port, peer.address);
    socket.send('SIP/2.0 200 OK' + text.slice(text.indexOf('\\r\\n')), peer.port, peer.address);
    if (/CSeq: \\d*8 /.test(text)) socket.send('SIP/2.0 200 OK' + text.slice(text.indexOf('\\r\\n')), peer.port, peer.address);
  });
  let client;
  socket.bind(0, '127.0.0.1', () => parentPort.postMessage(socket.address().port));
`;

let worker: Worker;
let load: UdpLoad;
const job: Job = {
  kind: 'refresh',
  users: 50,
  pace: { mode: 'closed', outstanding: 10 },
  warmupMs: 0,
  measureMs: 60_000,
  maxRequests: 100,
  // What is not lost on purpose has arrived by then, however busy the machine is.
  timeoutMs: 5_000,
  serverPids: [process.pid],
  serverCore: 0,
};

before(async () => {
  worker = new Worker(server, { eval: true });
  const [port] = await once(worker, 'message');
  load = new UdpLoad(openLibc(), port as number, 'salt');
});
after(async () => {
  load.close();
  await worker.terminate();
});

test('every request is counted once as replied or lost, and duplicates are told apart', () => {
  const result = load.run(job);
  assert.equal(result.sent, 100);
  assert.equal(result.replies, 90);
  assert.deepEqual(result.byStatus, { 200: 90 });
  assert.equal(result.lost, 10);
  assert.equal(result.latency.count, 90);
  assert.ok(result.unexpected >= 9, 'the last duplicate may arrive after the end');
  assert.ok(result.latency.p50 > 0);
});

test('a query is answered; the numbers go on from the last phase, so late replies are not mistaken', () => {
  const result = load.run({ ...job, kind: 'redirect', maxRequests: 20 });
  assert.equal(result.replies, 20);
  assert.equal(result.lost, 0);
});

test('open loop counts latency from the intended moment, and sends no more than the rate asks', () => {
  const pace = { mode: 'open', ratePerSecond: 500 } as const;
  const result = load.run({ ...job, kind: 'redirect', pace, maxRequests: 0, measureMs: 400 });
  assert.ok(result.sent > 0 && result.sent <= 205, `${result.sent} sent`);
  assert.equal(result.latency.count, result.replies);
});

test('beside a database it sleeps while nothing is due, wakes for replies, and tells the CPU of the database apart', () => {
  const before = process.cpuUsage();
  const pace = { mode: 'open', ratePerSecond: 50 } as const;
  const asked = { ...job, kind: 'redirect', pace, maxRequests: 0, measureMs: 1_000, databasePid: process.pid } as const;
  const result = load.run(asked);
  const { user, system } = process.cpuUsage(before);
  assert.ok(result.replies >= 45, `${result.replies} replies`);
  assert.ok((user + system) / 1000 < 700, `${(user + system) / 1000} ms of CPU in ${result.windowMs} ms`);
  assert.ok(result.databaseCpuUs > 0);
});

test('a relayed request is answered by the phone, and the answer that comes back is the reply', () => {
  const result = load.run({ ...job, kind: 'message', maxRequests: 50 });
  assert.equal(result.replies, 50);
  assert.deepEqual(result.byStatus, { 200: 50 });
});
