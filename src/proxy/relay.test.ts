import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createResponse } from '../sip/create-response.ts';
import { maxBranches } from './limits.ts';
import { targetOf } from './target.ts';
import { ProxyBench, request, statuses } from './testing/proxy-bench.ts';

const one = targetOf('sip:bob@192.0.2.11');
const two = targetOf('sip:bob@192.0.2.12');
const three = targetOf('sip:bob@192.0.2.13');
const message = (extra = {}) => request({ method: 'MESSAGE', body: 'hello', ...extra });

describe('§16.2 stateful proxy', () => {
  test('an INVITE is answered 100 at once and goes out in the same tick', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    assert.deepEqual(bench.upstream, [100]);
    assert.equal(bench.to('192.0.2.11').requests[0]?.uriText, 'sip:bob@192.0.2.11');
  });

  test('a MESSAGE goes out in the same tick, without a 100', () => {
    const bench = new ProxyBench();
    bench.relay([one], {}, message());
    assert.deepEqual(bench.upstream, []);
    assert.equal(bench.to('192.0.2.11').requests[0]?.body.toString(), 'hello');
  });

  test('a request whose transaction exists is not relayed again', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    assert.equal(bench.transactions.receiveRequest(request()), 'absorbed');
    assert.equal(bench.countTo('192.0.2.11'), 1);
  });
});

