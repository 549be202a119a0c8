import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { relayed } from '../../routing/handled.ts';
import type { AortaOptions } from '../../server/options.ts';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, callAt, problemOf } from './testing/call.ts';

const callee = { uri: 'sip:bob@192.0.2.60' };

/** A bench whose configuration has blocks of each kind named 1. */
function benchWithBlocks(seen: string[] = []): CfgBench {
  const routes: AortaOptions['routes'] = {
    failure: {
      1: (context) => {
        seen.push('failure');
        return context.leave();
      },
    },
    branch: {
      1: () => {
        seen.push('branch');
        return 'send';
      },
    },
    reply: {
      1: () => {
        seen.push('reply');
        return 'relay';
      },
    },
  };
  return new CfgBench({ routes });
}

const blocks = ['failure 1', 'branch 1', 'reply 1'];

describe('tm: relaying', () => {
  it('cfg-modules §2 t_relay: 1 when a copy left; an INVITE is answered 100 at once', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(callee), 't_relay'), 1);
    assert.equal(bench.proxy.countTo('192.0.2.60'), 1);
    assert.deepEqual(bench.proxy.upstream, [100]);
  });

  it('cfg-modules §2 t_relay: one branch for the Request-URI, one for each appended', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(callee);
    run.context.appendBranch({ uri: 'sip:bob@192.0.2.61' });
    call(run, 't_relay');
    assert.deepEqual([bench.proxy.countTo('192.0.2.60'), bench.proxy.countTo('192.0.2.61')], [1, 1]);
  });

  it('cfg-modules §2 t_relay: 0 when nothing could be sent and the caller was answered', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun({ uri: 'sip:bob@nowhere.example' }), 't_relay'), 0);
    assert.deepEqual(
      bench.proxy.finals.map(({ status }) => status),
      [478],
    );
  });

  it('cfg-modules §2 t_relay: an ACK to a 2xx is forwarded without state, and ends the script', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun({ ...callee, method: 'ACK' }), 't_relay'), 0);
    assert.deepEqual(
      bench.proxy.to('192.0.2.60').requests.map(({ method }) => method),
      ['ACK'],
    );
  });

  it('cfg-modules §19 t_relay: flags and a destination; Request-URIs stay', () => {
    for (const flags of ['0x01', '2', '']) {
      assert.equal(call(new CfgBench().requestRun(callee), 't_relay', flags), 1, flags);
    }
    const bench = new CfgBench();
    const run = bench.requestRun(callee);
    run.context.appendBranch({ uri: 'sip:bob@192.0.2.61' });
    assert.equal(call(run, 't_relay', 'tcp:192.0.2.70:5080'), 1);
    const { requests } = bench.proxy.to('192.0.2.70', 'tcp', 5080);
    assert.deepEqual(
      requests.map(({ uriText }) => uriText),
      ['sip:bob@192.0.2.60', 'sip:bob@192.0.2.61'],
    );
    assert.match(problemOf('t_relay', ['over there']), /neither/);
  });

  for (const [name, transport] of [
    ['t_relay_to_udp', 'udp'],
    ['t_relay_to_tcp', 'tcp'],
    ['t_forward_nonack', 'udp'],
    ['t_forward_nonack_tcp', 'tcp'],
  ] as const) {
    it(`cfg-modules §2 ${name}: the fixed next hop by ${transport}`, () => {
      const bench = new CfgBench();
      assert.equal(call(bench.requestRun(), name, '192.0.2.70', '5080'), 1);
      assert.equal(bench.proxy.to('192.0.2.70', transport, 5080).requests[0]?.uriText, 'sip:bob@example.org');
    });
  }

  it('cfg-language §12: a port that is none prevents the start, and so does a host', () => {
    assert.match(problemOf('t_relay_to_udp', ['192.0.2.70', 'sip']), /the port must be a number/);
    assert.match(problemOf('t_replicate', ['not a host', '5060']), /is no host/);
  });

  for (const args of [['192.0.2.70', '5060'], ['sip:192.0.2.70:5060'], ['sip:192.0.2.70']]) {
    it(`cfg-modules §2 t_replicate(${args.join(', ')}): a copy goes there, what it is answered goes nowhere`, () => {
      const bench = new CfgBench();
      const run = bench.requestRun({ method: 'REGISTER', uri: 'sip:example.org' });
      assert.equal(call(run, 't_replicate', ...args), 1);
      bench.proxy.answer('192.0.2.70', 200);
      assert.deepEqual(bench.proxy.upstream, []);
      assert.equal(call(run, 'sl_send_reply', '202', 'Accepted'), 1);
      assert.deepEqual(bench.proxy.upstream, [202]);
    });
  }

  it('cfg-modules §2 t_replicate: what is no place to go prevents the start', () => {
    assert.match(problemOf('t_replicate', ['mailto:x']), /SIP URI/);
  });
});

