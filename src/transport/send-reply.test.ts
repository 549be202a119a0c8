import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SipError } from '../sip/sip-error.ts';
import type { Flow } from './flow.ts';
import { message, type Running, startLayer, TcpPeer, TcpServerPeer, turnUntil, via } from './testing/harness.ts';
import type { SentByResolver } from './transport-layer.ts';

const guard = { timeout: 20_000 };
const reply = Buffer.from('SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n');

/** The flow of a request whose connection has gone meanwhile. */
async function goneFlow({ handler, listener }: Running): Promise<Flow> {
  const phone = await TcpPeer.connect(listener);
  phone.write(message('request'));
  const { flow } = await handler.message();
  phone.socket.resetAndDestroy();
  await handler.until(() => handler.closed.length > 0);
  return flow;
}

describe('RFC 3261 §18.2.2: a reply by stream', guard, () => {
  it('goes along the connection of the request while it is open', async () => {
    const { layer, handler, listener } = await startLayer(['tcp:127.0.0.1:0']);
    const phone = await TcpPeer.connect(listener);
    phone.write(message('request'));
    const { flow } = await handler.message();
    assert.equal(layer.sendReply(flow, via('SIP/2.0/TCP 127.0.0.1:1'), reply), 'sent');
    await phone.until('200 OK');
    assert.equal(layer.stats.repliesOnNewConnection, 0);
    await layer.stop();
  });

  it('without it, opens one to the source address at the port of the sent-by', async () => {
    const running = await startLayer(['tcp:127.0.0.1:0']);
    const server = await TcpServerPeer.listen();
    const flow = await goneFlow(running);
    const topVia = via(`SIP/2.0/TCP phone.example:${server.port};rport;received=127.0.0.1`);
    // What becomes of it is not known yet.
    assert.equal(running.layer.sendReply(flow, topVia, reply), undefined);
    await (await server.peer()).until('200 OK');
    assert.equal(running.layer.stats.repliesOnNewConnection, 1);
    server.close();
    await running.layer.stop();
  });

  it('two replies share the connection that was opened for them', async () => {
    const running = await startLayer(['tcp:127.0.0.1:0']);
    const server = await TcpServerPeer.listen();
    const flow = await goneFlow(running);
    const topVia = via(`SIP/2.0/TCP phone.example:${server.port}`);
    running.layer.sendReply(flow, topVia, reply);
    running.layer.sendReply(flow, topVia, reply);
    await (await server.peer()).until(`${reply}${reply}`);
    assert.equal(running.layer.stats.connectionsOpened, 1);
    server.close();
    await running.layer.stop();
  });

  it('RFC 3263 §5: then asks the resolver for the host of the sent-by', async () => {
    const server = await TcpServerPeer.listen();
    const asked: unknown[] = [];
    const resolver: SentByResolver = {
      resolveSentBy(...question) {
        asked.push(question);
        return [{ transport: 'tcp', address: '127.0.0.1', port: server.port }];
      },
    };
    const running = await startLayer(['tcp:127.0.0.1:0'], { resolver });
    const flow = await goneFlow(running);
    // Port 1 of the source refuses.
    running.layer.sendReply(flow, via('SIP/2.0/TCP phone.example:1'), reply);
    await (await server.peer()).until('200 OK');
    assert.deepEqual(asked, [['phone.example', 1, 'tcp']]);
    server.close();
    await running.layer.stop();
  });

  it('is counted as lost when nobody takes it', async () => {
    const resolver: SentByResolver = { resolveSentBy: () => new SipError('SIP_BAD_HOST', 'no such name') };
    const running = await startLayer(['tcp:127.0.0.1:0'], { resolver });
    const flow = await goneFlow(running);
    running.layer.sendReply(flow, via('SIP/2.0/TCP phone.example:1'), reply);
    await turnUntil(() => running.layer.stats.repliesLost === 1);
    assert.equal(running.layer.stats.repliesLost, 1);
    assert.equal(running.layer.stats.connectFailures, 1);
    await running.layer.stop();
  });

  it('a port of 0 in the sent-by harms nothing', async () => {
    const running = await startLayer(['tcp:127.0.0.1:0']);
    const flow = await goneFlow(running);
    running.layer.sendReply(flow, via('SIP/2.0/TCP phone.example:0'), reply);
    await turnUntil(() => running.layer.stats.repliesLost === 1);
    await running.layer.stop();
  });

  it('after stop goes nowhere', async () => {
    const running = await startLayer(['tcp:127.0.0.1:0']);
    const flow = await goneFlow(running);
    await running.layer.stop();
    running.layer.sendReply(flow, via('SIP/2.0/TCP 127.0.0.1:5060'), reply);
    await turnUntil(() => running.layer.stats.repliesLost === 1);
    assert.equal(running.layer.stats.connectFailures, 0);
  });
});
