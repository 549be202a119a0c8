import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AortaError } from '../base/errors.ts';
import type { Flow } from './flow.ts';
import { message, startLayer, TcpPeer, TcpServerPeer, turnUntil } from './testing/harness.ts';

const guard = { timeout: 20_000 };
const tcp = ['tcp:127.0.0.1:0'];

describe('limits of connections', guard, () => {
  it('maxConnections: the next one is refused, counted, and finds a place when another has gone', async () => {
    const { layer, handler, listener } = await startLayer(tcp, { limits: { maxConnections: 1 } });
    const first = await TcpPeer.connect(listener);
    first.write(message('first'));
    await handler.message(0);
    await TcpPeer.dial(listener).gone;
    assert.equal(layer.stats.refusedTotal, 1);
    const result = await layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: listener.port });
    assert.ok(result instanceof AortaError);
    assert.equal(result.code, 'TRANSPORT_OVERFLOW');
    first.socket.resetAndDestroy();
    await handler.until(() => handler.closed.length > 0);
    await turnUntil(() => layer.connectionCount === 0);
    const third = await TcpPeer.connect(listener);
    third.write(message('third'));
    await handler.message(1);
    await layer.stop();
  });

  it('maxConnectionsPerSource: a source has its share, ours to others do not count', async () => {
    const { layer, handler, listener } = await startLayer(tcp, { limits: { maxConnectionsPerSource: 2 } });
    const server = await TcpServerPeer.listen();
    assert.ok(
      !((await layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: server.port })) instanceof AortaError),
    );
    const phones = [await TcpPeer.connect(listener), await TcpPeer.connect(listener)];
    phones.forEach((phone, index) => void phone.write(message(`phone${index}`)));
    await handler.message(1);
    await TcpPeer.dial(listener).gone;
    assert.equal(layer.stats.refusedPerSource, 1);
    server.close();
    await layer.stop();
  });

  it('idleMs: a connection that carries nothing is ended; a keep-alive is something', async () => {
    const { layer, handler, listener, clock } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a'));
    await handler.message();
    clock.advance(layer.limits.idleMs - 1);
    phone.write('\r\n\r\n');
    await phone.until('\r\n');
    clock.advance(layer.limits.idleMs - 1);
    assert.equal(handler.closed.length, 0);
    clock.advance(layer.limits.sweepMs);
    assert.deepEqual(
      handler.closed.map(({ reason }) => reason),
      ['idle'],
    );
    await phone.ended;
    assert.equal(layer.stats.closedIdle, 1);
    await layer.stop();
  });

  it('firstMessageMs: a peer that connects and says nothing is dropped, one that we called is not', async () => {
    const { layer, handler, listener, clock } = await startLayer(tcp);
    const server = await TcpServerPeer.listen();
    const ours = (await layer.flowTo({ transport: 'tcp', address: '127.0.0.1', port: server.port })) as Flow;
    const phone = await TcpPeer.connect(listener);
    await turnUntil(() => layer.connectionCount === 2);
    clock.advance(layer.limits.firstMessageMs);
    await phone.ended;
    assert.equal(layer.stats.closedSilent, 1);
    assert.deepEqual(
      handler.closed.map(({ reason }) => reason),
      ['the peer has said nothing'],
    );
    assert.equal(ours.open, true);
    server.close();
    await layer.stop();
  });

  it('partialMessageMs: a byte now and then does not keep a connection (slow loris)', async () => {
    const { layer, handler, listener, clock } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    const drip = `OPTIONS sip:a@example.org SIP/2.0\r\nSubject: ${'x'.repeat(100)}`;
    phone.write(message('whole') + drip.slice(0, 10));
    await handler.message();
    for (let second = 0; second <= layer.limits.partialMessageMs / 1000; second += 1) {
      phone.write(drip[10 + second] ?? 'x');
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1000);
    }
    await phone.ended;
    assert.equal(layer.stats.closedPartial, 1);
    assert.deepEqual(
      handler.closed.map(({ reason }) => reason),
      ['a message was not completed in time'],
    );
    await layer.stop();
  });

  it('maxConnectionQueueBytes, stalledSendMs: a peer that reads nothing overflows, then is dropped', async () => {
    const { layer, handler, listener, clock } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a'));
    const { flow } = await handler.message();
    phone.socket.pause();
    const bytes = Buffer.alloc(60_000, 'x');
    let sent = 0;
    while (flow.send(bytes) === 'sent') sent += 1;
    assert.ok(sent >= Math.floor(layer.limits.maxConnectionQueueBytes / bytes.length));
    assert.equal(layer.stats.sendOverflows, 1);
    assert.equal(flow.open, true);
    clock.advance(layer.limits.stalledSendMs + layer.limits.sweepMs);
    assert.equal(layer.stats.closedStalled, 1);
    assert.deepEqual(
      handler.closed.map(({ reason }) => reason),
      ['the peer does not read'],
    );
    await layer.stop();
  });

  it('maxTotalQueueBytes: what waits for one peer leaves less room for all, until that peer is gone', async () => {
    const { layer, handler, listener } = await startLayer(tcp, {
      limits: { maxConnectionQueueBytes: 1e9, maxTotalQueueBytes: 1_000_000 },
    });
    const [greedy, modest] = [await TcpPeer.connect(listener), await TcpPeer.connect(listener)];
    greedy.write(message('greedy'));
    const { flow } = await handler.message(0);
    modest.write(message('modest'));
    const { flow: other } = await handler.message(1);
    greedy.socket.pause();
    while (flow.send(Buffer.alloc(50_000, 'x')) === 'sent');
    assert.equal(other.send(Buffer.alloc(50_000, 'y')), 'overflow');
    greedy.socket.destroy();
    await handler.until(() => handler.closed.length > 0);
    assert.equal(other.send(Buffer.alloc(50_000, 'y')), 'sent');
    await modest.until('y'.repeat(50_000));
    await layer.stop();
  });

  it('stopMs: stop waits so long for a peer that does not read, and no longer', async () => {
    const { layer, handler, listener, clock } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a'));
    const { flow } = await handler.message();
    phone.socket.pause();
    while (flow.send(Buffer.alloc(60_000, 'x')) === 'sent');
    const stopping = layer.stop();
    clock.advance(layer.limits.stopMs);
    await stopping;
    assert.equal(layer.connectionCount, 0);
    phone.socket.destroy();
  });

  it('stop lets what is queued go out to a peer that reads', async () => {
    const { layer, handler, listener } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a'));
    const { flow } = await handler.message();
    const bytes = Buffer.alloc(400_000, 'x');
    assert.equal(flow.send(bytes), 'sent');
    await layer.stop();
    await phone.ended;
    assert.equal(phone.text.length, bytes.length);
  });

  it('no timer is left after stop', async () => {
    const { layer, handler, listener, clock } = await startLayer(tcp);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('a'));
    await handler.message();
    await layer.stop();
    assert.equal(clock.pendingTimers, 0);
  });
});
