import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecordRouteModule } from '../../modules/rr.ts';
import { rrModule } from '../../modules/rr-module.ts';
import { defaultsOf } from '../../routing/define-module.ts';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, callAt, problemOf } from './testing/call.ts';

function forwardedRecordRoute(bench: CfgBench): string | undefined {
  return bench.proxy.to('192.0.2.60').requests[0]?.header('record-route');
}

describe('rr', () => {
  it('cfg-modules §6 record_route: the copy has our address, the From tag and lr', () => {
    const bench = new CfgBench();
    const run = bench.requestRun({ uri: 'sip:bob@192.0.2.60' });
    assert.equal(call(run, 'record_route'), 1);
    call(run, 't_relay');
    assert.equal(forwardedRecordRoute(bench), '<sip:192.0.2.1;ftag=a1;lr>');
  });

  it('cfg-modules §6 record_route: false when it is called twice for one message', () => {
    const run = new CfgBench().requestRun();
    assert.deepEqual([call(run, 'record_route'), call(run, 'record_route')], [1, -1]);
  });

  it('cfg-modules §6 record_route_preset: the given text is the host part', () => {
    const bench = new CfgBench();
    const run = bench.requestRun({ uri: 'sip:bob@192.0.2.60' });
    assert.equal(call(run, 'record_route_preset', 'sip.example.org:5070'), 1);
    call(run, 't_relay');
    assert.equal(forwardedRecordRoute(bench), '<sip:sip.example.org:5070;ftag=a1;lr>');
    assert.match(problemOf('record_route_preset', ['a b']), /host:port/);
  });

  for (const order of [
    ['add_rr_param', 'record_route'],
    ['record_route', 'add_rr_param'],
  ]) {
    it(`cfg-modules §6 add_rr_param: works in the order ${order.join(', ')}`, () => {
      const bench = new CfgBench();
      const run = bench.requestRun({ uri: 'sip:bob@192.0.2.60' });
      for (const name of order) {
        assert.equal(name === 'record_route' ? call(run, name) : call(run, name, ';nat=yes'), 1);
      }
      call(run, 't_relay');
      assert.equal(forwardedRecordRoute(bench), '<sip:192.0.2.1;ftag=a1;nat=yes;lr>');
    });
  }

  it('cfg-modules §6 add_rr_param: what is no parameter prevents the start', () => {
    assert.match(problemOf('add_rr_param', ['nat=yes']), /each with its ';'/);
  });

  const inDialog = { method: 'BYE', toTag: 'b1', uri: 'sip:bob@192.0.2.60' };

  for (const [title, request, code, destination] of [
    ['no Route header', {}, -1, undefined],
    ['our own entry alone outside a dialog', { headers: ['Route: <sip:192.0.2.1;lr>'] }, -1, undefined],
    ['our own entry alone in a dialog', { ...inDialog, headers: ['Route: <sip:192.0.2.1;lr>'] }, 1, undefined],
    [
      'an entry behind ours',
      { ...inDialog, headers: ['Route: <sip:192.0.2.1;lr>, <sip:192.0.2.9;lr>'] },
      1,
      'sip:192.0.2.9;lr',
    ],
    ['a foreign entry', { headers: ['Route: <sip:192.0.2.9;lr>'] }, 1, 'sip:192.0.2.9;lr'],
  ] as const) {
    it(`cfg-modules §6 loose_route: ${title} gives ${code}`, () => {
      const run = new CfgBench().requestRun(request);
      assert.equal(call(run, 'loose_route'), code);
      assert.equal(run.context.destinationUri, destination);
    });
  }

  const routed = { ...inDialog, headers: ['Route: <sip:192.0.2.1;lr;ftag=a1;nat=yes>'] };

  for (const [regex, code] of [
    ['nat=yes', 1],
    ['NAT=YES', 1],
    ['nat=no', -1],
  ] as const) {
    it(`cfg-modules §6 check_route_param: '${regex}' over our entry's parameters gives ${code}`, () => {
      const run = new CfgBench().requestRun(routed);
      assert.equal(call(run, 'check_route_param', regex), -1, 'nothing before loose_route');
      call(run, 'loose_route');
      assert.equal(call(run, 'check_route_param', regex), code);
    });
  }

  it('cfg-modules §20 check_route_param: a branch block asks about the request that it belongs to', () => {
    const bench = new CfgBench();
    bench.inBranch(
      { ...routed, headers: ['Route: <sip:192.0.2.1;lr;nat=yes>, <sip:192.0.2.60;lr>'] },
      (run) => {
        assert.deepEqual([call(run, 'check_route_param', 'nat=yes'), call(run, 'is_direction', 'downstream')], [1, 1]);
        return 'send';
      },
      (context) => void bench.modules.rr.looseRoute(context),
    );
    assert.equal(bench.proxy.countTo('192.0.2.60'), 1);
  });

  it('cfg-language §12: a bad regular expression prevents the start', () => {
    assert.match(problemOf('check_route_param', ['(']), /no regular expression/);
  });

  for (const [ftag, downstream] of [
    [';ftag=a1', 1],
    [';ftag=other', -1],
    ['', 1],
  ] as const) {
    it(`cfg-modules §6 is_direction: '${ftag}' against the From tag a1 is ${downstream > 0 ? 'down' : 'up'}stream`, () => {
      const run = new CfgBench().requestRun({ ...inDialog, headers: [`Route: <sip:192.0.2.1;lr${ftag}>`] });
      call(run, 'loose_route');
      assert.equal(call(run, 'is_direction', 'downstream'), downstream);
      assert.equal(call(run, 'is_direction', 'upstream'), -downstream);
    });
  }

  it('cfg-modules §6 is_direction: another word prevents the start', () => {
    assert.match(problemOf('is_direction', ['sideways']), /'upstream' or 'downstream'/);
  });

  it('cfg-modules §6: the direction may be named in either case', () => {
    assert.equal(callAt(new CfgBench().requestRun(), {}, 'is_direction', 'DOWNSTREAM'), 1);
  });
});

describe('rr: parameters', () => {
  for (const [parameter, options, entry] of [
    ['enable_full_lr', { enableFullLr: true }, '<sip:192.0.2.1;ftag=a1;lr=on>'],
    ['append_fromtag', { appendFromtag: false }, '<sip:192.0.2.1;lr>'],
    ['add_username', { addUsername: true }, '<sip:bob@192.0.2.1;ftag=a1;lr>'],
  ] as const) {
    it(`cfg-modules §6 ${parameter}`, () => {
      const bench = new CfgBench();
      const rr = new RecordRouteModule(() => false, { ...defaultsOf(rrModule), ...options });
      const run = bench.requestRun({ uri: 'sip:bob@192.0.2.60' });
      assert.equal(rr.recordRoute(run.context), true);
      call(run, 't_relay');
      assert.equal(forwardedRecordRoute(bench), entry);
    });
  }

  it('cfg-modules §6 enable_double_rr: off, a request that changes the listener gets one entry', () => {
    for (const [enableDoubleRr, entries] of [
      [true, 2],
      [false, 1],
    ] as const) {
      const bench = new CfgBench();
      const rr = new RecordRouteModule(() => false, { ...defaultsOf(rrModule), enableDoubleRr });
      const run = bench.requestRun({ uri: 'sip:bob@192.0.2.60;transport=tcp' });
      rr.recordRoute(run.context);
      call(run, 't_relay');
      assert.equal(bench.proxy.to('192.0.2.60', 'tcp').requests[0]?.headerLines('record-route').length, entries);
    }
  });
});
