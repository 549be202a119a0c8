import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CfgBench } from './cfg-bench.ts';

describe('the bench makes the runs that the engine makes', () => {
  test('a request run replies, and the reply is sent and kept', () => {
    const bench = new CfgBench();
    const run = bench.requestRun({ method: 'OPTIONS' });
    assert.equal(run.block, 'request');
    run.context.reply(404);
    assert.deepEqual([bench.replies[0]?.status, bench.proxy.caller.responses[0]?.status], [404, 404]);
    assert.match(bench.replies[0]?.header('to') ?? '', /tag=bench-tag/);
  });

  test('a REGISTER is saved and looked up by the real registrar', () => {
    const bench = new CfgBench();
    const { registrar } = bench.modules;
    const lines = ['Contact: <sip:bob@192.0.2.60>'];
    registrar.save(bench.context({ method: 'REGISTER', uri: 'sip:example.org', headers: lines }));
    assert.equal(bench.replies[0]?.status, 200);
    const run = bench.requestRun();
    assert.equal(registrar.maybeLookup(run.context), 'found');
    assert.equal(run.context.uri, 'sip:bob@192.0.2.60');
  });

  test('text of the wire is a request, with any line ends', () => {
    const bench = new CfgBench();
    const text = 'OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1\nCall-ID: 9\n\n';
    const run = bench.requestRun(text);
    assert.equal(run.request.callId, '9');
    assert.match(run.request.header('via') ?? '', /received=192\.0\.2\.50/);
  });

  test('a failure run has the winning reply, and what it does in time is done', () => {
    const bench = new CfgBench();
    bench.inFailure({ status: 404 }, (run) => {
      assert.equal(run.block, 'failure');
      return run.context.reply(480);
    });
    assert.deepEqual(bench.proxy.upstream.at(-1), 480);
    assert.equal(new CfgBench().failureRun().block, 'failure');
  });

  test('a branch run sees the copy; when it is sent, its changes are too', () => {
    const bench = new CfgBench();
    bench.inBranch(undefined, (run) => {
      assert.equal(run.block, 'branch');
      assert.equal(run.message, run.branch?.request);
      run.branch?.request.append('X-Branch', 'yes');
      return 'send';
    });
    assert.equal(bench.proxy.to('192.0.2.60').requests[0]?.header('x-branch'), 'yes');
    assert.equal(new CfgBench().branchRun().branch?.index, 0);
  });

  test('a reply run sees the reply; dropped, it does not go back', () => {
    const bench = new CfgBench();
    bench.inReply({ status: 183 }, (run) => {
      assert.equal(run.block, 'reply');
      assert.equal(run.message, run.reply?.response);
      assert.equal(run.request, run.context.request);
      return 'drop';
    });
    assert.ok(!bench.proxy.upstream.includes(183));
  });

  test('what is logged is kept by its level', () => {
    const bench = new CfgBench();
    bench.services.logger.warn('careful', { a: 1 });
    assert.deepEqual(bench.logged('warn'), ['careful']);
    assert.deepEqual(bench.logged('error'), []);
  });
});