describe('§16.7 response processing', () => {
  test('step 3: our Via is removed, and the rest is what the callee sent', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180, { headers: [['X-Ring', 'yes']] });
    const ringing = bench.upstreamResponses.at(-1);
    assert.equal(ringing?.status, 180);
    assert.equal(ringing?.header('x-ring'), 'yes');
    assert.deepEqual(ringing?.values('via'), ['SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bKcaller1']);
  });

  test('step 5: 100 ends here, other provisional responses and the 2xx go upstream at once', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    for (const status of [100, 180, 183, 200]) bench.answer('192.0.2.11', status);
    assert.deepEqual(bench.upstream, [100, 180, 183, 200]);
  });

  test('RFC 4320 §4.1: a MESSAGE gets no provisional response from downstream', () => {
    const bench = new ProxyBench();
    bench.relay([one], {}, message());
    bench.answer('192.0.2.11', 180);
    bench.answer('192.0.2.11', 200);
    assert.deepEqual(bench.upstream, [200]);
  });

  test('step 5: retransmissions of a 2xx and the 2xx of other branches go upstream too', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.11', 200);
    bench.answer('192.0.2.11', 200);
    bench.answer('192.0.2.12', 200);
    assert.deepEqual(bench.upstream, [100, 200, 200, 200]);
    assert.equal(bench.finals.length, 2);
  });

  test('step 5: a 2xx that comes after a negative final response goes upstream without the transaction', () => {
    const bench = new ProxyBench();
    const relay = bench.relay([one], {
      forwarding: { recordRoute: undefined, countHop: true, timers: { frInvTimerMs: 200_000 } },
    });
    bench.answer('192.0.2.11', 180);
    bench.clock.advance(200_000);
    assert.deepEqual(statuses(relay.branches), [408]);
    bench.answer('192.0.2.11', 200);
    assert.deepEqual(
      bench.statelessReplies.map(({ status }) => status),
      [200],
    );
    assert.deepEqual(bench.statelessReplies[0]?.values('via').length, 1);
  });

  test('step 5: a second 2xx to a MESSAGE ends here', () => {
    const bench = new ProxyBench();
    bench.relay([one, two], {}, message());
    bench.answer('192.0.2.11', 200);
    bench.answer('192.0.2.12', 200);
    assert.deepEqual(bench.upstream, [200]);
  });

  test('step 6: negative responses wait for all branches; then the best one goes upstream', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.11', 486);
    assert.deepEqual(bench.upstream, [100]);
    bench.answer('192.0.2.12', 404);
    assert.deepEqual(bench.upstream, [100, 404]);
  });

  test('step 6: a timeout counts as 408', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.clock.advance(32_000);
    assert.deepEqual(bench.upstream, [100, 408]);
    assert.match(bench.upstreamResponses.at(-1)?.header('to') ?? '', /;tag=/);
  });

  test('step 6: a 503 that is the best goes upstream as 500', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 503, { headers: [['Retry-After', '60']] });
    const final = bench.finals[0];
    assert.equal(final?.status, 500);
    assert.equal(final?.has('retry-after'), false);
  });

  test('step 7: a 407 carries the challenges of the other branches', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.11', 401, { headers: [['WWW-Authenticate', 'Digest realm="one", nonce="1"']] });
    bench.answer('192.0.2.12', 407, { headers: [['Proxy-Authenticate', 'Digest realm="two", nonce="2"']] });
    const [final] = bench.finals;
    assert.equal(final?.status, 401);
    assert.equal(final?.header('www-authenticate'), 'Digest realm="one", nonce="1"');
    assert.equal(final?.header('proxy-authenticate'), 'Digest realm="two", nonce="2"');
  });

  test('step 10: the first 2xx cancels the branches that ring; they learn that the call was answered', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.11', 180);
    bench.answer('192.0.2.12', 180);
    bench.answer('192.0.2.11', 200);
    const cancel = bench.to('192.0.2.12').requests.find(({ method }) => method === 'CANCEL');
    assert.match(cancel?.header('reason') ?? '', /cause=200/);
    assert.equal(
      bench.to('192.0.2.11').requests.some(({ method }) => method === 'CANCEL'),
      false,
    );
  });

  test('§9.1: the CANCEL of a branch that has said nothing is held back until it does', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.11', 200);
    const cancels = () => bench.to('192.0.2.12').requests.filter(({ method }) => method === 'CANCEL').length;
    assert.equal(cancels(), 0);
    bench.answer('192.0.2.12', 100);
    assert.equal(cancels(), 1);
  });

  test('step 5: a 6xx cancels the others, waits for them, and then goes upstream', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.12', 180);
    bench.answer('192.0.2.11', 603);
    assert.deepEqual(bench.upstream, [100, 180]);
    assert.equal(bench.to('192.0.2.12').requests.at(-1)?.method, 'CANCEL');
    bench.answer('192.0.2.12', 487, { method: 'INVITE' });
    assert.deepEqual(bench.upstream, [100, 180, 603]);
  });

  test('step 5: a 2xx after a 6xx goes upstream, and the 6xx does not', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.12', 180);
    bench.answer('192.0.2.11', 603);
    bench.answer('192.0.2.12', 200, { method: 'INVITE' });
    assert.deepEqual(bench.upstream, [100, 180, 200]);
  });

  test('§16.7 step 5: after a 6xx no serial target is tried any more', () => {
    const bench = new ProxyBench();
    bench.relay([targetOf(one.uri, { q: 900 }), targetOf(two.uri, { q: 100 })], { order: 'serial' });
    bench.answer('192.0.2.11', 603);
    assert.deepEqual(bench.upstream, [100, 603]);
    assert.equal(bench.countTo('192.0.2.12'), 0);
  });

  test('a response without another Via was meant for this server and goes nowhere', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    const asked = bench.to('192.0.2.11').requests[0]?.clone();
    assert(asked);
    asked.set('Via', asked.values('via')[0] ?? '');
    bench.answerTo(bench.to('192.0.2.11'), asked, 180);
    assert.deepEqual(bench.upstream, [100]);
  });
});

