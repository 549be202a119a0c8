import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Bench, request, responseTo } from './testing/bench.ts';

const via = (branch: string) => ({ via: `SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bK${branch}` });

/** Collects all garbage that can be collected. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // What a call in progress still holds is free in the next turn.
  await new Promise(setImmediate);
  gc();
}

describe('§17.2.2: a server transaction in Completed', () => {
  test('answers by the flow of the first request, whichever way the retransmission comes', () => {
    const bench = new Bench();
    const first = request('MESSAGE');
    const flow = bench.flow();
    bench.server(first, flow).respond(responseTo(first, 200));
    bench.layer.receiveRequest(request('MESSAGE'));
    assert.equal(flow.sent.length, 2);
    assert.deepEqual(flow.sent[1], flow.sent[0]);
    assert.deepEqual(
      [bench.layer.stats.requestRetransmissionsReceived, bench.layer.stats.responseRetransmissionsSent],
      [1, 1],
    );
  });

  test('RFC 3581: answers to the source port again when a route has forced rport on the first request', () => {
    const ports: (number | 'empty' | undefined)[] = [];
    const bench = new Bench();
    bench.reply = (_flow, replyVia) => {
      ports.push(replyVia.rport);
      return 'sent';
    };
    for (const [branch, forced] of [
      ['a', true],
      ['b', false],
    ] as const) {
      const first = request('MESSAGE', via(branch));
      if (forced) first.replaceFirstValue('via', `${via(branch).via};rport=4444;received=192.0.2.2`);
      bench.server(first, bench.flow()).respond(responseTo(first, 200));
      bench.layer.receiveRequest(request('MESSAGE', via(branch)));
    }
    assert.deepEqual(ports, [4444, 'empty', undefined, undefined]);
  });

  test('a transport error of a repetition is counted, and the next one is tried', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const first = request('MESSAGE');
    bench.server(first, flow).respond(responseTo(first, 200));
    flow.result = 'closed';
    bench.layer.receiveRequest(request('MESSAGE'));
    flow.result = 'sent';
    bench.layer.receiveRequest(request('MESSAGE'));
    assert.deepEqual(bench.take(), ['0 send 200', '0 ended', '0 closed 200', '0 send 200']);
    assert.equal(bench.layer.stats.transportErrors, 1);
  });

  test('keeps neither its request nor its user nor itself', async () => {
    const bench = new Bench();
    const refs = (() => {
      const first = request('MESSAGE');
      const user = bench.serverUser();
      assert.equal(bench.layer.receiveRequest(first), 'new');
      const transaction = bench.layer.createServer(first, bench.flow(), user);
      assert.ok(typeof transaction !== 'string');
      const response = responseTo(first, 200);
      transaction.respond(response);
      return [first, user, transaction, response].map((object) => new WeakRef<object>(object));
    })();
    await collect();
    assert.deepEqual(
      refs.map((ref) => ref.deref()),
      [undefined, undefined, undefined, undefined],
    );
    assert.equal(bench.layer.size, 1);
    assert.equal(bench.layer.receiveRequest(request('MESSAGE')), 'absorbed');
  });
});

describe('§17.1.1.2, §17.1.2.2: a client transaction in Completed', () => {
  for (const [method, status] of [
    ['MESSAGE', 200],
    ['INVITE', 486],
  ] as const) {
    test(`keeps neither its request nor its user nor itself: ${method}`, async () => {
      const bench = new Bench();
      const flow = bench.flow();
      const refs = (() => {
        const sent = request(method);
        const user = bench.clientUser();
        const transaction = bench.layer.createClient(sent, flow, user);
        bench.layer.receiveResponse(responseTo(sent, status), flow);
        return [sent, user, transaction].map((object) => new WeakRef<object>(object));
      })();
      await collect();
      assert.deepEqual(
        refs.map((ref) => ref.deref()),
        [undefined, undefined, undefined],
      );
      assert.equal(bench.layer.size, 1);
      assert.equal(bench.layer.receiveResponse(responseTo(request(method), status), flow), true);
      assert.equal(bench.layer.stats.responsesAbsorbed, 1);
    });
  }

  test('once its timer has fired its response is a stray one', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const { request: sent } = bench.client('MESSAGE', flow);
    bench.layer.receiveResponse(responseTo(sent, 200), flow);
    bench.clock.advance(4_999);
    assert.equal(bench.layer.receiveResponse(responseTo(sent, 200), flow), true);
    bench.clock.advance(1);
    assert.equal(bench.layer.receiveResponse(responseTo(sent, 200), flow), false);
    assert.equal(bench.layer.stats.strayResponses, 1);
  });

  test('a branch that was given with the request is the one that its responses are found by', () => {
    const bench = new Bench();
    const flow = bench.flow();
    const sent = request('MESSAGE', via('given'));
    bench.layer.createClient(sent, flow, bench.clientUser(), undefined, 'z9hG4bKgiven');
    assert.equal(bench.layer.receiveResponse(responseTo(sent, 200), flow), true);
    assert.deepEqual(bench.take(), ['0 send MESSAGE', '0 response 200', '0 ended']);
  });
});

describe('limits', () => {
  test('maxTransactions counts what is at work, not what is Completed', () => {
    const bench = new Bench({ maxTransactions: 1 });
    const flow = bench.flow();
    for (const branch of ['a', 'b', 'c']) {
      const message = request('MESSAGE', via(branch));
      bench.server(message, flow).respond(responseTo(message, 200));
    }
    assert.equal(bench.layer.serverCount, 3);
    assert.equal(bench.layer.stats.refused, 0);
  });

  test('maxCompletedBytes: beyond it the oldest are forgotten, and their retransmissions are new', () => {
    const bench = new Bench({ maxCompletedBytes: 1 << 19 });
    const flow = bench.flow();
    for (let number = 0; number < 2_500; number++) {
      const message = request('MESSAGE', via(`n${number}`));
      bench.server(message, flow).respond(responseTo(message, 200));
    }
    assert.equal(bench.layer.receiveRequest(request('MESSAGE', via('n0'))), 'new');
    assert.equal(bench.layer.receiveRequest(request('MESSAGE', via('n2499'))), 'absorbed');
    assert.equal(bench.layer.serverCount + bench.layer.completedForgotten, 2_500);
    assert.ok(bench.layer.completedForgotten > 0);
  });
});
