import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, callAt, problemOf } from './testing/call.ts';

describe('avpops', () => {
  for (const [value, expected] of [
    ['$ruri', 'sip:bob@example.org'],
    ['$ruri/username', 'bob'],
    ['$from/domain', 'example.com'],
    ['$to', 'sip:bob@example.org'],
    ['$src_ip', '192.0.2.50'],
    ['$dst_ip', '192.0.2.1'],
    ['$hdr(Call-ID)', 'call-1@192.0.2.50'],
    ['i:12', 12],
    ['s:text', 'text'],
    ['a text', 'a text'],
    ['$rU and $fU', 'bob and alice'],
  ] as const) {
    it(`cfg-modules §17 avp_write('${value}')`, () => {
      const run = new CfgBench().requestRun();
      assert.equal(call(run, 'avp_write', value, 'i:5'), 1);
      assert.equal(run.avps.get(5), expected);
    });
  }

  it('cfg-modules §17 avp_write: false when there is no value', () => {
    const run = new CfgBench().requestRun();
    assert.deepEqual([call(run, 'avp_write', '$duri', 'i:5'), run.avps.get(5)], [-1, undefined]);
  });

  for (const [spec, name] of [
    ['i:7', 7],
    ['s:x', 'x'],
    ['x', 'x'],
    ['$avp(i:7)', 7],
    ['$avp(s:x)', 'x'],
    ['$avp(x)', 'x'],
    ['$mail', 'email'],
  ] as const) {
    it(`cfg-language §10: ${spec} names the AVP ${name}`, () => {
      const run = new CfgBench().requestRun();
      const site = { parameters: { 'avpops.avp_aliases': 'mail=s:email' } };
      assert.equal(callAt(run, site, 'avp_printf', spec, 'for $rU'), 1);
      assert.equal(run.avps.get(name), 'for bob');
    });
  }

  for (const spec of ['i:0', 'i:x', '', '$nothing']) {
    it(`cfg-language §12: '${spec}' is no AVP and prevents the start`, () => {
      assert.notEqual(problemOf('avp_write', ['x', spec]), '');
    });
  }

  it('cfg-modules §17 avp_delete: the first, all of a name, all; false when there is none', () => {
    const run = new CfgBench().requestRun();
    for (const value of [1, 2, 3]) run.avps.add('a', value);
    run.avps.add('b', 1);
    assert.equal(call(run, 'avp_delete', 'a'), 1);
    assert.deepEqual(run.avps.all('a'), [2, 1]);
    assert.equal(call(run, 'avp_delete', 'a/g'), 1);
    assert.deepEqual([run.avps.all('a'), run.avps.all('b')], [[], [1]]);
    assert.equal(call(run, 'avp_delete', 'a/g'), -1);
    assert.equal(call(run, 'avp_delete', '/g'), 1);
    assert.deepEqual(run.avps.all('b'), []);
    assert.match(problemOf('avp_delete', ['a/x']), /must be g/);
  });

  for (const [destination, uri] of [
    ['$ruri', 'ann'],
    ['$ruri/username', 'sip:ann@example.org;lr'],
    ['$ruri/domain', 'sip:bob@ann;lr'],
  ] as const) {
    it(`cfg-modules §17 avp_pushto('${destination}') makes ${uri}`, () => {
      const run = new CfgBench().requestRun({ uri: 'sip:bob@example.org;lr' });
      assert.equal(call(run, 'avp_pushto', destination, 'a'), -1);
      run.avps.add('a', 'ann');
      assert.equal(call(run, 'avp_pushto', destination, 'a'), 1);
      assert.equal(run.context.uri, uri);
    });
  }

  it('cfg-modules §17 avp_pushto: with /g further values of $ruri become branches', () => {
    const run = new CfgBench().requestRun();
    for (const host of ['c', 'b', 'a']) run.avps.add('to', `sip:${host}`);
    assert.equal(call(run, 'avp_pushto', '$ruri', 'to/g'), 1);
    assert.deepEqual([run.context.uri, run.context.branches.map(({ uri }) => uri)], ['sip:a', ['sip:b', 'sip:c']]);
  });

  it('cfg-modules §17 avp_pushto: the destination URI, headers of the copy and of the reply', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    run.avps.add('d', 'sip:192.0.2.60');
    run.avps.add('h', 'value');
    assert.equal(call(run, 'avp_pushto', '$duri', 'd'), 1);
    assert.equal(call(run, 'avp_pushto', '$hdr(P-One)/request', 'h'), 1);
    assert.equal(call(run, 'avp_pushto', '$HP-Two/reply', 'h'), 1);
    call(run, 'sl_send_reply', '100', 'Trying');
    assert.equal(bench.replies[0]?.header('p-two'), 'value');
    call(run, 't_relay');
    assert.equal(bench.proxy.to('192.0.2.60').requests[0]?.header('p-one'), 'value');
    assert.match(problemOf('avp_pushto', ['$nonsense', 'h']), /must be \$ruri/);
  });

  for (const [value, test, code] of [
    ['bob', 'eq/bob', 1],
    ['bob', 'eq/BOB', -1],
    ['bob', 'eq/BOB/i', 1],
    ['bob', 'ne/ann', 1],
    ['bob', 'eq/$ruri/username', 1],
    ['bob', 'eq/$avp(other)', 1],
    [5, 'lt/i:6', 1],
    [5, 'ge/i:6', -1],
    [5, 'gt/4', 1],
    [6, 'and/i:3', 1],
    [4, 'and/i:3', -1],
    ['sip:bob@h', 're/^sip:b', 1],
    ['sip:bob@h', 're/^SIP:b', -1],
    ['sip:bob@h', 're/^SIP:b/i', 1],
    ['sip:bob@h', 'fm/sip:*@?', 1],
    ['sip:bob@h', 'fm/sip:*@', -1],
  ] as const) {
    it(`cfg-modules §17 avp_check: ${value} ${test} gives ${code}`, () => {
      const run = new CfgBench().requestRun();
      run.avps.add('a', value);
      run.avps.add('other', 'bob');
      assert.equal(call(run, 'avp_check', 'a', test), code);
    });
  }

  it('cfg-modules §17 avp_check: false when it is not set; /g looks at every value; what is no test prevents the start', () => {
    const run = new CfgBench().requestRun();
    assert.equal(call(run, 'avp_check', 'a', 'eq/x'), -1);
    for (const value of ['x', 'y']) run.avps.add('a', value);
    assert.deepEqual([call(run, 'avp_check', 'a', 'eq/x'), call(run, 'avp_check', 'a/g', 'eq/x')], [-1, 1]);
    assert.match(problemOf('avp_check', ['a', 'like/x']), /op one of/);
  });

  it('cfg-modules §17 avp_copy: one or all, with or without the source, converted', () => {
    const run = new CfgBench().requestRun();
    for (const value of ['1', '2']) run.avps.add('a', value);
    assert.equal(call(run, 'avp_copy', 'a', 'one'), 1);
    assert.equal(call(run, 'avp_copy', 'a', 'all/g'), 1);
    assert.equal(call(run, 'avp_copy', 'a', 'n/gn'), 1);
    assert.deepEqual([run.avps.all('one'), run.avps.all('all'), run.avps.all('n')], [['2'], ['2', '1'], [2, 1]]);
    assert.equal(call(run, 'avp_copy', 'a', 'moved/gd'), 1);
    assert.deepEqual([run.avps.all('a'), run.avps.all('moved')], [[], ['2', '1']]);
    assert.equal(call(run, 'avp_copy', 'a', 'b'), -1);
  });

  it('cfg-modules §17 avp_subst: in place, into another, every value', () => {
    const run = new CfgBench().requestRun();
    for (const value of ['aa', 'bab']) run.avps.add('v', value);
    assert.equal(call(run, 'avp_subst', 'v/w', '/a/x/'), 1);
    assert.deepEqual([run.avps.all('v'), run.avps.all('w')], [['bab', 'aa'], ['bxb']]);
    assert.equal(call(run, 'avp_subst', 'v//g', '/a/$rU/g'), 1);
    assert.deepEqual(run.avps.all('v'), ['bbobb', 'bobbob']);
    assert.equal(call(run, 'avp_subst', 'v', '/zzz/x/'), -1);
  });

  for (const [op, expected] of [
    ['add/i:5', 12],
    ['sub/5', 2],
    ['mul/$avp(two)', 14],
    ['div/2', 3],
    ['mod/4', 3],
    ['and/3', 3],
    ['or/8', 15],
    ['xor/1', 6],
    ['not', -8],
  ] as const) {
    it(`cfg-modules §17 avp_op: 7 ${op} is ${expected}`, () => {
      const run = new CfgBench().requestRun();
      run.avps.add('a', 7);
      run.avps.add('two', 2);
      assert.equal(call(run, 'avp_op', 'a', op), 1);
      assert.equal(run.avps.get('a'), expected);
    });
  }

  it('cfg-modules §17 avp_op: false without a number, and for a division by zero', () => {
    const run = new CfgBench().requestRun();
    run.avps.add('a', 'text');
    run.avps.add('n', 1);
    assert.deepEqual([call(run, 'avp_op', 'a', 'add/1'), call(run, 'avp_op', 'n', 'div/0')], [-1, -1]);
    assert.match(problemOf('avp_op', ['a', 'pow/2']), /one of add/);
  });

  it('cfg-modules §17 is_avp_set: whatever it is, a number, a text', () => {
    const run = new CfgBench().requestRun();
    run.avps.add('n', 1);
    const codes = ['n', 'n/n', 'n/s', 'x'].map((spec) => call(run, 'is_avp_set', spec));
    assert.deepEqual(codes, [1, 1, -1, -1]);
  });

  it('cfg-modules §17 avp_print: logs them', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    run.avps.add('n', 1);
    assert.equal(call(run, 'avp_print'), 1);
    assert.deepEqual(
      bench.log.map(({ fields }) => fields),
      [{ name: 'n', value: 1 }],
    );
  });

  it('cfg-modules §17 avp_db_load and its like: an error that names the reason', () => {
    assert.match(problemOf('avp_db_load', ['$from', 'i:1']), /in a database, which this version has not/);
  });
});