describe('§16.6 forking', () => {
  test('in parallel all branches go out at once', () => {
    const bench = new ProxyBench();
    bench.relay([one, two, three]);
    for (const host of ['192.0.2.11', '192.0.2.12', '192.0.2.13']) assert.equal(bench.countTo(host), 1);
  });

  test('serially the next q is tried when all of the higher one have failed', () => {
    const bench = new ProxyBench();
    const targets = [targetOf(one.uri, { q: 300 }), targetOf(two.uri, { q: 900 }), targetOf(three.uri, { q: 900 })];
    bench.relay(targets, { order: 'serial' });
    assert.equal(bench.countTo('192.0.2.11'), 0);
    bench.answer('192.0.2.12', 486);
    assert.equal(bench.countTo('192.0.2.11'), 0);
    bench.answer('192.0.2.13', 480);
    assert.equal(bench.countTo('192.0.2.11'), 1);
    assert.deepEqual(bench.upstream, [100]);
    bench.answer('192.0.2.11', 200);
    assert.deepEqual(bench.upstream, [100, 200]);
  });

  test('serially a target that cannot be reached gives way to the next at once', () => {
    const bench = new ProxyBench();
    bench.unreachable.add('udp:192.0.2.11:5060');
    bench.relay([targetOf(one.uri, { q: 900 }), targetOf(two.uri, { q: 100 })], { order: 'serial' });
    assert.equal(bench.countTo('192.0.2.12'), 1);
  });

  test('the best answer of all serial groups goes upstream', () => {
    const bench = new ProxyBench();
    bench.relay([targetOf(one.uri, { q: 900 }), targetOf(two.uri, { q: 100 })], { order: 'serial' });
    bench.answer('192.0.2.11', 404);
    bench.answer('192.0.2.12', 486);
    assert.deepEqual(bench.upstream, [100, 404]);
  });

  test('companions 4.7: a transaction has twelve branches over its whole life, and says so once', () => {
    const bench = new ProxyBench();
    const many = Array.from({ length: 14 }, (_, i) => targetOf(`sip:b${i}@192.0.2.${100 + i}`));
    const relay = bench.relay(many);
    assert.equal(relay.branches.length, maxBranches);
    assert.equal(bench.warnings.length, 1);
    assert.equal(relay.addTargets([one]), 0);
  });

  test('companions 4.7: the limit counts branches of failure hooks, and those that the branch hook dropped', () => {
    const bench = new ProxyBench();
    let rounds = 0;
    const relay = bench.relay([one], {
      hooks: {
        branch: (branch) => (branch.index > 0 || rounds > 0 ? 'drop' : 'send'),
        failure(_best, self) {
          rounds++;
          self.addTargets([two, three]);
          self.onFailure((_next, again) => {
            rounds++;
            assert(rounds < 20, 'it comes to an end');
            again.addTargets([two, three]);
            again.onFailure(undefined);
            return 'handled';
          });
          return 'handled';
        },
      },
    });
    bench.answer('192.0.2.11', 486);
    assert.equal(rounds, 2);
    assert.equal(relay.answered, true);
    assert.deepEqual(bench.upstream, [100, 486]);
  });

  test('two contacts at the same host have branches of their own', () => {
    const bench = new ProxyBench();
    bench.relay([targetOf('sip:bob-1@192.0.2.11'), targetOf('sip:bob-2@192.0.2.11')]);
    const branches = bench.to('192.0.2.11').requests.map(({ topVia }) => ('branch' in topVia ? topVia.branch : ''));
    assert.equal(new Set(branches).size, 2);
  });

  test('without a target the answer is 480', () => {
    const bench = new ProxyBench();
    const relay = bench.relay([]);
    assert.deepEqual(bench.upstream, [100, 480]);
    assert.equal(relay.start(), 'failed');
  });
});

