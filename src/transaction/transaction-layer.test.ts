import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SipResponse } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { maxTransactions } from './limits.ts';
import { Bench, request, responseTo } from './testing/bench.ts';

const old = { via: 'SIP/2.0/UDP 192.0.2.2:5070' };
const via = (branch: string) => ({ via: `SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bK${branch}` });

describe('§17.2.3: requests', () => {
  test('one without a transaction is new, whatever its method', () => {
    const bench = new Bench();
    bench.server(request('OPTIONS', via('other')), bench.flow());
    for (const method of ['INVITE', 'ACK', 'CANCEL', 'OPTIONS', 'REGISTER']) {
      assert.equal(bench.layer.receiveRequest(request(method)), 'new', method);
    }
    assert.equal(bench.layer.receiveRequest(request('OPTIONS', { via: ';' })), 'new');
  });

  test('one that came again while its routes took their time has one transaction, and the other run is told', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const first = request('REGISTER');
    const second = request('REGISTER');
    assert.equal(bench.layer.receiveRequest(first), 'new');
    assert.equal(bench.layer.receiveRequest(second), 'new');
    const transaction = bench.layer.createServer(first, flow, bench.serverUser());
    assert.ok(typeof transaction !== 'string');
    transaction.respond(responseTo(first, 200));
    assert.equal(bench.layer.createServer(second, flow, bench.serverUser()), 'retransmission');
    assert.deepEqual(bench.take(), ['0 send 200', '0 ended', '0 send 200']);
    assert.equal(bench.layer.size, 1);
    assert.equal(bench.layer.stats.requestRetransmissionsReceived, 1);
  });

  test('an ACK with the branch of another method does not disturb it', () => {
    const bench = new Bench();
    bench.server(request('OPTIONS'), bench.flow());
    assert.equal(bench.layer.receiveRequest(request('ACK')), 'new');
  });

  test('§17.2.3: an INVITE without the magic cookie is acknowledged by the To tag of its response', () => {
    const bench = new Bench();
    bench.server(request('OPTIONS'), bench.flow());
    const invite = request('INVITE', old);
    const transaction = bench.server(invite, bench.flow());
    transaction.respond(responseTo(invite, 486, 'bob1'));
    assert.equal(bench.layer.receiveRequest(request('ACK', { ...old, toTag: 'bob2' })), 'new');
    assert.equal(transaction.state, 'completed');
    assert.equal(bench.layer.receiveRequest(request('ACK', { ...old, toTag: 'bob1' })), 'absorbed');
    assert.equal(transaction.state, 'confirmed');
    assert.equal(bench.layer.receiveRequest(request('INVITE', old)), 'absorbed');
    bench.clock.advance(5_000);
    assert.equal(bench.layer.size, 1);
    assert.equal(bench.layer.receiveRequest(request('ACK', { ...old, toTag: 'bob1' })), 'new');
  });
});

