import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AortaError } from '../base/errors.ts';
import { isPromise } from '../base/maybe-promise.ts';
import { type Hop, sendText } from './flow.ts';
import { message, skipWithoutIpv6, startLayer, TcpPeer, TcpServerPeer, turnUntil } from './testing/harness.ts';

const guard = { timeout: 20_000 };
const tcp = ['tcp:127.0.0.1:0'];

for (const [family, address, text, skip] of [
  ['IPv4', '127.0.0.1', '127.0.0.1', false],
  ['IPv6', '::1', '[::1]', skipWithoutIpv6],
] as const) {
  describe(`TCP over ${family}`, { ...guard, skip }, () => {
    it('port 0 picks one; a message is delivered with its flow, and the reply goes along it', async () => {
      const { layer, handler, listener } = await startLayer([`tcp:${text}:0`]);
      const phone = await TcpPeer.connect(listener);
      phone.write(message('a', 'body'));
      const { flow, text: delivered } = await handler.message();
      assert.equal(delivered, message('a', 'body'));
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
        ['tcp', true, true, address, listener.port, address, phone.port],
      );
      assert.equal(flow.send(Buffer.from('reply')), 'sent');
      await phone.until('reply');
      await layer.stop();
      await phone.ended;
      assert.deepEqual(
        handler.closed.map(({ reason }) => reason),
        ['stopped'],
      );
      assert.equal(flow.open, false);
      assert.equal(flow.send(Buffer.from('late')), 'closed');
    });

    it('a new connection is opened to a hop, and messages on it are delivered too', async () => {
      const { layer, handler } = await startLayer([`tcp:${text}:0`]);
      const server = await TcpServerPeer.listen(address);
      const flow = await layer.flowTo({ transport: 'tcp', address, port: server.port });
      assert.ok(!(flow instanceof AortaError));
      flow.send(Buffer.from('request'));
      const peer = await server.peer();
      await peer.until('request');
      peer.write(message('response'));
      assert.equal((await handler.message()).flow, flow);
      server.close();
      await layer.stop();
    });
  });
}

describe('a stream', guard, () => {
  it('RFC 3261 §18.3: messages come out whole, however the stream is cut', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.socket.setNoDelay(true);
    const stream = message('one', 'x'.repeat(50)) + message('two') + message('three', 'z');
    for (const byte of stream) {
      phone.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await handler.message(2);
    assert.equal(handler.messages.map(({ text }) => text).join(''), stream);
    assert.equal(handler.messages.length, 3);
    await layer.stop();
  });

  it('RFC 3261 §18.3: pipelined messages are delivered in order, and their replies too', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    handler.react = (flow, text) => void flow.send(Buffer.from(`<${text.length}>`));
    const phone = await TcpPeer.connect(listener);
    const lengths = Array.from({ length: 200 }, (_, index) => message('m', 'x'.repeat(index)));
    phone.write(lengths.join(''));
    await phone.until(lengths.map(({ length }) => `<${length}>`).join(''));
    assert.equal(layer.stats.streamMessagesReceived, 200);
    assert.equal(layer.stats.streamMessagesSent, 200);
    await layer.stop();
  });

  it('RFC 5626 §3.5.1: CRLFCRLF is answered with CRLF, a lone CRLF with nothing', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write('\r\n\r\n');
    await phone.until('\r\n');
    phone.write(`\r\n${message('after')}`);
    const { flow } = await handler.message();
    flow.send(Buffer.from('end'));
    await phone.until('end');
    assert.equal(phone.text, '\r\nend');
    assert.equal(layer.stats.streamPings, 1);
    assert.equal(layer.stats.streamPongs, 1);
    await layer.stop();
  });

  it('§18.3: a stream without framing is reported, takes one reply, and is closed', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    handler.react = (flow, text) => {
      if (text === 'bad-stream') assert.equal(flow.send(Buffer.from('SIP/2.0 400 Bad')), 'sent');
    };
    const phone = await TcpPeer.connect(listener);
    phone.write('OPTIONS sip:a@example.org SIP/2.0\r\nCall-ID: x\r\n\r\n');
    await phone.ended;
    assert.equal(phone.text, 'SIP/2.0 400 Bad');
    assert.equal(handler.dropped[0]?.reason, 'bad-stream');
    assert.equal(handler.dropped[0]?.problem?.code, 'SIP_NO_CONTENT_LENGTH');
    assert.deepEqual(
      handler.closed.map(({ reason }) => reason),
      ['framing lost'],
    );
    assert.equal(layer.stats.badStreams, 1);
    phone.socket.end();
    await phone.gone;
    await layer.stop();
  });

  for (const garbage of [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '\x16\x03\x01\x02\x00',
    '\0\0\0\0',
    `${'a'.repeat(70_000)}`,
  ]) {
    it(`something that is no SIP closes the connection: ${JSON.stringify(garbage.slice(0, 12))}`, async () => {
      const { layer, handler, listener } = await startLayer(tcp);
      const phone = await TcpPeer.connect(listener);
      phone.write(garbage);
      await handler.until(() => handler.closed.length > 0);
      assert.equal(layer.stats.badStreams, 1);
      const other = await TcpPeer.connect(listener);
      other.write(message('fine'));
      await handler.message();
      await layer.stop();
    });
  }

  it('what follows the loss of framing is read and thrown away', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write(`\0${message('hidden')}`);
    await handler.until(() => handler.closed.length > 0);
    phone.write(message('more').repeat(1000));
    await phone.ended;
    phone.socket.end();
    await phone.gone;
    assert.equal(handler.messages.length, 0);
    await layer.stop();
  });
});

