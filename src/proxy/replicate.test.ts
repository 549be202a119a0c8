import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxBranches } from './limits.ts';
import { replicate } from './replicate.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

const register = () =>
  request({ method: 'REGISTER', uri: 'sip:example.org', headers: ['Contact: <sip:bob@192.0.2.50>'] });

test('t_replicate: the copy goes to the host in the same tick, the Request-URI as it is, our Via on top', () => {
  const bench = new ProxyBench();
  assert.equal(replicate(bench, register(), bench.caller, 'sip:192.0.2.2:5060'), 'sent');
  const [sent] = bench.to('192.0.2.2').requests;
  assert.equal(sent?.uriText, 'sip:example.org');
  assert.equal(sent?.values('via').length, 2);
  assert.equal(sent?.maxForwards, 69);
  assert.equal(sent?.header('contact'), '<sip:bob@192.0.2.50>');
});

test('t_replicate: replies end here, whatever they are, and nothing goes upstream', () => {
  for (const status of [100, 200, 302, 401, 503, 603]) {
    const bench = new ProxyBench();
    const answers: number[] = [];
    replicate(bench, register(), bench.caller, 'sip:192.0.2.2:5060', { onAnswer: (got) => answers.push(got) });
    bench.answer('192.0.2.2', status);
    assert.deepEqual(bench.upstream, []);
    assert.deepEqual(answers, status === 100 ? [] : [status]);
  }
});

test('t_replicate: failure and silence send nothing upstream', () => {
  const bench = new ProxyBench();
  bench.unreachable.add('udp:192.0.2.2:5060');
  assert.equal(replicate(bench, register(), bench.caller, 'sip:192.0.2.2:5060'), 'failed');
  assert.equal(replicate(bench, register(), bench.caller, 'sip:192.0.2.3:5060'), 'sent');
  bench.clock.advance(64_000);
  assert.deepEqual(bench.upstream, []);
  assert.equal(bench.transactions.size, 0);
  assert.equal(bench.warnings.length, 2);
});

test('t_replicate_tcp: the URI of the host names the transport', () => {
  const bench = new ProxyBench();
  replicate(bench, register(), bench.caller, 'sip:192.0.2.2:5060;transport=tcp');
  assert.equal(bench.countTo('192.0.2.2', 'tcp'), 1);
});

test('t_replicate: the copy is of the request as a route has changed it', () => {
  const bench = new ProxyBench();
  const template = register();
  template.append('Sock-Info', '192.0.2.1:5060');
  replicate(bench, register(), bench.caller, 'sip:192.0.2.2:5060', { template });
  assert.equal(bench.to('192.0.2.2').requests[0]?.header('sock-info'), '192.0.2.1:5060');
});

test('companions 4: all branches in the set go along, twelve in all at most', () => {
  const bench = new ProxyBench();
  const branchUris = Array.from({ length: 20 }, (_, i) => `sip:b${i}@example.org`);
  replicate(bench, register(), bench.caller, 'sip:192.0.2.2:5060', { branchUris });
  const uris = bench.to('192.0.2.2').requests.map(({ uriText }) => uriText);
  assert.equal(uris.length, maxBranches);
  assert.deepEqual(uris.slice(0, 2), ['sip:example.org', 'sip:b0@example.org']);
});

test('t_replicate: a host of several addresses is replicated to the next one when the first fails', () => {
  const bench = new ProxyBench();
  bench.dns.set('twin.example', [
    { transport: 'udp', address: '192.0.2.2', port: 5060 },
    { transport: 'udp', address: '192.0.2.3', port: 5060 },
  ]);
  replicate(bench, register(), bench.caller, 'sip:twin.example');
  bench.answer('192.0.2.2', 503);
  assert.equal(bench.countTo('192.0.2.3'), 1);
});

test('force_send_socket: the copy leaves by the listener that the route has chosen', () => {
  const bench = new ProxyBench();
  const { flowTo } = bench;
  const asked: (string | undefined)[] = [];
  bench.flowTo = (hop, from) => {
    asked.push(from?.toString());
    return flowTo.call(bench, hop, from);
  };
  const socket = bench.listeners[2];
  assert.ok(socket);
  replicate(bench, register(), bench.caller, 'sip:192.0.2.2:5060', { socket });
  assert.deepEqual(asked, [socket.toString()]);
});
