import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { VariableFixture } from '../testing/variable-fixture.ts';
import { VariableScope } from './scope.ts';
import type { CfgValue } from './template.ts';

const from = 'sip:bob:secret@biloxi.example.com:5070;transport=tcp;user=phone';

/** Variable, value, the Request-URI after it; a RegExp is what is wrong with the value, and nothing changes then. */
const requestUri: readonly (readonly [string, CfgValue, string | RegExp])[] = [
  ['$ru', 'sip:carol@example.net', 'sip:carol@example.net'],
  ['$ru', 'tel:+1555', 'tel:+1555'],
  ['$ru', 'no uri', /no URI/],
  ['$ru', '', /no URI/],
  ['$ru', 'sip:a@b\r\nX: y', /no URI/],
  ['$ru', `sip:${'a'.repeat(1030)}@b`, /too long/],
  ['$ru', 7, /no URI/],
  ['$ru', undefined, /revert_uri/],
  ['$rU', 'carol', 'sip:carol:secret@biloxi.example.com:5070;transport=tcp;user=phone'],
  ['$rU', 1234, 'sip:1234:secret@biloxi.example.com:5070;transport=tcp;user=phone'],
  ['$rU', '#31# x', 'sip:%2331%23%20x:secret@biloxi.example.com:5070;transport=tcp;user=phone'],
  ['$rU', '%23', 'sip:%23:secret@biloxi.example.com:5070;transport=tcp;user=phone'],
  ['$rU', 'a@b', 'sip:a%40b:secret@biloxi.example.com:5070;transport=tcp;user=phone'],
  ['$rU', undefined, 'sip:biloxi.example.com:5070;transport=tcp;user=phone'],
  ['$rU', '', 'sip:biloxi.example.com:5070;transport=tcp;user=phone'],
  ['$rd', 'example.net', 'sip:bob:secret@example.net:5070;transport=tcp;user=phone'],
  ['$rd', '[2001:db8::1]', 'sip:bob:secret@[2001:db8::1]:5070;transport=tcp;user=phone'],
  ['$rd', '2001:db8::1', 'sip:bob:secret@[2001:db8::1]:5070;transport=tcp;user=phone'],
  ['$rd', 'a b', /no URI/],
  ['$rd', 'a;b@c', /no URI/],
  ['$rd', undefined, /has a host/],
  ['$rp', 5080, 'sip:bob:secret@biloxi.example.com:5080;transport=tcp;user=phone'],
  ['$rp', '5080', 'sip:bob:secret@biloxi.example.com:5080;transport=tcp;user=phone'],
  ['$rp', undefined, 'sip:bob:secret@biloxi.example.com;transport=tcp;user=phone'],
  ['$rp', 0, 'sip:bob:secret@biloxi.example.com;transport=tcp;user=phone'],
  ['$rp', 70_000, /no port/],
  ['$rp', 'x', /no port/],
  ['$rP', 'TLS', 'sip:bob:secret@biloxi.example.com:5070;user=phone;transport=tls'],
  ['$rP', undefined, 'sip:bob:secret@biloxi.example.com:5070;user=phone'],
  ['$rP', 'a b', /no URI/],
];