describe('§9.2: CANCEL', () => {
  test('one that matches is answered 200 with the To tag of the INVITE, in its own transaction, and told', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const invite = bench.server(request('INVITE'), flow);
    const cancel = request('CANCEL');
    assert.equal(bench.layer.findInvite(cancel), invite);
    assert.equal(bench.layer.receiveRequest(cancel), 'new');
    assert.equal(bench.layer.answerCancel(cancel, flow), 'answered');
    assert.deepEqual(bench.take(), ['0 send 200', '0 cancel CANCEL']);
    const ok = parseMessage(flow.sent[0] ?? Buffer.alloc(0));
    assert.ok(ok instanceof SipResponse);
    assert.equal(ok.header('cseq'), '7 CANCEL');
    assert.equal(ok.header('to'), `<sip:bob@example.org>;tag=${invite.toTag}`);
    assert.equal(bench.layer.receiveRequest(request('CANCEL')), 'absorbed');
    assert.deepEqual(bench.take(), ['0 send 200']);
    assert.equal(invite.state, 'proceeding');
  });

  test('one whose routes ran twice is answered once more and told once', () => {
    const bench = new Bench();
    const flow = bench.flow();
    bench.server(request('INVITE'), flow);
    bench.layer.answerCancel(request('CANCEL'), flow);
    assert.equal(bench.layer.answerCancel(request('CANCEL'), flow), 'answered');
    assert.deepEqual(bench.take(), ['0 send 200', '0 cancel CANCEL', '0 send 200']);
  });

  test('after the final response it is answered 200 and has no effect', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const message = request('INVITE');
    bench.server(message, flow).respond(responseTo(message, 486));
    bench.take();
    assert.equal(bench.layer.answerCancel(request('CANCEL'), flow), 'answered');
    assert.deepEqual(bench.take(), ['0 send 200']);
  });

  test('without a transaction, or for another method, there is none', () => {
    const bench = new Bench();
    const flow = bench.flow();
    assert.equal(bench.layer.answerCancel(request('CANCEL'), flow), 'no-transaction');
    bench.server(request('OPTIONS'), flow);
    assert.equal(bench.layer.answerCancel(request('CANCEL'), flow), 'no-transaction');
    assert.equal(bench.layer.findInvite(request('CANCEL')), undefined);
  });

  test('one for an INVITE without the magic cookie matches too', () => {
    const bench = new Bench();
    const invite = bench.server(request('INVITE', old), bench.flow());
    assert.equal(bench.layer.findInvite(request('CANCEL', old)), invite);
    assert.equal(bench.layer.findInvite(request('CANCEL', { ...old, callId: 'x' })), undefined);
  });

  test('a full layer still answers it, without a transaction', () => {
    const bench = new Bench({ maxTransactions: 1 });
    const flow = bench.flow();
    bench.server(request('INVITE'), flow);
    assert.equal(bench.layer.answerCancel(request('CANCEL'), flow), 'answered');
    assert.deepEqual(bench.take(), ['0 send 200', '0 cancel CANCEL']);
    assert.equal(bench.layer.size, 1);
  });
});

describe('§17.1.3: responses', () => {
  test('one without a transaction is counted and left to the caller', () => {
    const bench = new Bench();
    const flow = bench.flow();
    bench.client('OPTIONS', flow);
    assert.equal(bench.layer.receiveResponse(responseTo(request('INFO'), 200), flow), false);
    assert.equal(bench.layer.receiveResponse(responseTo(request('OPTIONS', old), 200), flow), false);
    assert.equal(bench.layer.stats.strayResponses, 2);
  });

  test('two branches of one request are told apart', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const a = bench.layer.createClient(request('OPTIONS', via('a')), flow, bench.clientUser());
    const b = bench.layer.createClient(request('OPTIONS', via('b')), flow, bench.clientUser());
    bench.layer.receiveResponse(responseTo(b.request, 200), flow);
    assert.equal(a.state, 'trying');
    assert.equal(b.state, 'completed');
  });

  test('a response may come by another flow, and the user is told which', () => {
    const bench = new Bench();
    const seen: number[] = [];
    const user = {
      ...bench.clientUser(),
      onResponse: (_r: SipResponse, _t: unknown, flow: { id: number }) => seen.push(flow.id),
    };
    const transaction = bench.layer.createClient(request('OPTIONS'), bench.flow(), user);
    const other = bench.flow();
    bench.layer.receiveResponse(responseTo(transaction.request, 200), other);
    assert.deepEqual(seen, [other.id]);
  });
});

describe('transport failures', () => {
  test('the end of one connection leaves the requests on another to the same peer alone', () => {
    const bench = new Bench();
    const [first, second] = [bench.flow('tcp'), bench.flow('tcp')];
    const a = bench.layer.createClient(request('OPTIONS', via('a')), first, bench.clientUser());
    const b = bench.layer.createClient(request('OPTIONS', via('b')), second, bench.clientUser());
    bench.layer.flowClosed(first);
    assert.equal(a.state, 'terminated');
    assert.equal(b.state, 'trying');
    bench.layer.flowClosed(bench.flow('tcp'));
    assert.equal(b.state, 'trying');
  });

  test('§18.4: an unreachable peer fails every unanswered request to it, by whichever flow', () => {
    const bench = new Bench();
    const a = bench.layer.createClient(request('OPTIONS', via('a')), bench.flow(), bench.clientUser());
    const b = bench.layer.createClient(request('INVITE', via('b')), bench.flow(), bench.clientUser());
    bench.layer.sendFailed(bench.flow('tcp'));
    assert.equal(bench.layer.size, 2);
    bench.layer.sendFailed(bench.flow());
    assert.deepEqual([a.state, b.state], ['terminated', 'terminated']);
    assert.equal(bench.layer.size, 0);
    assert.equal(bench.layer.stats.transportErrors, 2);
  });
});