describe('tm: transactions', () => {
  it('cfg-modules §2 t_newtran: made once; replies go by it, and retransmissions are absorbed', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    assert.equal(call(run, 't_lookup_request'), -1);
    assert.equal(call(run, 't_newtran'), 1);
    assert.equal(call(run, 't_newtran'), -1);
    assert.equal(call(run, 't_lookup_request'), 1);
    assert.equal(call(run, 't_reply', '486', 'Busy'), 1);
    assert.equal(call(run, 't_reply', '404', 'Late'), -1);
    assert.deepEqual(
      bench.proxy.finals.map(({ status }) => status),
      [486],
    );
    assert.equal(bench.proxy.transactions.receiveRequest(run.request), 'absorbed');
  });

  it('cfg-modules §2 t_newtran: 0 for a retransmission, which ends the script', () => {
    const bench = new CfgBench();
    call(bench.requestRun(), 't_newtran');
    assert.equal(call(bench.requestRun(), 't_newtran'), 0);
  });

  it('cfg-modules §2 t_newtran: true for an ACK, which has no transaction', () => {
    const run = new CfgBench().requestRun({ method: 'ACK' });
    assert.deepEqual([call(run, 't_newtran'), call(run, 't_lookup_request')], [1, -1]);
  });

  for (const method of ['INVITE', 'MESSAGE']) {
    it(`cfg-modules §2 t_newtran, t_relay: the relay of a ${method} takes the transaction over`, () => {
      const bench = new CfgBench();
      const run = bench.requestRun({ ...callee, method });
      call(run, 't_newtran');
      assert.equal(call(run, 't_relay'), 1);
      bench.proxy.answer('192.0.2.60', 200);
      assert.equal(bench.proxy.finals[0]?.status, 200);
    });
  }

  it('cfg-modules §2 t_reply: false without a transaction', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(), 't_reply', '486', 'Busy'), -1);
    assert.deepEqual(bench.replies, []);
    assert.match(problemOf('t_reply', ['busy', 'x']), /status code/);
  });

  it('cfg-modules §2 t_release: lets the transaction go', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    assert.equal(call(run, 't_release'), -1);
    call(run, 't_newtran');
    assert.equal(call(run, 't_release'), 1);
    assert.equal(bench.proxy.transactions.serverCount, 0);
  });

  it('cfg-modules §2 t_check_trans and its like: what reaches a script belongs to no transaction', () => {
    const run = new CfgBench().requestRun();
    for (const name of ['t_check_trans', 't_precheck_trans', 't_retransmit_reply']) assert.equal(call(run, name), -1);
    assert.equal(call(run, 't_flush_flags'), 1);
  });

  it('cfg-modules §2 t_write_req: refused with the reason', () => {
    assert.match(problemOf('t_write_req', ['a/b', 'fifo']), /by a pipe/);
  });
});