describe('cfg-language 8 and 13: what an assignment makes of the Request-URI', () => {
  const variables = new VariableFixture();
  for (const [name, value, expected] of requestUri) {
    test(`${name} = ${value === undefined ? '$null' : JSON.stringify(value).slice(0, 40)}`, () => {
      const run = new CfgBench().requestRun();
      run.context.uri = from;
      const problem = variables.write(run, name, value);
      if (typeof expected === 'string') {
        assert.equal(problem, undefined);
        assert.equal(run.context.uri, expected);
      } else {
        assert.match(problem ?? '', expected);
        assert.equal(run.context.uri, from);
      }
    });
  }

  test('cfg-language 8: sips stays sips, the headers stay, and the destination URI is not touched', () => {
    const run = new CfgBench().requestRun();
    run.context.uri = 'sips:bob@example.org?subject=x';
    run.context.destinationUri = 'sip:192.0.2.9';
    assert.equal(variables.write(run, '$rU', 'carol'), undefined);
    assert.equal(run.context.uri, 'sips:carol@example.org?subject=x');
    assert.equal(run.context.destinationUri, 'sip:192.0.2.9');
  });

  test('a tel URI has no user part to rewrite', () => {
    const run = new CfgBench().requestRun({ uri: 'tel:+1555' });
    assert.match(variables.write(run, '$rU', 'x') ?? '', /no SIP URI/);
  });

  test('cfg-language 6: in a branch block the branch is rewritten, in a reply block nothing', () => {
    const branch = new CfgBench().branchRun();
    assert.equal(variables.write(branch, '$rU', 'carol'), undefined);
    assert.equal(branch.branch?.uri, 'sip:carol@192.0.2.60');
    assert.equal(branch.context.uri, 'sip:bob@192.0.2.60');
    assert.equal(variables.write(branch, '$du', 'sip:192.0.2.8'), undefined);
    assert.equal(branch.branch?.destinationUri, 'sip:192.0.2.8');
    const reply = new CfgBench().replyRun();
    assert.match(variables.write(reply, '$ru', 'sip:x@y') ?? '', /reply/);
    assert.match(variables.write(reply, '$rU', 'x') ?? '', /reply/);
    assert.match(variables.write(reply, '$du', 'sip:x') ?? '', /reply/);
  });
});

describe('assignments to what else a request carries', () => {
  const variables = new VariableFixture();

  test('cfg-language 8: $du sets and $null clears the destination URI', () => {
    const run = new CfgBench().requestRun();
    assert.equal(variables.write(run, '$du', 'sip:192.0.2.9;transport=tcp'), undefined);
    assert.equal(run.context.destinationUri, 'sip:192.0.2.9;transport=tcp');
    assert.match(variables.write(run, '$du', 'nowhere') ?? '', /no URI/);
    assert.equal(run.context.destinationUri, 'sip:192.0.2.9;transport=tcp');
    assert.equal(variables.write(run, '$duri', undefined), undefined);
    assert.equal(run.context.destinationUri, undefined);
  });

  test('cfg-language 8: $br and $branch append a branch, at most eleven', () => {
    const run = new CfgBench().requestRun();
    for (let i = 0; i < 11; i++) assert.equal(variables.write(run, i % 2 ? '$br' : '$branch', `sip:${i}@b`), undefined);
    assert.match(variables.write(run, '$br', 'sip:12@b') ?? '', /too many/);
    assert.match(variables.write(run, '$br', undefined) ?? '', /needs a URI/);
    assert.match(variables.write(run, '$br', 'x') ?? '', /no URI/);
    assert.equal(run.context.branches.length, 11);
  });

  test('cfg-language 8: $fs forces one of our sockets and no other', () => {
    const run = new CfgBench().requestRun();
    for (const socket of ['tcp:192.0.2.1:5060', 'TCP:192.0.2.1:5060']) {
      assert.equal(variables.write(run, '$fs', socket), undefined);
      assert.equal(run.context.sendSocket?.transport, 'tcp');
      assert.equal(variables.read(run, '$fs'), 'tcp:192.0.2.1:5060');
    }
    assert.equal(variables.write(run, '$fs', '192.0.2.1:5060'), undefined);
    assert.equal(run.context.sendSocket?.transport, 'udp');
    assert.equal(variables.write(run, '$fs', 'udp:[2001:db8::1]:5060'), undefined);
    assert.equal(variables.read(run, '$fs'), 'udp:[2001:db8::1]:5060');
    assert.match(variables.write(run, '$fs', 'udp:192.0.2.99:5060') ?? '', /no socket of ours/);
    assert.equal(variables.write(run, '$fs', undefined), undefined);
    assert.equal(run.context.sendSocket, undefined);
    assert.match(
      variables.write(new CfgBench().branchRun(), '$fs', 'udp:192.0.2.1:5060') ?? '',
      /before a branch block/,
    );
  });

  test('cfg-language 11: $mf, $bf and $sf set all flags of their word', () => {
    const run = new CfgBench().requestRun();
    assert.equal(variables.write(run, '$mf', 0x80000002), undefined);
    assert.ok(run.context.flags.has(31) && run.context.flags.has(1) && !run.context.flags.has(2));
    assert.equal(variables.write(run, '$bf', '6'), undefined);
    assert.equal(run.context.branchFlags.word, 6);
    assert.equal(variables.write(run, '$sf', 8), undefined);
    assert.equal(variables.expand(run, '$sf $sF'), '8 00000008');
    assert.equal(variables.scope.scriptFlags.of(run).has(3), true);
    for (const value of [-1, 2 ** 32, 'x', undefined]) {
      assert.match(variables.write(run, '$mf', value) ?? '', /32 flags/);
    }
    const branch = new CfgBench().branchRun();
    assert.equal(variables.write(branch, '$bf', 12), undefined);
    assert.equal(branch.branch?.flags, 12);
  });

  test('what only reads cannot be assigned to, and neither can what is transformed', () => {
    for (const name of ['$rm', '$si', '$fu', '$hdr(Via)', '$retcode', '$null', '$(ru{s.len})', '$T_req($ru)']) {
      assert.equal(variables.variable(name).write, undefined, name);
    }
  });
});