describe('connections are used again', guard, () => {
  it('RFC 5923 §5: a request to the address and port of an open connection that a phone opened goes along it', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('register'));
    const { flow } = await handler.message();
    const again = layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: phone.port });
    assert.equal(again, flow);
    await layer.stop();
  });

  it('also when another listener is asked for, and however the address is spelled', {
    skip: skipWithoutIpv6,
  }, async () => {
    const { layer, handler, listener } = await startLayer(['tcp:[::1]:0', 'tcp:[::1]:0']);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('register'));
    const { flow } = await handler.message();
    assert.equal(layer.flowTo({ transport: 'tcp', address: '0:0::1', port: phone.port }, layer.listeners[1]), flow);
    await layer.stop();
  });

  it('requests to one hop that come while it is being connected share the connection', async () => {
    const { layer } = await startLayer(tcp);
    const server = await TcpServerPeer.listen();
    const hop: Hop = { transport: 'tcp', address: '127.0.0.1', port: server.port };
    const flows = await Promise.all([layer.flowTo(hop), layer.flowTo(hop), layer.flowTo(hop)]);
    assert.equal(new Set(flows).size, 1);
    assert.ok(!isPromise(layer.flowTo(hop)));
    assert.equal(layer.stats.connectionsOpened, 1);
    server.close();
    await layer.stop();
  });

  it('one that the peer has ended is not found any more', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    const server = await TcpServerPeer.listen();
    const hop: Hop = { transport: 'tcp', address: '127.0.0.1', port: server.port };
    const first = await layer.flowTo(hop);
    (await server.peer()).socket.end();
    await handler.until(() => handler.closed.length > 0);
    const second = await layer.flowTo(hop);
    assert.notEqual(first, second);
    assert.ok(!(second instanceof AortaError) && second.open);
    assert.equal(second.listener, listener);
    server.close();
    await layer.stop();
  });
});

describe('a connection that cannot be opened', guard, () => {
  it('is a value: TRANSPORT_CONNECT_FAILED, when the hop refuses', async () => {
    const { layer } = await startLayer(tcp);
    const server = await TcpServerPeer.listen();
    const { port } = server;
    server.close();
    const result = await layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port });
    assert.ok(result instanceof AortaError);
    assert.equal(result.code, 'TRANSPORT_CONNECT_FAILED');
    assert.match(result.message, new RegExp(`tcp:127\\.0\\.0\\.1:${port}`));
    assert.equal(layer.stats.connectFailures, 1);
    await layer.stop();
  });

  it('limit: or has not answered within connectMs', async () => {
    const { layer, clock } = await startLayer(tcp);
    const server = await TcpServerPeer.listen();
    const opening = layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: server.port });
    // The event loop has not turned, so the answer of the hop has not been seen.
    clock.advance(layer.limits.connectMs);
    const result = await opening;
    assert.ok(result instanceof AortaError);
    assert.match(result.message, /not connected within 5000 ms/);
    server.close();
    await layer.stop();
  });

  it('TRANSPORT_NO_LISTENER: no TCP listener, or none of the address family', async () => {
    const { layer } = await startLayer(['udp:127.0.0.1:0']);
    const result = layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: 5060 });
    assert.ok(result instanceof AortaError);
    assert.equal(result.code, 'TRANSPORT_NO_LISTENER');
    await layer.stop();
  });

  it('stop gives up what is being opened', async () => {
    const { layer } = await startLayer(tcp);
    const server = await TcpServerPeer.listen();
    const opening = layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: server.port });
    await layer.stop();
    assert.ok((await opening) instanceof AortaError);
    const late = await layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: server.port });
    assert.ok(late instanceof AortaError);
    assert.equal(late.code, 'SERVER_NOT_RUNNING');
    server.close();
  });
});

