import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { coreBusyMs, cpuTime, mainThreadCpuTime, memoryUse, processTree, socketDrops, treeCpuMs } from './processes.ts';

test('CPU time of a process is its utime + stime', () => {
  const until = performance.now() + 100;
  while (performance.now() < until);
  const { user, system } = process.cpuUsage();
  const { runMs } = cpuTime([process.pid]);
  assert.ok(Math.abs(runMs - (user + system) / 1000) < 30, `${runMs} ms, getrusage says ${(user + system) / 1000}`);
  assert.ok(mainThreadCpuTime().runMs <= cpuTime([process.pid]).runMs);
});

test('a tree holds the children, and a process that ended has no memory', async () => {
  const child = spawn('sleep', ['10']);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  assert.ok(processTree(process.pid).includes(child.pid as number));
  child.kill();
  await gone;
  assert.ok(!processTree(process.pid).includes(child.pid as number));
  assert.equal(memoryUse([child.pid as number]).pssKb, 0);
});

test('CPU time of a tree keeps that of children that have ended', () => {
  const before = treeCpuMs(process.pid);
  spawnSync(process.execPath, ['-e', 'for (const end = Date.now() + 200; Date.now() < end; );']);
  const own = cpuTime([process.pid]).runMs;
  assert.ok(treeCpuMs(process.pid) - own >= 50, 'it is not in that of the process itself');
  assert.ok(treeCpuMs(process.pid) > before);
});

test('PSS is what the process has in memory, less than its resident set', () => {
  const { pssKb } = memoryUse([process.pid]);
  assert.ok(pssKb > 1_000 && pssKb * 1024 <= process.memoryUsage().rss * 1.2);
});

test('a datagram that did not fit is a drop of that port', async () => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4096 });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', () => resolve()));
  const { port } = socket.address();
  assert.equal(socketDrops(port), 0);
  const sender = createSocket('udp4');
  await new Promise<void>((resolve) => sender.connect(port, '127.0.0.1', () => resolve()));
  // Sent without giving the loop a chance to receive.
  for (let i = 0; i < 100; i++) sender.send(Buffer.alloc(1000));
  const drops = socketDrops(port);
  sender.close();
  socket.close();
  assert.ok(drops > 0, `${drops} drops`);
});

test('a core that worked was busy', () => {
  assert.ok(coreBusyMs(0) > 0);
});
