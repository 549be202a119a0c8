import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { AortaError } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import type { DatagramBatch, DatagramBinding, DatagramReceiver, DatagramSocket } from './datagram-driver.ts';
import { type Flow, sendText } from './flow.ts';
import { testedDrivers } from './testing/datagram-drivers.ts';
import { listenOn, message, skipWithoutIpv6, startLayer, UdpPeer, via } from './testing/harness.ts';
import { RecordingHandler } from './testing/recording-handler.ts';
import { TransportLayer, type TransportParts } from './transport-layer.ts';

const guard = { timeout: 20_000 };

for (const { name, driver, skip: skipDriver } of testedDrivers) {
  const start = (listen: readonly string[], parts: Partial<Omit<TransportParts, 'listen'>> = {}) =>
    startLayer(listen, { datagrams: driver, ...parts });

  for (const [family, address, text, skip] of [
    ['IPv4', '127.0.0.1', '127.0.0.1', false],
    ['IPv6', '::1', '[::1]', skipWithoutIpv6],
  ] as const) {
    describe(`UDP over ${family} by ${name}`, { ...guard, skip: skipDriver || skip }, () => {
      it('port 0 picks one; a datagram is delivered with its flow, and the flow leads back', async () => {
        const { layer, handler, listener } = await start([`udp:${text}:0`]);
        const phone = await UdpPeer.bind(address);
        assert.ok(listener.port > 0);
        assert.equal(String(listener), `udp:${text}:${listener.port}`);
        phone.send('hello', listener);
        const { flow, text: delivered } = await handler.message();
        assert.equal(delivered, 'hello');
        assert.deepEqual(
          [
            flow.transport,
            flow.reliable,
            flow.open,
            flow.localAddress,
            flow.localPort,
            flow.remoteAddress,
            flow.remotePort,
          ],
          ['udp', false, true, address, listener.port, address, phone.port],
        );
        assert.equal(flow.listener, listener);
        assert.equal(flow.send(Buffer.from('back')), 'sent');
        assert.deepEqual(await phone.datagram(), { text: 'back', port: listener.port });
        // A text of one byte per character, all of them.
        const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
        assert.equal(sendText(flow, bytes), 'sent');
        assert.deepEqual(await phone.datagram(1), { text: bytes, port: listener.port });
        phone.close();
        await layer.stop();
        assert.equal(flow.send(Buffer.from('late')), 'closed');
        assert.equal(sendText(flow, 'late'), 'closed');
      });
    });
  }

  describe(`UDP by ${name}`, { ...guard, skip: skipDriver }, () => {
    it('several listeners: each datagram names its own, and replies leave by it', async () => {
      const { layer, handler } = await start(['udp:127.0.0.1:0', 'udp:127.0.0.1:0']);
      const phone = await UdpPeer.bind();
      const second = layer.listeners[1];
      assert.ok(second);
      phone.send('to the second', second);
      const { flow } = await handler.message();
      assert.equal(flow.listener, second);
      flow.send(Buffer.from('from the second'));
      assert.equal((await phone.datagram()).port, second.port);
      phone.close();
      await layer.stop();
    });

    it('a wildcard of each family on the same port: two sockets, both ours', { skip: skipWithoutIpv6 }, async () => {
      const { layer, listener } = await start(['udp:0.0.0.0:0']);
      const { layer: other } = await start([`udp:[::]:${listener.port}`]);
      assert.ok(layer.isOurs('127.0.0.1', listener.port));
      assert.ok(other.isOurs('[::1]', listener.port, 'udp'));
      assert.ok(!layer.isOurs('[::1]', listener.port));
      assert.equal(layer.listenerFor('udp', '127.0.0.1', listener.port), listener);
      assert.equal(layer.listenerFor('tcp', '127.0.0.1', listener.port), undefined);
      await layer.stop();
      await other.stop();
    });

    it('RFC 5626 §3.5.1: nothing, CRLFs and zero bytes are counted and delivered to nobody', async () => {
      const { layer, handler, listener } = await start(['udp:127.0.0.1:0']);
      const phone = await UdpPeer.bind();
      for (const text of ['', '\r\n', '\r\n\r\n', '\0\0\0\0', ' \r\n']) phone.send(text, listener);
      phone.send('\r\nOPTIONS', listener);
      assert.equal((await handler.message()).text, '\r\nOPTIONS');
      assert.equal(layer.stats.datagramKeepalives, 5);
      assert.deepEqual(new Set(handler.dropped.map(({ reason }) => reason)), new Set(['keepalive']));
      assert.equal(layer.stats.datagramsSent, 0);
      phone.close();
      await layer.stop();
    });

    it('limit: a datagram longer than maxDatagramBytes is counted and not delivered', async () => {
      const { layer, handler, listener } = await start(['udp:127.0.0.1:0'], { limits: { maxDatagramBytes: 100 } });
      const phone = await UdpPeer.bind();
      phone.send('x'.repeat(101), listener);
      phone.send('y'.repeat(100), listener);
      assert.equal((await handler.message()).text, 'y'.repeat(100));
      assert.deepEqual(
        handler.dropped.map(({ reason }) => reason),
        ['too-large'],
      );
      assert.equal(layer.stats.oversizeDatagrams, 1);
      phone.close();
      await layer.stop();
    });

    it('limit: a full send queue overflows, message by message', async () => {
      const { layer } = await start(['udp:127.0.0.1:0'], { limits: { maxDatagramQueueBytes: 10 } });
      const flow = layer.flowTo({ transport: 'udp', address: '127.0.0.1', port: 9 }) as Flow;
      assert.equal(flow.send(Buffer.alloc(11)), 'overflow');
      assert.equal(layer.stats.sendOverflows, 1);
      await layer.stop();
    });

    it('the longest datagram that IPv4 carries is delivered whole', async () => {
      const { layer, handler, listener } = await start(['udp:127.0.0.1:0']);
      const phone = await UdpPeer.bind();
      const text = 'abcdefg'.repeat(65_507 / 7 + 1).slice(0, 65_507);
      phone.send(text, listener);
      const { flow, text: delivered } = await handler.message();
      assert.equal(delivered, text);
      flow.send(Buffer.from(delivered, 'latin1'));
      assert.equal((await phone.datagram()).text, text);
      phone.close();
      await layer.stop();
    });

    it('a send that fails later is reported with its flow, and harms nothing', async () => {
      const { layer, handler, listener } = await start(['udp:127.0.0.1:0']);
      const phone = await UdpPeer.bind();
      const flow = layer.flowTo({ transport: 'udp', address: '127.0.0.1', port: phone.port }) as Flow;
      // Longer than any UDP payload: EMSGSIZE.
      assert.equal(flow.send(Buffer.alloc(70_000, 'x')), 'sent');
      await handler.until(() => handler.sendErrors.length > 0);
      assert.equal(handler.sendErrors[0]?.flow.remotePort, phone.port);
      assert.equal(layer.stats.sendErrors, 1);
      flow.send(Buffer.from('still here'));
      assert.equal((await phone.datagram()).text, 'still here');
      phone.send('and listening', listener);
      assert.equal((await handler.message()).text, 'and listening');
      phone.close();
      await layer.stop();
    });

    it('a send to a port where nobody listens harms nothing (ICMP port unreachable)', async () => {
      const { layer, handler, listener } = await start(['udp:127.0.0.1:0']);
      const gone = await UdpPeer.bind();
      const { port } = gone;
      gone.close();
      const flow = layer.flowTo({ transport: 'udp', address: '127.0.0.1', port }) as Flow;
      for (let count = 0; count < 10; count += 1) assert.equal(flow.send(Buffer.from('x')), 'sent');
      const phone = await UdpPeer.bind();
      phone.send('hello', listener);
      assert.equal((await handler.message()).text, 'hello');
      phone.close();
      await layer.stop();
    });

    it('nothing can be sent to port 0 or to another address family', async () => {
      const { layer } = await start(['udp:127.0.0.1:0']);
      const nowhere = layer.flowTo({ transport: 'udp', address: '127.0.0.1', port: 0 }) as Flow;
      assert.equal(nowhere.send(Buffer.from('x')), 'closed');
      const v6 = layer.flowTo({ transport: 'udp', address: '::1', port: 5060 });
      assert.ok(v6 instanceof AortaError);
      assert.equal(v6.code, 'TRANSPORT_NO_LISTENER');
      assert.match(v6.message, /\[::1\]:5060.*--listen/);
      assert.equal(layer.stats.sendsToClosed, 1);
      await layer.stop();
    });

    it('RFC 3261 §18.2.2, RFC 3581 §4: a reply goes to the sent-by port, or to the source port for rport', async () => {
      const { layer, handler, listener } = await start(['udp:127.0.0.1:0']);
      const phone = await UdpPeer.bind();
      const other = await UdpPeer.bind();
      phone.send('request', listener);
      const { flow } = await handler.message();
      layer.sendReply(flow, via(`SIP/2.0/UDP 10.0.0.1:${other.port};received=127.0.0.1`), Buffer.from('by sent-by'));
      layer.sendReply(flow, via(`SIP/2.0/UDP 10.0.0.1:${other.port};rport`), Buffer.from('by rport'));
      layer.sendReply(flow, via(`SIP/2.0/UDP a.example:${other.port};maddr=127.0.0.2;rport`), Buffer.from('no maddr'));
      assert.equal((await other.datagram(0)).text, 'by sent-by');
      assert.equal((await phone.datagram(0)).text, 'by rport');
      assert.deepEqual(await phone.datagram(1), { text: 'no maddr', port: listener.port });
      phone.close();
      other.close();
      await layer.stop();
    });
  });

  describe(`binding by ${name}`, { ...guard, skip: skipDriver }, () => {
    it('TRANSPORT_ADDRESS_IN_USE names address and remedy, and leaves nothing bound', async () => {
      const holder = createSocket('udp4').bind(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address();
      const probe = await start(['udp:127.0.0.1:0']);
      const free = probe.listener.port;
      await probe.layer.stop();
      await assert.rejects(start([`udp:127.0.0.1:${free}`, `udp:127.0.0.1:${port}`]), (error) => {
        assert.ok(error instanceof AortaError);
        assert.equal(error.code, 'TRANSPORT_ADDRESS_IN_USE');
        assert.match(error.message, new RegExp(`^udp:127\\.0\\.0\\.1:${port} is in use .*--listen`));
        return true;
      });
      const again = await start([`udp:127.0.0.1:${free}`]);
      await again.layer.stop();
      holder.close();
    });

    it('TRANSPORT_ADDRESS_IN_USE for TCP', async () => {
      const { layer, listener } = await start(['tcp:127.0.0.1:0']);
      await assert.rejects(start([String(listener)]), { code: 'TRANSPORT_ADDRESS_IN_USE' });
      await layer.stop();
    });

    for (const transport of ['udp', 'tcp']) {
      it(`TRANSPORT_CANNOT_BIND for a foreign address by ${transport} names the addresses of the machine`, async () => {
        await assert.rejects(start([`${transport}:192.0.2.1:5060`]), (error) => {
          assert.ok(error instanceof AortaError);
          assert.equal(error.code, 'TRANSPORT_CANNOT_BIND');
          assert.match(
            error.message,
            /192\.0\.2\.1 is not an address of this machine; listen on one of .*127\.0\.0\.1/,
          );
          return true;
        });
      });
    }

    it('TRANSPORT_CANNOT_BIND for a transport that this build does not have', async () => {
      await assert.rejects(start(['ws:127.0.0.1:8080']), { code: 'TRANSPORT_CANNOT_BIND' });
    });

    it(';advertise= is what others are told, the bound address what is bound', async () => {
      const { layer, listener } = await start(['udp:127.0.0.1:0;advertise=sip.example.org:15060']);
      assert.equal(listener.advertisedHost, 'sip.example.org');
      assert.equal(listener.advertisedPort, 15_060);
      assert.ok(layer.isOurs('SIP.example.org', 15_060));
      assert.ok(layer.isOurs('127.0.0.1', listener.port));
      assert.ok(!layer.isOurs('sip.example.org', 5061));
      await layer.stop();
    });
  });
}

/** A driver without a network: what a batch of datagrams does, and what the socket was asked for. */
class PipeDriver implements DatagramSocket {
  readonly port = 5060;
  readonly bindings: DatagramBinding[] = [];
  readonly sent: string[] = [];
  queuedBytes = 0;
  receiver: DatagramReceiver | undefined;

  bind(binding: DatagramBinding): Promise<DatagramSocket> {
    this.bindings.push(binding);
    return Promise.resolve(this);
  }

  receive(receiver: DatagramReceiver): void {
    this.receiver = receiver;
  }

  send(bytes: Buffer, address: string, port: number): void {
    this.sent.push(`${bytes} to ${address}:${port}`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('a datagram driver', guard, () => {
  const driver = new PipeDriver();
  const handler = new RecordingHandler();
  const layer = new TransportLayer({
    listen: listenOn('udp:127.0.0.1:5060'),
    handler,
    clock: new FakeClock(),
    logger: silentLogger,
    datagrams: driver,
  });
  after(() => layer.stop());

  it('is asked for a receive buffer of 4 MiB', async () => {
    await layer.start();
    assert.deepEqual(driver.bindings, [{ address: '127.0.0.1', port: 5060, receiveBufferBytes: 4_194_304 }]);
  });

  it('delivers datagrams in batches, in their order, each with its own source', () => {
    const batch: DatagramBatch = {
      count: 3,
      bytes: (index) => Buffer.from(['one', '\r\n', 'three'][index] ?? ''),
      address: (index) => `192.0.2.${index + 1}`,
      port: (index) => 5060 + index,
    };
    handler.react = (flow, text) => {
      if (text !== 'keepalive') flow.send(Buffer.from(`re: ${text}`));
    };
    driver.receiver?.onDatagrams(batch);
    assert.deepEqual(
      handler.messages.map(({ text }) => text),
      ['one', 'three'],
    );
    assert.deepEqual(driver.sent, ['re: one to 192.0.2.1:5060', 're: three to 192.0.2.3:5062']);
  });

  it('is given texts as bytes when it cannot write them itself, and as they are when it can', () => {
    const written: string[] = [];
    const flow = handler.messages[0]?.flow as Flow;
    const socket: DatagramSocket = driver;
    assert.equal(sendText(flow, 'voil\xe0'), 'sent');
    assert.equal(driver.sent.at(-1), `${Buffer.from('voil\xe0', 'latin1')} to 192.0.2.1:5060`);
    socket.sendLatin1 = (text, address, port) => void written.push(`${text} to ${address}:${port}`);
    assert.equal(sendText(flow, 'voil\xe0'), 'sent');
    assert.deepEqual(written, ['voil\xe0 to 192.0.2.1:5060']);
    const { bytesSent, datagramsSent } = layer.stats;
    driver.queuedBytes = 4 * 1024 * 1024 - 3;
    assert.deepEqual([sendText(flow, 'long'), sendText(flow, 'abc')], ['overflow', 'sent']);
    driver.queuedBytes = 0;
    assert.deepEqual([layer.stats.bytesSent, layer.stats.datagramsSent], [bytesSent + 3, datagramsSent + 1]);
    delete socket.sendLatin1;
  });

  it('may report errors at any time', () => {
    driver.receiver?.onSocketError(new Error('odd'));
    driver.receiver?.onSendError(new Error('no route'), '192.0.2.9', 5060);
    assert.equal(layer.stats.socketErrors, 1);
    assert.equal(handler.sendErrors[0]?.flow.remoteAddress, '192.0.2.9');
  });

  it('one flow object serves as long as the source stays the same', () => {
    const start = handler.messages.length;
    const batch: DatagramBatch = {
      count: 3,
      bytes: () => Buffer.from(message('again')),
      address: () => '192.0.2.1',
      port: (index) => (index < 2 ? 5060 : 5061),
    };
    driver.receiver?.onDatagrams(batch);
    const [first, second, third] = handler.messages.slice(start).map(({ flow }) => flow);
    assert.equal(first, second);
    assert.notEqual(second?.id, third?.id);
  });
});