describe('cfg-language 10: AVPs', () => {
  const scope = new VariableScope({
    aliases: new Map<string, number | string>([
      ['mail', 'x'],
      ['seven', 7],
    ]),
  });
  const variables = new VariableFixture(scope);

  test('the newest value comes first, and the two name spaces are separate', () => {
    const run = new CfgBench().requestRun();
    variables.write(run, '$avp(i:5)', 'one');
    variables.write(run, '$avp(i:5)', 2);
    variables.write(run, '$avp(s:5)', 'text');
    assert.equal(variables.read(run, '$avp(i:5)'), 2);
    assert.equal(variables.read(run, '$avp(I:0x5)'), 2);
    assert.equal(variables.read(run, '$avp(5)'), 'text');
    assert.equal(variables.read(run, '$(avp(i:5)[0])'), 2);
    assert.equal(variables.read(run, '$(avp(i:5)[1])'), 'one');
    assert.equal(variables.read(run, '$avp(i:5[1])'), 'one');
    assert.equal(variables.read(run, '$(avp(i:5)[-1])'), 'one');
    assert.equal(variables.read(run, '$(avp(i:5)[2])'), undefined);
    assert.equal(variables.read(run, '$(avp(i:5)[*])'), '2,one');
    assert.equal(variables.read(run, '$(avp(i:6)[*])'), undefined);
    assert.equal(variables.read(run, '$cnt($avp(i:5))'), 2);
  });

  test('an assignment replaces what an index names; $null deletes it, and with [*] all', () => {
    const run = new CfgBench().requestRun();
    for (const value of ['a', 'b', 'c']) variables.write(run, '$avp(x)', value);
    assert.equal(variables.write(run, '$(avp(x)[1])', 'B'), undefined);
    assert.equal(variables.read(run, '$(avp(x)[*])'), 'c,B,a');
    assert.match(variables.write(run, '$(avp(x)[3])', 'D') ?? '', /no value at that index/);
    variables.write(run, '$avp(x)', undefined);
    assert.equal(variables.read(run, '$(avp(x)[*])'), 'B,a');
    variables.write(run, '$(avp(x)[-1])', undefined);
    assert.equal(variables.read(run, '$(avp(x)[*])'), 'B');
    variables.write(run, '$(avp(x)[*])', 'only');
    assert.equal(variables.read(run, '$(avp(x)[*])'), 'only');
    variables.write(run, '$(avp(x)[*])', undefined);
    assert.equal(variables.read(run, '$avp(x)'), undefined);
    assert.equal(variables.write(run, '$avp(x)', undefined), undefined, 'deleting what is not there is no mistake');
  });

  test('an alias stands for its AVP, with a dollar and without', () => {
    const run = new CfgBench().requestRun();
    variables.write(run, '$avp(seven)', 'v');
    assert.equal(run.avps.get(7), 'v');
    assert.equal(variables.read(run, '$avp($seven)'), 'v');
    assert.equal(variables.read(run, '$avp(s:seven)'), undefined);
  });

  test('an index and a name may be variables', () => {
    const run = new CfgBench().requestRun();
    for (const value of ['a', 'b']) variables.write(run, '$avp(x)', value);
    variables.write(run, '$var(i)', 1);
    assert.equal(variables.read(run, '$(avp(x)[$var(i)])'), 'a');
    variables.write(run, '$var(i)', 'none');
    assert.equal(variables.read(run, '$(avp(x)[$var(i)])'), undefined);
    variables.write(run, '$var(n)', 's:x');
    assert.equal(variables.read(run, '$avp($var(n))'), 'b');
    assert.equal(variables.write(run, '$avp($var(n))', 'c'), undefined);
    assert.equal(variables.read(run, '$avp(x)'), 'c');
    variables.write(run, '$var(n)', '');
    assert.match(variables.write(run, '$avp($var(n))', 'c') ?? '', /names no AVP/);
  });

  test('companions 1.3: AVPs go with the request into its failure block, and back', () => {
    const bench = new CfgBench();
    let origin = bench.context();
    const prepare = (context: typeof origin) => {
      origin = context;
      variables.write(bench.runOf(context), '$avp(x)', 'kept');
    };
    const failure = bench.failureRun({ prepare });
    assert.equal(variables.read(failure, '$avp(x)'), 'kept');
    variables.write(failure, '$avp(y)', 1);
    assert.equal(origin.avps.get('y'), 1);
  });
});