describe('tm: blocks', () => {
  for (const [name, kind] of [
    ['t_on_failure', 'failure_route'],
    ['t_on_branch', 'branch_route'],
    ['t_on_reply', 'onreply_route'],
  ] as const) {
    it(`cfg-modules §2 ${name}: arms, "0" disarms, and t_is_set tells`, () => {
      const run = benchWithBlocks().requestRun();
      assert.equal(call(run, 't_is_set', kind), -1);
      assert.equal(callAt(run, { blocks }, name, '1'), 1);
      assert.equal(call(run, 't_is_set', kind), 1);
      assert.equal(callAt(run, { blocks }, name, '0'), 1);
      assert.equal(call(run, 't_is_set', kind), -1);
    });

    it(`cfg-language §12 ${name}: a block that is not there prevents the start`, () => {
      assert.match(problemOf(name, ['7'], { blocks }), new RegExp(`there is no ${kind}\\[7\\]`));
    });

    it(`cfg-modules §20 ${name}: the name may be a variable`, () => {
      const run = benchWithBlocks().requestRun();
      run.avps.add('block', '1');
      assert.equal(callAt(run, { blocks }, name, '$avp(block)'), 1);
      run.avps.add('block', 'other');
      assert.equal(callAt(run, { blocks }, name, '$avp(block)'), -1);
    });
  }

  it('cfg-language §6: armed blocks run for each branch, each reply, and when all has failed', () => {
    const seen: string[] = [];
    const bench = benchWithBlocks(seen);
    const run = bench.requestRun(callee);
    for (const name of ['t_on_failure', 't_on_branch', 't_on_reply']) callAt(run, { blocks }, name, '1');
    call(run, 't_relay');
    bench.proxy.answer('192.0.2.60', 486);
    assert.deepEqual(seen, ['branch', 'reply', 'failure']);
  });

  it('cfg-language §14.11: a failure block is disarmed when it starts, and may arm another one', () => {
    const seen: string[] = [];
    const bench = benchWithBlocks(seen);
    bench.inFailure({ status: 486 }, (run) => {
      assert.equal(call(run, 't_is_set', 'failure_route'), -1);
      callAt(run, { blocks }, 't_on_failure', '1');
      callAt(run, { blocks }, 't_on_branch', '1');
      run.context.appendBranch({ uri: 'sip:bob@192.0.2.61' });
      assert.equal(call(run, 't_relay'), 1);
      return relayed;
    });
    bench.proxy.answer('192.0.2.61', 480);
    assert.deepEqual(seen, ['branch', 'failure']);
  });

  it('cfg-modules §2 t_on_failure: armed in a reply block, it counts for the transaction', () => {
    const seen: string[] = [];
    const bench = benchWithBlocks(seen);
    bench.inReply({ status: 180 }, (run) => {
      if (run.reply?.response.status === 180) callAt(run, { blocks }, 't_on_failure', '1');
      return 'relay';
    });
    bench.proxy.answer('192.0.2.60', 486);
    assert.deepEqual(seen, ['failure']);
  });

  it('cfg-modules §2 t_relay: in a failure block -1 when nothing was added', () => {
    const bench = new CfgBench();
    bench.inFailure({ status: 486 }, (run) => {
      assert.equal(call(run, 't_relay'), -1);
      return run.context.drop();
    });
    assert.deepEqual(
      bench.proxy.finals.map(({ status }) => status),
      [486],
    );
  });

  it('cfg-language §6: edits of a failure block are in what it sends, and not in later copies', () => {
    const bench = new CfgBench();
    bench.inFailure({ status: 486 }, (run) => {
      call(run, 'append_hf', 'P-Hint: voicemail\r\n');
      run.context.appendBranch({ uri: 'sip:bob@192.0.2.61' });
      call(run, 't_relay');
      return relayed;
    });
    assert.equal(bench.proxy.to('192.0.2.61').requests[0]?.header('p-hint'), 'voicemail');
    assert.equal(bench.proxy.to('192.0.2.60').requests[0]?.header('p-hint'), undefined);
  });

  it('cfg-modules §20 add_rr_param: in a branch block, for the Record-Route of that branch', () => {
    const bench = new CfgBench();
    bench.inBranch(
      undefined,
      (run) => {
        if (run.branch?.index === 1) assert.equal(call(run, 'add_rr_param', ';nat=yes'), 1);
        return 'send';
      },
      (context) => {
        context.appendBranch({ uri: 'sip:bob@192.0.2.61' });
        bench.modules.rr.recordRoute(context);
      },
    );
    const recorded = ['192.0.2.60', '192.0.2.61'].map((host) =>
      bench.proxy.to(host).requests[0]?.header('record-route'),
    );
    assert.deepEqual(recorded, ['<sip:192.0.2.1;ftag=a1;lr>', '<sip:192.0.2.1;ftag=a1;nat=yes;lr>']);
  });

  it('cfg-modules §20 t_is_branch_route and its like: by the outermost block', () => {
    const bench = new CfgBench();
    const runs = {
      request: bench.requestRun(),
      failure: new CfgBench().failureRun(),
      branch: new CfgBench().branchRun(),
      reply: new CfgBench().replyRun(),
    };
    for (const [block, run] of Object.entries(runs)) {
      for (const kind of Object.keys(runs)) assert.equal(call(run, `t_is_${kind}_route`), kind === block ? 1 : -1);
    }
  });
});