describe('§16.9 and §16.8 transport errors and Timer C', () => {
  test('§16.9: a target that cannot be reached counts as 503, which goes upstream as 500', () => {
    const bench = new ProxyBench();
    bench.unreachable.add('udp:192.0.2.11:5060');
    const relay = bench.relay([one]);
    assert.deepEqual(statuses(relay.branches), [503]);
    assert.deepEqual(bench.upstream, [100, 500]);
  });

  test('a target whose host has no address counts as 478, a URI that cannot be routed as 416, a bad one as 479', () => {
    const bench = new ProxyBench();
    const relay = bench.relay([
      targetOf('sip:bob@nowhere.example'),
      targetOf('tel:+15551234'),
      targetOf('sip:bob@192.0.2.11', { destination: 'sip:[' }),
    ]);
    assert.deepEqual(statuses(relay.branches), [478, 416, 479]);
  });

  test('a target that fails does not keep the others from going out', () => {
    const bench = new ProxyBench();
    bench.unreachable.add('udp:192.0.2.11:5060');
    bench.relay([one, two]);
    assert.equal(bench.countTo('192.0.2.12'), 1);
    assert.deepEqual(bench.upstream, [100]);
    bench.answer('192.0.2.12', 486);
    assert.deepEqual(bench.upstream, [100, 486]);
  });

  test('§16.6 step 11: Timer C runs for more than three minutes after the last provisional response', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180);
    bench.clock.advance(180_000);
    assert.deepEqual(bench.upstream, [100, 180]);
    bench.clock.advance(1_000);
    assert.deepEqual(bench.upstream, [100, 180, 408]);
    assert.equal(bench.to('192.0.2.11').requests.at(-1)?.method, 'CANCEL');
  });

  test('§16.7 step 2: a provisional response from 101 to 199 starts Timer C again', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180);
    bench.clock.advance(150_000);
    bench.answer('192.0.2.11', 183);
    bench.clock.advance(150_000);
    assert.deepEqual(bench.upstream, [100, 180, 183]);
    bench.clock.advance(31_000);
    assert.deepEqual(bench.upstream, [100, 180, 183, 408]);
  });

  test('§16.7 step 2: a 100 does not start Timer C again', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180);
    bench.clock.advance(150_000);
    bench.answer('192.0.2.11', 100);
    bench.clock.advance(31_000);
    assert.deepEqual(bench.upstream, [100, 180, 408]);
  });

  test('§16.8: the 487 that answers the CANCEL of Timer C goes nowhere', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180);
    bench.clock.advance(181_000);
    bench.answer('192.0.2.11', 487);
    assert.equal(bench.finals.length, 1);
  });

  test('RFC 4320 §4.2: a MESSAGE that nobody answers gets no 408', () => {
    const bench = new ProxyBench();
    const relay = bench.relay([one], {}, message());
    bench.clock.advance(32_000);
    assert.deepEqual(statuses(relay.branches), [408]);
    assert.deepEqual(bench.upstream, []);
    assert.equal(bench.transactions.receiveRequest(message()), 'absorbed');
    bench.clock.advance(32_000);
    assert.equal(bench.transactions.size, 0);
  });

  test('RFC 4320 §4.2: the 408 to a MESSAGE is sent where it was asked for', () => {
    const bench = new ProxyBench({ frTimerMs: 5_000 });
    bench.relay([one], { nonInviteTimeout: 'answer' }, message());
    bench.clock.advance(5_000);
    assert.deepEqual(bench.upstream, [408]);
  });
});