describe('$var, $vn, $shv: what they keep and for how long', () => {
  test('$var is 0 until it is set, and $null sets it to 0', () => {
    const variables = new VariableFixture();
    const run = new CfgBench().requestRun();
    assert.equal(variables.read(run, '$var(x)'), 0);
    variables.write(run, '$var(x)', 'text');
    assert.equal(variables.read(run, '$var(x)'), 'text');
    assert.equal(variables.read(run, '$var(y)'), 0);
    variables.write(run, '$var(x)', undefined);
    assert.equal(variables.read(run, '$var(x)'), 0);
    variables.write(run, '$vn(x)', 5);
    assert.equal(variables.read(run, '$var(x)'), 0, '$vn has names of its own');
    variables.write(run, '$vn(x)', undefined);
    assert.equal(variables.read(run, '$vn(x)'), undefined);
  });

  test('$var belongs to one message, also when two are at work at once', () => {
    const variables = new VariableFixture();
    const bench = new CfgBench();
    const [a, b] = [bench.requestRun(), bench.requestRun()];
    variables.write(a, '$var(x)', 'a');
    variables.write(b, '$var(x)', 'b');
    assert.equal(variables.read(a, '$var(x)'), 'a');
    assert.equal(variables.read(b, '$var(x)'), 'b');
    assert.equal(variables.read(bench.requestRun(), '$var(x)'), 0);
  });

  test('$var is shared with branch blocks, and begins anew in failure and reply blocks', () => {
    const variables = new VariableFixture();
    const bench = new CfgBench();
    const branch = bench.branchRun({}, (context) => {
      context.uri = 'sip:bob@192.0.2.60';
      variables.write(bench.runOf(context), '$var(x)', 'set');
    });
    assert.equal(variables.read(branch, '$var(x)'), 'set');
    const failure = new CfgBench().failureRun();
    assert.equal(variables.read(failure, '$var(x)'), 0);
    const reply = new CfgBench().replyRun();
    variables.write(reply, '$var(x)', 1);
    assert.equal(variables.read(reply, '$var(x)'), 1);
  });

  test('$shv is shared by all messages, and by the configuration that replaces this one', () => {
    const shared = new Map<string, CfgValue>([['mode', 3]]);
    const variables = new VariableFixture(new VariableScope({ shared }));
    const bench = new CfgBench();
    assert.equal(variables.read(bench.requestRun(), '$shv(mode)'), 3);
    variables.write(bench.requestRun(), '$shv(mode)', 'x');
    const reloaded = new VariableFixture(new VariableScope({ shared }));
    assert.equal(reloaded.read(bench.requestRun(), '$shv(mode)'), 'x');
    variables.write(bench.requestRun(), '$shv(mode)', undefined);
    assert.equal(variables.read(bench.requestRun(), '$shv(mode)'), 0);
  });
});

