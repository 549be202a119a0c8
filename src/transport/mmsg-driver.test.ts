import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { DatagramReceiver } from './datagram-driver.ts';
import { dgramDriver } from './dgram-driver.ts';
import { EAGAIN, EINTR, ENOBUFS, openLibc } from './libc.ts';
import { MmsgDriver, openMmsgDriver } from './mmsg-driver.ts';
import type { MmsgSocket } from './mmsg-socket.ts';
import { FaultyLibc } from './testing/faulty-libc.ts';
import { skipWithoutIpv6, turnUntil } from './testing/harness.ts';

const real = await openLibc();
const skip = typeof real === 'string' ? real : false;
const guard = { timeout: 20_000, skip };
const ECONNREFUSED = 111;
const EPERM = 1;
const ENOMEM = 12;
const EHOSTUNREACH = 113;
const receiveBufferBytes = 1024 * 1024;

/** What a socket told its receiver. */
class Notes implements DatagramReceiver {
  readonly texts: string[] = [];
  readonly batchSizes: number[] = [];
  readonly sendErrors: string[] = [];
  readonly socketErrors: string[] = [];
  /** What a datagram does, in the call itself. */
  react: (text: string, address: string, port: number) => void = () => {};

  onDatagrams(batch: Parameters<DatagramReceiver['onDatagrams']>[0]): void {
    this.batchSizes.push(batch.count);
    for (let index = 0; index < batch.count; index += 1) {
      const text = batch.bytes(index).toString('latin1');
      this.texts.push(text);
      this.react(text, batch.address(index), batch.port(index));
    }
  }

  onSendError(error: Error, address: string, port: number): void {
    this.sendErrors.push(`${(error as NodeJS.ErrnoException).code} ${address}:${port}`);
  }

  onSocketError(error: Error): void {
    this.socketErrors.push(String((error as NodeJS.ErrnoException).code));
  }
}

interface Rig {
  readonly faulty: FaultyLibc;
  readonly sender: MmsgSocket;
  readonly sent: Notes;
  readonly peer: MmsgSocket;
  readonly got: Notes;
  readonly send: (text: string) => void;
  readonly close: () => Promise<void>;
}

/** Two sockets of one driver on a C library whose failures are planned. */
async function rig(): Promise<Rig> {
  assert.ok(typeof real !== 'string');
  const faulty = new FaultyLibc(real);
  const driver = new MmsgDriver(faulty.libc);
  const bind = () => driver.bind({ address: '127.0.0.1', port: 0, receiveBufferBytes });
  const [sender, peer] = [await bind(), await bind()];
  const [sent, got] = [new Notes(), new Notes()];
  sender.receive(sent);
  peer.receive(got);
  return {
    ...{ faulty, sender, sent, peer, got },
    send: (text) => sender.send(Buffer.from(text, 'latin1'), '127.0.0.1', peer.port),
    close: async () => {
      await sender.close();
      await peer.close();
    },
  };
}