describe('§16.10 CANCEL', () => {
  test('the CANCEL is answered 200, ringing branches are cancelled, the 487 follows their answers', () => {
    const bench = new ProxyBench();
    bench.relay([one, two]);
    bench.answer('192.0.2.11', 180);
    bench.answer('192.0.2.12', 180);
    bench.callerCancels();
    assert.equal(bench.caller.responses.at(-1)?.status, 200);
    assert.match(bench.caller.responses.at(-1)?.header('cseq') ?? '', /CANCEL/);
    for (const host of ['192.0.2.11', '192.0.2.12']) {
      assert.equal(bench.to(host).requests.at(-1)?.method, 'CANCEL');
      bench.answer(host, 487, { method: 'INVITE' });
    }
    assert.deepEqual(bench.upstream, [100, 180, 180, 487]);
  });

  test('RFC 3326: the Reason of the CANCEL is passed on', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180);
    bench.callerCancels(['Reason: SIP ;cause=600 ;text="Busy"']);
    assert.equal(bench.to('192.0.2.11').requests.at(-1)?.header('reason'), 'SIP ;cause=600 ;text="Busy"');
  });

  test('§9.1: a branch that has said nothing gets its CANCEL with its first provisional response', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.callerCancels();
    assert.equal(bench.to('192.0.2.11').requests.at(-1)?.method, 'INVITE');
    bench.answer('192.0.2.11', 180);
    assert.equal(bench.to('192.0.2.11').requests.at(-1)?.method, 'CANCEL');
    bench.answer('192.0.2.11', 487, { method: 'INVITE' });
    assert.deepEqual(
      bench.finals.map(({ status }) => status),
      [487],
    );
  });

  test('a cancelled call whose callee never answers ends with 487', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180);
    bench.callerCancels();
    bench.clock.advance(32_000);
    assert.deepEqual(
      bench.finals.map(({ status }) => status),
      [487],
    );
  });

  test('a branch that is still looking for its next hop is given up at once', async () => {
    const bench = new ProxyBench();
    bench.dns.set('slow.example', Promise.resolve([{ transport: 'udp', address: '192.0.2.11', port: 5060 } as const]));
    bench.relay([targetOf('sip:bob@slow.example')]);
    bench.callerCancels();
    assert.deepEqual(bench.upstream, [100, 487]);
    await bench.dns.get('slow.example');
    assert.equal(bench.countTo('192.0.2.11'), 0);
  });

  test('what waits for its turn is not tried after a CANCEL', () => {
    const bench = new ProxyBench();
    bench.relay([targetOf(one.uri, { q: 900 }), targetOf(two.uri, { q: 100 })], { order: 'serial' });
    bench.answer('192.0.2.11', 180);
    bench.callerCancels();
    bench.answer('192.0.2.11', 487, { method: 'INVITE' });
    assert.equal(bench.countTo('192.0.2.12'), 0);
    assert.deepEqual(bench.upstream, [100, 180, 487]);
  });

  test('a 200 that crosses the CANCEL goes upstream', () => {
    const bench = new ProxyBench();
    bench.relay([one]);
    bench.answer('192.0.2.11', 180);
    bench.callerCancels();
    bench.answer('192.0.2.11', 200, { method: 'INVITE' });
    assert.deepEqual(bench.upstream, [100, 180, 200]);
  });

  test('a CANCEL after the final response changes nothing', () => {
    const bench = new ProxyBench();
    const relay = bench.relay([one]);
    bench.answer('192.0.2.11', 200);
    bench.callerCancels();
    assert.equal(relay.cancelled, false);
    assert.deepEqual(bench.upstream, [100, 200]);
  });
});