describe('limits', () => {
  test('maxTransactions: one server transaction too many is refused, and room lets the next one in', () => {
    const bench = new Bench({ maxTransactions: 2 });
    const flow = bench.flow();
    const first = bench.server(request('OPTIONS', via('a')), flow);
    bench.server(request('OPTIONS', via('b')), flow);
    assert.equal(bench.layer.createServer(request('OPTIONS', via('c')), flow, bench.serverUser()), 'full');
    assert.equal(bench.layer.size, 2);
    assert.equal(bench.layer.stats.refused, 1);
    first.terminate();
    bench.server(request('OPTIONS', via('c')), flow);
  });

  test('maxTransactions: one client transaction too many sends nothing and reports a transport error', () => {
    const bench = new Bench({ maxTransactions: 1 });
    const flow = bench.flow();
    bench.layer.createClient(request('OPTIONS', via('a')), flow, bench.clientUser());
    bench.take();
    const refused = bench.layer.createClient(request('INVITE', via('b')), bench.flow('tcp'), bench.clientUser());
    assert.deepEqual(bench.take(), []);
    bench.clock.advance(0);
    assert.deepEqual(bench.take(), ['0 transport error', '0 ended']);
    assert.equal(refused.state, 'terminated');
    assert.equal(bench.layer.size, 1);
  });

  test('the warning that the layer is full comes once a minute', () => {
    const warnings: string[] = [];
    const bench = new Bench({ maxTransactions: 0 }, { warn: (message) => warnings.push(message) });
    for (let times = 0; times < 5; times++) bench.layer.createServer(request('OPTIONS'), bench.flow(), {});
    assert.equal(warnings.length, 1);
    bench.clock.advance(60_000);
    bench.layer.createServer(request('OPTIONS'), bench.flow(), {});
    assert.equal(warnings.length, 2);
  });

  test('the default limit holds', () => {
    assert.equal(maxTransactions, 200_000);
  });
});

describe('memory', () => {
  test('after all timers nothing is left of any transaction', () => {
    const bench = new Bench();
    for (const transport of ['udp', 'tcp'] as const) {
      const flow = bench.flow(transport);
      for (const method of ['INVITE', 'OPTIONS', 'REGISTER']) {
        for (const status of [200, 302, 486]) {
          const name = `${transport}${method}${status}`;
          const message = request(method, status === 302 ? { ...old, callId: name } : via(name));
          bench.server(message, flow).respond(responseTo(message, status));
          const client = bench.layer.createClient(request(method, via(`c${name}`)), flow, bench.clientUser());
          bench.layer.receiveResponse(responseTo(client.request, status), flow);
        }
        bench.layer.createClient(request(method, via(`t${transport}${method}`)), flow, bench.clientUser());
      }
    }
    assert.ok(bench.layer.size > 20);
    assert.equal(bench.layer.serverCount + bench.layer.clientCount, bench.layer.size);
    bench.clock.advance(70_000);
    assert.equal(bench.layer.size, 0);
    assert.equal(bench.clock.pendingTimers, 0);
  });

  test('stop forgets everything and tells nobody', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const server = bench.server(request('INVITE'), flow);
    const client = bench.client('INVITE', flow);
    bench.server(request('OPTIONS'), flow);
    bench.client('OPTIONS', flow);
    bench.take();
    bench.layer.stop();
    assert.equal(bench.layer.size, 0);
    assert.equal(bench.clock.pendingTimers, 0);
    client.cancel();
    client.terminate();
    assert.equal(server.respond(responseTo(server.request, 200)), 'discarded');
    assert.deepEqual(bench.take(), []);
  });
});

describe('a programmer is told', () => {
  test('§17: an ACK makes no transaction', () => {
    const bench = new Bench();
    assert.throws(() => bench.layer.createServer(request('ACK'), bench.flow(), {}), /assertion failed/);
    assert.throws(() => bench.client('ACK', bench.flow()), /assertion failed/);
  });

  test('§8.1.1.7: a branch serves one client transaction', () => {
    const bench = new Bench();
    bench.client('OPTIONS', bench.flow());
    assert.throws(() => bench.client('OPTIONS', bench.flow()), /branch of its own/);
  });
});
