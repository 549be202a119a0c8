import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, problemOf } from './testing/call.ts';

describe('sl', () => {
  it('cfg-modules §1 sl_send_reply: answers with the code and the reason', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(), 'sl_send_reply', '404', 'Nobody Here'), 1);
    assert.deepEqual(
      bench.replies.map(({ status, reason }) => [status, reason]),
      [[404, 'Nobody Here']],
    );
  });

  it('cfg-modules §1: a To-tag is added from 180 on, and not to a 100', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    call(run, 'sl_send_reply', '100', 'Trying');
    call(run, 'sl_send_reply', '200', 'OK');
    assert.deepEqual(
      bench.replies.map((reply) => reply.header('to')?.includes('tag=')),
      [false, true],
    );
  });

  it('cfg-modules §1: a 3xx lists the rewritten Request-URI and the branches', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    run.context.uri = 'sip:bob@192.0.2.9';
    run.context.appendBranch({ uri: 'sip:bob@192.0.2.10' });
    call(run, 'sl_send_reply', '302', 'Moved Temporarily');
    assert.equal(bench.replies[0]?.header('contact'), '<sip:bob@192.0.2.9>, <sip:bob@192.0.2.10>');
  });

  it('cfg-modules §1: an ACK is never answered', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun({ method: 'ACK' }), 'sl_send_reply', '404', 'x'), -1);
    assert.deepEqual(bench.replies, []);
  });

  it('cfg-modules §1: append_to_reply puts its headers into the reply', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    assert.equal(call(run, 'append_to_reply', 'P-Why: because\r\nP-How: so\r\n'), 1);
    call(run, 'sl_send_reply', '403', 'Forbidden');
    assert.deepEqual([bench.replies[0]?.header('P-Why'), bench.replies[0]?.header('P-How')], ['because', 'so']);
  });

  for (const code of ['abc', '99', '700', '']) {
    it(`cfg-modules §1: the code is checked when the file is read: '${code}'`, () => {
      assert.match(problemOf('sl_send_reply', [code, 'x']), /status code must be a number from 100 to 699/);
    });
  }

  it('cfg-modules §20: code and reason may be variables; a code that is none sends nothing', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    run.avps.add('code', 486);
    assert.equal(call(run, 'send_reply', '$avp(code)', 'for $rU'), 1);
    assert.equal(call(run, 'send_reply', '$avp(none)', 'x'), -1);
    assert.deepEqual(
      bench.replies.map(({ status, reason }) => [status, reason]),
      [[486, 'for bob']],
    );
  });

  it('cfg-modules §1 sl_reply_error: answers once, and not a request that has its answer', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    assert.equal(call(run, 'sl_reply_error'), 1);
    assert.equal(call(run, 'sl_reply_error'), -1);
    assert.match(bench.replies[0]?.reason ?? '', /\(\d+\/SL\)$/);
    assert.equal(bench.replies.length, 1);
  });

  it('cfg-modules §1 sl_reply_error: in a failure block the reply that won goes back', () => {
    const bench = new CfgBench();
    bench.inFailure({ status: 486 }, (run) => {
      assert.equal(call(run, 'sl_reply_error'), -1);
      return run.context.drop();
    });
    assert.deepEqual(
      bench.proxy.finals.map(({ status }) => status),
      [486],
    );
  });

  it('cfg-modules §1 send_reply: in a failure block the caller gets it by the transaction', () => {
    const bench = new CfgBench();
    bench.inFailure({ status: 486 }, (run) => {
      assert.equal(call(run, 'send_reply', '480', 'Come Back Later'), 1);
      return run.context.drop();
    });
    assert.deepEqual(
      bench.proxy.finals.map(({ status }) => status),
      [480],
    );
  });
});