describe('$xavp, $xavi, $xavu', () => {
  const variables = new VariableFixture();

  test('without a place of the root a new tree is added, with one a value', () => {
    const run = new CfgBench().requestRun();
    variables.write(run, '$xavp(sx=>a)', 1);
    variables.write(run, '$xavp(sx=>a)', 2);
    assert.equal(variables.read(run, '$xavp(sx=>a)'), 2);
    assert.equal(variables.read(run, '$xavp(sx[1]=>a)'), 1);
    variables.write(run, '$xavp(sx[0]=>b)', 'x');
    variables.write(run, '$xavp(sx[0]=>b)', 'y');
    assert.equal(variables.read(run, '$xavp(sx[0]=>b)'), 'y');
    assert.equal(variables.read(run, '$xavp(sx[0]=>b[1])'), 'x');
    assert.equal(variables.write(run, '$xavp(sx[0]=>b[1])', 'X'), undefined);
    assert.equal(variables.read(run, '$xavp(sx[0]=>b[-1])'), 'X');
    assert.equal(variables.read(run, '$xavp(sx[1]=>b)'), undefined);
    assert.match(variables.write(run, '$xavp(sx[5]=>b)', 1) ?? '', /no such tree/);
    assert.match(variables.write(run, '$xavp(sx[0]=>b[7])', 1) ?? '', /no value/);
  });

  test('$null deletes a value, all of a name, a tree, or all of a root', () => {
    const run = new CfgBench().requestRun();
    for (const value of [1, 2]) variables.write(run, '$xavp(r=>a)', value);
    for (const value of ['x', 'y']) variables.write(run, '$xavp(r[0]=>b)', value);
    variables.write(run, '$xavp(r=>b)', undefined);
    assert.equal(variables.read(run, '$xavp(r=>b)'), 'x');
    variables.write(run, '$xavp(r[0]=>b[*])', undefined);
    assert.equal(variables.read(run, '$xavp(r=>b)'), undefined);
    assert.notEqual(variables.read(run, '$xavp(r)'), undefined);
    variables.write(run, '$xavp(r)', undefined);
    assert.equal(variables.read(run, '$xavp(r=>a)'), 1);
    variables.write(run, '$xavp(r[*])', undefined);
    assert.equal(variables.read(run, '$xavp(r)'), undefined);
    assert.match(variables.write(run, '$xavp(r)', 1) ?? '', /root=>name/);
  });

  test('$xavi has no case, $xavu has one value for each name', () => {
    const run = new CfgBench().requestRun();
    variables.write(run, '$xavi(Caller=>a)', 1);
    assert.equal(variables.read(run, '$xavi(cALLER=>a)'), 1);
    assert.equal(variables.read(run, '$xavp(caller=>a)'), undefined);
    variables.write(run, '$xavu(u=>a)', 1);
    variables.write(run, '$xavu(u=>a)', 2);
    variables.write(run, '$xavu(u)', 'self');
    assert.equal(variables.expand(run, '$xavu(u=>a) $xavu(u)'), '2 self');
    variables.write(run, '$xavu(u=>a)', undefined);
    assert.equal(variables.read(run, '$xavu(u=>a)'), undefined);
  });
});