describe('any socket may go at any moment', guard, () => {
  const hooks: readonly (readonly [string, (peer: TcpPeer) => void])[] = [
    ['ends', ({ socket }) => void socket.end()],
    ['is destroyed', ({ socket }) => void socket.destroy()],
    ['is reset', ({ socket }) => void socket.resetAndDestroy()],
  ];
  for (const [how, close] of hooks) {
    it(`in the middle of a message: the peer ${how}`, async () => {
      const { layer, handler, listener, clock } = await startLayer(tcp);
      const phone = await TcpPeer.connect(listener);
      phone.write(message('whole') + message('half', 'x'.repeat(100)).slice(0, -50));
      const { flow } = await handler.message();
      close(phone);
      await handler.until(() => handler.closed.length > 0);
      assert.equal(flow.open, false);
      flow.send(Buffer.from('perhaps'));
      clock.advance(layer.limits.halfOpenMs + layer.limits.sweepMs);
      assert.equal(flow.send(Buffer.from('never')), 'closed');
      await layer.stop();
      assert.equal(handler.closed.length, 1);
      assert.equal(handler.messages.length, 1);
    });

    it(`while the handler works on its message: the peer ${how}`, async () => {
      const { layer, handler, listener } = await startLayer(tcp);
      const phone = await TcpPeer.connect(listener);
      handler.react = (flow) => {
        close(phone);
        flow.send(Buffer.from('reply'));
      };
      phone.write(message('a').repeat(3));
      await handler.until(() => handler.closed.length > 0);
      assert.equal(handler.messages.length, 3);
      await layer.stop();
      assert.equal(handler.closed.length, 1);
    });
  }

  it('a peer that ends its side after the request still gets the reply, for halfOpenMs', async () => {
    const { layer, handler, listener, clock } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.socket.end(message('one-shot'));
    const { flow } = await handler.message();
    await handler.until(() => handler.closed.length > 0);
    assert.equal(flow.open, false);
    assert.equal(flow.send(Buffer.from('reply')), 'sent');
    await phone.until('reply');
    clock.advance(layer.limits.halfOpenMs + layer.limits.sweepMs);
    await phone.gone;
    assert.equal(handler.closed.length, 1);
    await layer.stop();
  });

  it('200 phones that end, destroy and reset at every point of a message: each flow is closed once, none is left', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    handler.react = (flow) => void flow.send(Buffer.from('SIP/2.0 200 OK\r\n\r\n'));
    const text = message('stress', 'x'.repeat(40));
    const phones = await Promise.all(Array.from({ length: 200 }, () => TcpPeer.connect(listener)));
    await turnUntil(() => layer.connectionCount === 200);
    phones.forEach((phone, index) => {
      phone.write(text.repeat(index % 4) + text.slice(0, (index * 7) % text.length));
      hooks[index % 3]?.[1](phone);
    });
    await handler.until(() => handler.closed.length === 200);
    await layer.stop();
    assert.equal(new Set(handler.closed.map(({ flow }) => flow.id)).size, 200);
    assert.equal(handler.closed.length, 200);
    assert.equal(layer.connectionCount, 0);
    assert.equal(layer.queuedBytes, 0);
    assert.equal(layer.stats.connectionsAccepted, 200);
  });
});

describe('what is sent while a segment is read', guard, () => {
  it('leaves in its order, bytes and texts, before what is sent later', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    handler.react = (flow) => {
      assert.equal(sendText(flow, '1\xe4'), 'sent');
      assert.equal(flow.send(Buffer.from([0x32, 0xff])), 'sent');
      queueMicrotask(() => assert.equal(sendText(flow, '3;'), 'sent'));
    };
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a') + message('b'));
    await phone.until('3;3;');
    assert.equal(phone.text, '1\xe42\xff1\xe42\xff3;3;');
    assert.equal(layer.queuedBytes, 0);
    await layer.stop();
    await phone.ended;
  });

  it('limit maxConnectionQueueBytes: it is counted before it is written', async () => {
    const { layer, handler, listener } = await startLayer(tcp, { limits: { maxConnectionQueueBytes: 10 } });
    const results: string[] = [];
    handler.react = (flow) => {
      results.push(sendText(flow, '12345678'), sendText(flow, '901'), sendText(flow, '90'));
    };
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a'));
    await phone.until('90');
    assert.deepEqual(results, ['sent', 'overflow', 'sent']);
    assert.equal(phone.text, '1234567890');
    await layer.stop();
    assert.equal(layer.queuedBytes, 0);
  });

  it('goes out before the end that follows it', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    handler.react = (flow) => {
      sendText(flow, 'last words');
      void layer.stop();
      assert.equal(sendText(flow, ', too late'), 'closed');
    };
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a'));
    await phone.ended;
    assert.equal(phone.text, 'last words');
  });
});