describe('sending by sendmmsg', guard, () => {
  it('what is sent while a batch is handled leaves in one call when it has been', async () => {
    const { faulty, peer, got, sent, send, close } = await rig();
    const answers = ['1', '2', '3', '4', '5'];
    got.react = (text, address, port) => {
      const before = faulty.count('sendmmsg');
      for (const answer of answers) peer.send(Buffer.from(`${text}${answer}`), address, port);
      assert.equal(faulty.count('sendmmsg'), before);
    };
    send('a');
    await turnUntil(() => sent.texts.length === answers.length);
    assert.equal(faulty.count('sendmmsg'), 2);
    assert.deepEqual(
      sent.texts,
      answers.map((answer) => `a${answer}`),
    );
    await close();
  });

  it('what is sent at other times leaves together before the event loop goes on, or with flush at once', async () => {
    const { faulty, sender, got, send, close } = await rig();
    for (const text of ['a', 'b', 'c']) send(text);
    assert.equal(faulty.count('sendmmsg'), 0);
    await Promise.resolve();
    await turnUntil(() => got.texts.length === 3);
    assert.equal(faulty.count('sendmmsg'), 1);
    send('d');
    sender.flush();
    assert.equal(faulty.count('sendmmsg'), 2);
    await turnUntil(() => got.texts.length === 4);
    assert.deepEqual(got.texts, ['a', 'b', 'c', 'd']);
    await close();
  });

  it('more than one call takes: a thousand datagrams, and long ones, arrive in their order', async () => {
    const { got, send, close } = await rig();
    const texts = Array.from({ length: 1_000 }, (_, index) => `${index}`.padEnd(index % 100 === 0 ? 20_000 : 30, '.'));
    for (const text of texts) send(text);
    await turnUntil(() => got.texts.length === texts.length);
    assert.deepEqual(got.texts, texts);
    await close();
  });

  it('texts of one byte per character go among the datagrams, also when there is no room or no way at the moment', async () => {
    const { faulty, got, sender, peer, send, close } = await rig();
    const sendText = (text: string) => sender.sendLatin1(text, '127.0.0.1', peer.port);
    const texts = Array.from({ length: 400 }, (_, index) => `${index} voil\xe0`.padEnd(index % 50 ? 30 : 20_000, '.'));
    for (const [index, text] of texts.entries()) {
      if (index === 300) {
        faulty.fail('sendmmsg', EAGAIN);
        sender.flush();
        assert.ok(sender.queuedBytes > 0);
      }
      if (index % 3 === 0) send(text);
      else sendText(text);
    }
    await turnUntil(() => got.texts.length === texts.length);
    assert.deepEqual(got.texts, texts);
    await close();
    sendText('nothing more goes out');
    assert.equal(sender.queuedBytes, 0);
  });

  it('a partial sendmmsg goes on with the rest', async () => {
    const { faulty, got, send, close } = await rig();
    faulty.sendAtMost = 3;
    const texts = Array.from({ length: 10 }, (_, index) => `datagram ${index}`);
    for (const text of texts) send(text);
    await turnUntil(() => got.texts.length === texts.length);
    assert.deepEqual(got.texts, texts);
    assert.equal(faulty.count('sendmmsg'), 4);
    await close();
  });

  it('EINTR: tried again at once', async () => {
    const { faulty, sender, sent, got, send, close } = await rig();
    faulty.fail('sendmmsg', EINTR, EINTR);
    send('through');
    sender.flush();
    assert.equal(faulty.count('sendmmsg'), 3);
    await turnUntil(() => got.texts.length === 1);
    assert.deepEqual(sent.sendErrors, []);
    await close();
  });

  for (const [name, errno] of [
    ['EAGAIN', EAGAIN],
    ['ENOBUFS', ENOBUFS],
  ] as const) {
    it(`${name} after a part: the rest waits, is counted, keeps its order, and leaves later`, async () => {
      const { faulty, sender, sent, got, send, close } = await rig();
      faulty.sendAtMost = 2;
      faulty.fail('sendmmsg', 0, errno, errno, errno);
      for (let index = 0; index < 6; index += 1) send(`datagram ${index}`);
      assert.equal(sender.queuedBytes, 0);
      sender.flush();
      assert.ok(sender.queuedBytes >= 4 * 'datagram 0'.length, String(sender.queuedBytes));
      const queued = sender.queuedBytes;
      for (let index = 6; index < 200; index += 1) send(`datagram ${index}`);
      assert.ok(sender.queuedBytes > queued + 194 * 10);
      await turnUntil(() => got.texts.length === 200);
      assert.deepEqual(
        got.texts,
        Array.from({ length: 200 }, (_, index) => `datagram ${index}`),
      );
      assert.equal(sender.queuedBytes, 0);
      assert.deepEqual(sent.sendErrors, []);
      await close();
    });
  }

  it('a datagram that the system refuses is told with its address; those around it are sent', async () => {
    const { faulty, sent, got, send, sender, peer, close } = await rig();
    faulty.sendAtMost = 1;
    faulty.fail('sendmmsg', 0, EPERM, 0, EHOSTUNREACH);
    for (const text of ['first', 'refused', 'third', 'unreachable', 'last']) send(text);
    await turnUntil(() => got.texts.length === 3 && sent.sendErrors.length === 2);
    assert.deepEqual(got.texts, ['first', 'third', 'last']);
    assert.deepEqual(sent.sendErrors, [`EPERM 127.0.0.1:${peer.port}`, `EHOSTUNREACH 127.0.0.1:${peer.port}`]);
    // 192.0.2.0/24 is not reachable from a socket that is bound to loopback: the real kernel refuses.
    sender.send(Buffer.from('x'), '192.0.2.1', 5060);
    await turnUntil(() => sent.sendErrors.length === 3);
    assert.match(sent.sendErrors[2] ?? '', /^E[A-Z]+ 192\.0\.2\.1:5060$/);
    await close();
  });

  it('EMSGSIZE: what no datagram can hold is told, by the kernel or before it', async () => {
    const { sent, got, sender, peer, send, close } = await rig();
    for (const length of [65_507, 65_508, 65_535, 65_536, 200_000]) {
      sender.send(Buffer.alloc(length, 'x'), '127.0.0.1', peer.port);
    }
    send('after');
    await turnUntil(() => got.texts.length === 2 && sent.sendErrors.length === 4);
    assert.deepEqual(
      got.texts.map(({ length }) => length),
      [65_507, 5],
    );
    assert.deepEqual(sent.sendErrors, new Array(4).fill(`EMSGSIZE 127.0.0.1:${peer.port}`));
    await close();
  });

  it('an error is never told in the middle of send, and its receiver may send again', async () => {
    const { sent, got, sender, peer, send, close } = await rig();
    let sending = false;
    const again = sent.onSendError.bind(sent);
    sent.onSendError = (error, address, port) => {
      assert.equal(sending, false);
      again(error, address, port);
      send('instead');
    };
    sending = true;
    sender.send(Buffer.alloc(65_508), '127.0.0.1', peer.port);
    for (let index = 0; index < 100; index += 1) send(`${index}`);
    sending = false;
    await turnUntil(() => got.texts.length === 101);
    assert.equal(got.texts.at(-1), 'instead');
    await close();
  });
});

