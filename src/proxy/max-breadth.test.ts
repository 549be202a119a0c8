import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maxBreadthOf } from './max-breadth.ts';
import { targetOf } from './target.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

const hosts = ['192.0.2.11', '192.0.2.12', '192.0.2.13'];
const targets = hosts.map((host) => targetOf(`sip:bob@${host}`));
const withBreadth = (value: string, method = 'MESSAGE') => request({ method, headers: [`Max-Breadth: ${value}`] });

describe('RFC 5393 §5: Max-Breadth', () => {
  test('60 when the header is missing or cannot be read, and never more', () => {
    assert.equal(maxBreadthOf(request({ method: 'INVITE' })), 60);
    for (const [text, breadth] of [
      ['7', 7],
      [' 0 ', 0],
      ['61', 60],
      ['99999999999999999999', 60],
      ['-1', 60],
      ['many', 60],
    ] as const) {
      assert.equal(maxBreadthOf(withBreadth(text)), breadth, text);
    }
  });

  test('RFC 5393 §5.3.3: parallel branches share the breadth, so that what follows cannot fork without end', () => {
    const bench = new ProxyBench();
    bench.relay(targets, {}, request({ method: 'INVITE' }));
    for (const host of hosts) assert.equal(bench.to(host).requests[0]?.header('max-breadth'), '20');
    const narrow = new ProxyBench();
    narrow.relay(targets, {}, withBreadth('7'));
    for (const host of hosts) assert.equal(narrow.to(host).requests[0]?.header('max-breadth'), '2');
  });

  test('RFC 5393 §5.3.3: one branch keeps what came, and gets no header that did not come', () => {
    const bench = new ProxyBench();
    bench.relay(targets.slice(0, 1), {}, request({ method: 'MESSAGE' }));
    assert.equal(bench.to('192.0.2.11').requests[0]?.has('max-breadth'), false);
    const other = new ProxyBench();
    other.relay(targets.slice(0, 1), {}, withBreadth('1'));
    assert.equal(other.to('192.0.2.11').requests[0]?.header('max-breadth'), '1');
  });

  test('RFC 5393 §5.3.3.2: more parallel branches than there is breadth are 440, and nothing is sent', () => {
    for (const breadth of ['2', '0']) {
      const bench = new ProxyBench();
      bench.relay(targets, {}, withBreadth(breadth));
      assert.deepEqual(
        bench.finals.map(({ status, reason }) => `${status} ${reason}`),
        ['440 Max-Breadth Exceeded'],
      );
      assert.deepEqual(
        [...bench.flows.values()].flatMap((flow) => flow.requests),
        [],
      );
    }
  });

  test('RFC 5393 §5.3.3: branches that are tried one after the other have the whole breadth each', () => {
    const bench = new ProxyBench();
    const serial = hosts.map((host, index) => targetOf(`sip:bob@${host}`, { q: 1000 - index }));
    bench.relay(serial, { order: 'serial' }, withBreadth('1'));
    assert.equal(bench.to('192.0.2.11').requests[0]?.header('max-breadth'), '1');
    bench.answer('192.0.2.11', 404, { method: 'MESSAGE' });
    assert.equal(bench.to('192.0.2.12').requests[0]?.header('max-breadth'), '1');
  });
});