describe('tm: what became of it', () => {
  for (const [status, regex, code] of [
    [486, '486|408', 1],
    [480, '486|408', -1],
    [302, '3[0-9][0-9]', 1],
  ] as const) {
    it(`cfg-modules §2 t_check_status('${regex}') in a failure block after ${status} gives ${code}`, () => {
      assert.equal(call(new CfgBench().failureRun({ status }), 't_check_status', regex), code);
    });
  }

  it('cfg-modules §2 t_check_status: in a reply block the reply at hand, in a request block the last one sent', () => {
    assert.equal(call(new CfgBench().replyRun({ status: 183 }), 't_check_status', '18[0-9]'), 1);
    const run = new CfgBench().requestRun(callee);
    assert.equal(call(run, 't_check_status', '1..'), -1);
    call(run, 't_relay');
    assert.equal(call(run, 't_check_status', '1..'), 1);
    assert.match(problemOf('t_check_status', ['[']), /no regular expression/);
  });

  it('cfg-modules §2 t_local_replied: a reply from downstream is not local', () => {
    const run = new CfgBench().failureRun({ status: 486 });
    assert.deepEqual([call(run, 't_local_replied', 'all'), call(run, 't_local_replied', 'last')], [-1, -1]);
    assert.deepEqual([call(run, 't_branch_replied'), call(run, 't_branch_timeout')], [1, -1]);
    assert.deepEqual([call(run, 't_any_replied'), call(run, 't_any_timeout')], [1, -1]);
    assert.match(problemOf('t_local_replied', ['first']), /'all' or 'last'/);
  });

  it('cfg-modules §2: a timeout is a 408 that was made here', () => {
    const seen: number[] = [];
    const bench: CfgBench = new CfgBench({
      routes: {
        failure: {
          1: (context) => {
            const run = bench.runOf(context);
            for (const name of ['t_branch_timeout', 't_any_timeout', 't_branch_replied', 't_any_replied']) {
              seen.push(call(run, name) as number);
            }
            seen.push(call(run, 't_local_replied', 'all') as number, call(run, 't_check_status', '408') as number);
            return context.leave();
          },
        },
      },
    });
    const run = bench.requestRun(callee);
    callAt(run, { blocks }, 't_on_failure', '1');
    call(run, 't_relay');
    bench.clock.advance(40_000);
    assert.deepEqual(seen, [1, 1, -1, -1, 1, 1]);
  });

  it('cfg-modules §2 t_was_cancelled, t_is_canceled: whether the caller has cancelled', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(callee);
    call(run, 't_relay');
    assert.deepEqual([call(run, 't_was_cancelled'), call(run, 't_is_canceled')], [-1, -1]);
    bench.proxy.callerCancels();
    assert.deepEqual([call(run, 't_was_cancelled'), call(run, 't_is_canceled')], [1, 1]);
  });
});