describe('receiving by recvmmsg', guard, () => {
  it('what arrived together is one batch, up to 64 datagrams, empty ones too', async () => {
    const { got, send, close } = await rig();
    for (let index = 0; index < 150; index += 1) send(index % 50 === 0 ? '' : `${index}`);
    await turnUntil(() => got.texts.length === 150);
    assert.deepEqual(got.batchSizes, [64, 64, 22]);
    assert.deepEqual(got.texts.slice(49, 52), ['49', '', '51']);
    await close();
  });

  it('ICMP and other errors are told once each, and datagrams behind them arrive', async () => {
    const { faulty, got, send, close } = await rig();
    faulty.fail('recvmmsg', ECONNREFUSED, EINTR, EAGAIN, EHOSTUNREACH);
    send('behind');
    await turnUntil(() => got.texts.length === 1);
    assert.deepEqual(got.socketErrors, ['ECONNREFUSED', 'EHOSTUNREACH']);
    await close();
  });

  it('an error that does not go away is asked for ten times a second, not in every turn', async () => {
    const { faulty, got, send, close } = await rig();
    faulty.fail('recvmmsg', ...new Array(10).fill(ENOMEM));
    send('at last');
    const began = performance.now();
    await turnUntil(() => got.texts.length === 1);
    assert.equal(got.socketErrors.length, 10);
    assert.ok(performance.now() - began >= 90);
    await close();
  });

  it('close in the middle of a batch: nothing more is delivered by that socket, what was answered is sent', async () => {
    const { peer, got, sent, send, close } = await rig();
    let closing: Promise<void> | undefined;
    got.react = (text, address, port) => {
      peer.send(Buffer.from(`re: ${text}`), address, port);
      closing ??= peer.close();
      // Too late; goes nowhere, harms nothing.
      peer.send(Buffer.from('late'), address, port);
    };
    send('one');
    await turnUntil(() => sent.texts.length === 1);
    await closing;
    assert.deepEqual(sent.texts, ['re: one']);
    send('to nobody');
    const again = createSocket('udp4');
    await new Promise<void>((resolve) => again.bind(peer.port, '127.0.0.1', resolve));
    again.close();
    assert.equal(got.texts.length, 1);
    await close();
  });

  it('close while the send buffer is full forgets what waits', async () => {
    const { faulty, sender, send, close } = await rig();
    faulty.fail('sendmmsg', EAGAIN);
    send('waits');
    sender.flush();
    assert.ok(sender.queuedBytes > 0);
    await close();
    const calls = faulty.count('sendmmsg');
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(faulty.count('sendmmsg'), calls);
  });

  it('a promise that a datagram fulfils goes on in the same turn', async () => {
    const { got, sent, peer, send, close } = await rig();
    got.react = (_text, address, port) => {
      void Promise.resolve().then(() => peer.send(Buffer.from('later'), address, port));
    };
    send('now');
    await turnUntil(() => sent.texts.length === 1);
    assert.deepEqual(sent.texts, ['later']);
    await close();
  });
});