describe('hooks', () => {
  test('the branch hook may change the copy, its URI, destination and flags, or drop it', () => {
    const bench = new ProxyBench();
    const relay = bench.relay([one, two, three], {
      hooks: {
        branch(branch) {
          if (branch.uri === two.uri) return 'drop';
          if (branch.uri === three.uri) branch.destination = 'sip:192.0.2.77';
          branch.request.append('X-Branch', String(branch.index));
          branch.flags |= 4;
          return 'send';
        },
      },
    });
    assert.equal(bench.to('192.0.2.11').requests[0]?.header('x-branch'), '0');
    assert.equal(bench.countTo('192.0.2.12'), 0);
    assert.equal(bench.to('192.0.2.77').requests[0]?.uriText, three.uri);
    assert.deepEqual(
      relay.branches.map(({ flags }) => flags),
      [4, 4],
    );
  });

  test('a branch hook that sends elsewhere overrules the flow and the path of the target', () => {
    const bench = new ProxyBench();
    const flow = bench.openFlow({ transport: 'tcp', address: '192.0.2.20', port: 40000 });
    const target = targetOf('sip:bob@192.0.2.11', { flow });
    bench.relay([target], {
      hooks: {
        branch(branch) {
          branch.destination = 'sip:192.0.2.77';
          return 'send';
        },
      },
    });
    assert.equal(bench.countTo('192.0.2.77'), 1);
    assert.equal(flow.sent.length, 0);
  });

  test('when the branch hook drops all, nobody is asked and the answer is 480', () => {
    const bench = new ProxyBench();
    const relay = bench.relay([one, two], { hooks: { branch: () => 'drop' } });
    assert.equal(relay.branches.length, 0);
    assert.deepEqual(bench.upstream, [100, 480]);
  });

  test('the reply hook sees responses with our Via, may change them, and may drop a provisional one', () => {
    const bench = new ProxyBench();
    const seen: number[] = [];
    bench.relay([one], {
      hooks: {
        reply(response, branch, flow) {
          seen.push(response.status);
          assert.equal(response.values('via').length, 2);
          assert.equal(branch.index, 0);
          assert.equal(flow.remoteAddress, '192.0.2.11');
          response.append('X-Seen', 'yes');
          return 'drop';
        },
      },
    });
    bench.answer('192.0.2.11', 100);
    bench.answer('192.0.2.11', 180);
    bench.answer('192.0.2.11', 200);
    assert.deepEqual(seen, [180, 200]);
    assert.deepEqual(bench.upstream, [100, 200]);
    assert.equal(bench.finals[0]?.header('x-seen'), 'yes');
  });

  test('companions 4.6: the failure hook runs once, when all are final and negative, with the winning branch', () => {
    const bench = new ProxyBench();
    const calls: (readonly [number, string | undefined])[] = [];
    bench.relay([one, two], {
      hooks: {
        failure(best, _relay, winner) {
          calls.push([best.status, winner?.uri]);
          return 'pass';
        },
      },
    });
    bench.answer('192.0.2.11', 486);
    assert.deepEqual(calls, []);
    bench.answer('192.0.2.12', 404);
    assert.deepEqual(calls, [[404, two.uri]]);
    assert.deepEqual(bench.upstream, [100, 404]);
  });

  test('companions 4.6: it does not run after a 2xx', () => {
    const bench = new ProxyBench();
    bench.relay([one, two], { hooks: { failure: () => assert.fail('there is nothing to repair') } });
    bench.answer('192.0.2.11', 200);
    bench.answer('192.0.2.12', 486);
    assert.deepEqual(bench.errors, []);
    assert.deepEqual(bench.upstream, [100, 200]);
  });

  test('companions 4.6: it may add targets, and what they answer counts then', () => {
    const bench = new ProxyBench();
    bench.relay([one], {
      hooks: {
        failure(_best, relay) {
          relay.addTargets([two]);
          return 'handled';
        },
      },
    });
    bench.answer('192.0.2.11', 404);
    assert.deepEqual(bench.upstream, [100]);
    bench.answer('192.0.2.12', 486);
    assert.deepEqual(bench.upstream, [100, 486]);
  });

  test('companions 4.6: armed again, it runs again', () => {
    const bench = new ProxyBench();
    const seen: number[] = [];
    bench.relay([one], {
      hooks: {
        failure(first, relay) {
          seen.push(first.status);
          relay.addTargets([two]);
          relay.onFailure((second) => {
            seen.push(second.status);
            return 'pass';
          });
          return 'handled';
        },
      },
    });
    bench.answer('192.0.2.11', 480);
    bench.answer('192.0.2.12', 486);
    assert.deepEqual(seen, [480, 486]);
    assert.deepEqual(bench.upstream, [100, 486]);
  });

  test('it may answer by itself', () => {
    const bench = new ProxyBench();
    bench.relay([one], {
      hooks: {
        failure(_best, relay) {
          relay.respond(createResponse(relay.server.request, 404, 'Gone Fishing', { toTag: relay.server.toTag }));
          return 'handled';
        },
      },
    });
    bench.answer('192.0.2.11', 486);
    assert.deepEqual(bench.upstream, [100, 404]);
  });

  test('it sees a 503 as it came, and the 408 of a timeout', () => {
    for (const status of [503, 408]) {
      const bench = new ProxyBench();
      let seen = 0;
      bench.relay([one], {
        hooks: {
          failure(best) {
            seen = best.status;
            return 'pass';
          },
        },
      });
      if (status === 503) bench.answer('192.0.2.11', 503);
      else bench.clock.advance(32_000);
      assert.equal(seen, status);
    }
  });

  test('a failure hook that never ends does not hold the caller: the best answer goes back after three minutes', () => {
    const bench = new ProxyBench();
    bench.relay([one], { hooks: { failure: () => new Promise(() => {}) } });
    bench.answer('192.0.2.11', 486);
    bench.clock.advance(180_000);
    assert.deepEqual(bench.upstream, [100]);
    bench.clock.advance(1_000);
    assert.deepEqual(
      bench.finals.map(({ status }) => status),
      [486],
    );
    assert.equal(bench.errors.length, 1);
    bench.clock.advance(60_000);
    assert.equal(bench.transactions.size, 0);
  });

  test('a hook that says handled and does nothing does not lose the answer', () => {
    const bench = new ProxyBench();
    bench.relay([one], { hooks: { failure: () => 'handled' } });
    bench.answer('192.0.2.11', 486);
    assert.deepEqual(bench.upstream, [100, 486]);
  });

  test('a hook that throws is logged, and the relay goes on', () => {
    const bench = new ProxyBench();
    const fail = () => {
      throw new Error('script');
    };
    bench.relay([one], { hooks: { branch: fail, reply: fail, failure: fail } });
    bench.answer('192.0.2.11', 180);
    bench.answer('192.0.2.11', 486);
    assert.deepEqual(bench.upstream, [100, 180, 486]);
    assert.equal(bench.errors.length, 4);
  });

  test('a failure hook that takes its time: the answer waits for it', async () => {
    const bench = new ProxyBench();
    let decide = (_verdict: 'pass' | 'handled') => {};
    const verdict = new Promise<'pass' | 'handled'>((resolve) => {
      decide = resolve;
    });
    bench.relay([one], {
      hooks: {
        async failure(_best, relay) {
          const late = await verdict;
          relay.addTargets([two]);
          return late;
        },
      },
    });
    bench.answer('192.0.2.11', 486);
    assert.deepEqual(bench.upstream, [100]);
    decide('handled');
    await new Promise(setImmediate);
    assert.equal(bench.countTo('192.0.2.12'), 1);
  });

  test('a failure hook that is rejected passes the best answer', async () => {
    const bench = new ProxyBench();
    bench.relay([one], { hooks: { failure: () => Promise.reject(new Error('script')) } });
    bench.answer('192.0.2.11', 486);
    await new Promise(setImmediate);
    assert.deepEqual(bench.upstream, [100, 486]);
    assert.equal(bench.errors.length, 1);
  });

  test('a CANCEL during a slow failure hook: nothing new is tried', async () => {
    const bench = new ProxyBench();
    bench.relay([one], {
      hooks: {
        async failure(_best, relay) {
          await Promise.resolve();
          assert.equal(relay.cancelled, true);
          assert.equal(relay.addTargets([two]), 0);
          return 'handled' as const;
        },
      },
    });
    bench.answer('192.0.2.11', 486);
    bench.callerCancels();
    await new Promise(setImmediate);
    assert.equal(bench.countTo('192.0.2.12'), 0);
    assert.deepEqual(bench.upstream, [100, 486]);
  });

  test('a failure hook sees the 487 of a cancelled call (t_was_cancelled)', () => {
    const bench = new ProxyBench();
    let seen: readonly [number, boolean] | undefined;
    bench.relay([one], {
      hooks: {
        failure(best, relay) {
          seen = [best.status, relay.cancelled];
          return 'pass';
        },
      },
    });
    bench.answer('192.0.2.11', 180);
    bench.callerCancels();
    bench.answer('192.0.2.11', 487, { method: 'INVITE' });
    assert.deepEqual(seen, [487, true]);
  });

  test('after a 6xx the failure hook may try another target: that is the operator, not the search', () => {
    const bench = new ProxyBench();
    bench.relay([one], {
      hooks: {
        failure(_best, relay) {
          relay.addTargets([two]);
          return 'handled';
        },
      },
    });
    bench.answer('192.0.2.11', 603);
    bench.answer('192.0.2.12', 200);
    assert.deepEqual(bench.upstream, [100, 200]);
  });
});

test('a reply of the script during the relay cancels what is pending, and no second final follows', () => {
  const bench = new ProxyBench();
  const relay = bench.relay([one]);
  bench.answer('192.0.2.11', 180);
  assert.equal(relay.respond(createResponse(relay.server.request, 480)), 'sent');
  assert.equal(relay.respond(createResponse(relay.server.request, 500)), 'discarded');
  assert.equal(bench.to('192.0.2.11').requests.at(-1)?.method, 'CANCEL');
  bench.answer('192.0.2.11', 487, { method: 'INVITE' });
  assert.deepEqual(bench.upstream, [100, 180, 480]);
});