describe('binding a socket for recvmmsg', guard, () => {
  const driver = new MmsgDriver(real as Exclude<typeof real, string>);

  it('fails as node:dgram does: the same codes', async () => {
    const holder = await driver.bind({ address: '127.0.0.1', port: 0, receiveBufferBytes });
    for (const [address, port, code] of [
      ['127.0.0.1', holder.port, 'EADDRINUSE'],
      ['192.0.2.1', 5060, 'EADDRNOTAVAIL'],
    ] as const) {
      for (const either of [driver, dgramDriver]) {
        await assert.rejects(either.bind({ address, port, receiveBufferBytes }), { code, syscall: 'bind' });
      }
    }
    await holder.close();
  });

  it('a descriptor that there is not is an error with its code, and a failed bind leaves none behind', async () => {
    const faulty = new FaultyLibc(real as Exclude<typeof real, string>);
    const strained = new MmsgDriver(faulty.libc);
    const before = readdirSync('/proc/self/fd').length;
    faulty.fail('socket', 24, 97);
    const binding = { address: '127.0.0.1', port: 0, receiveBufferBytes };
    await assert.rejects(strained.bind(binding), { code: 'EMFILE', syscall: 'socket' });
    await assert.rejects(strained.bind({ ...binding, address: '::1' }), { code: 'EAFNOSUPPORT' });
    await assert.rejects(strained.bind({ ...binding, address: '192.0.2.1' }), { code: 'EADDRNOTAVAIL' });
    const bound = await strained.bind(binding);
    await bound.close();
    assert.equal(readdirSync('/proc/self/fd').length, before);
  });

  it('has the receive buffer that was asked for, as far as the system grants it', async () => {
    const size = 4 * 1024 * 1024;
    const socket = await driver.bind({ address: '127.0.0.1', port: 0, receiveBufferBytes: size });
    const plain = createSocket({ type: 'udp4', recvBufferSize: size });
    await new Promise<void>((resolve) => plain.bind(0, '127.0.0.1', resolve));
    // A second handle on the same socket, only to look at it.
    const look = createSocket('udp4');
    await new Promise<void>((resolve) => look.bind({ fd: socket.fd }, () => resolve()));
    assert.ok(look.getRecvBufferSize() >= plain.getRecvBufferSize());
    plain.close();
    look.close();
  });

  it('without the right to go beyond the limit of the system, it takes that', async () => {
    const faulty = new FaultyLibc(real as Exclude<typeof real, string>);
    faulty.fail('setsockopt', EPERM);
    const socket = await new MmsgDriver(faulty.libc).bind({ address: '127.0.0.1', port: 0, receiveBufferBytes });
    assert.deepEqual(
      faulty.calls.filter(({ call }) => call === 'setsockopt').map(({ result }) => result),
      [-1, 0],
    );
    await socket.close();
  });

  it('IPv6 is IPv6 only: the same port of IPv4 stays free', { skip: skip || skipWithoutIpv6 }, async () => {
    const six = await driver.bind({ address: '::', port: 0, receiveBufferBytes });
    const four = await driver.bind({ address: '0.0.0.0', port: six.port, receiveBufferBytes });
    await six.close();
    await four.close();
  });
});

describe('the self-test of the batched driver', guard, () => {
  it('passes here', async () => {
    const opened = await openMmsgDriver();
    assert.ok(typeof opened !== 'string', String(opened));
    assert.match(opened.version, /^koffi \d/);
  });

  it('finds a library that does not do what it should, and says what', async () => {
    const faulty = new FaultyLibc(real as Exclude<typeof real, string>);
    faulty.fail('sendmmsg', EPERM);
    assert.match(String(await openMmsgDriver(async () => faulty.libc)), /^its self-test failed \(.*EPERM/);
    const deaf = { ...(real as Exclude<typeof real, string>), watch: () => ({ pause() {}, resume() {}, close() {} }) };
    assert.equal(await openMmsgDriver(async () => deaf), 'its self-test failed (0 of 2 datagrams arrived)');
    assert.equal(await openMmsgDriver(async () => 'there is no such thing'), 'there is no such thing');
  });
});
