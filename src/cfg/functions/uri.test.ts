import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, problemOf } from './testing/call.ts';

describe('uri, siputils', () => {
  it('cfg-modules §11 has_totag: whether To has a tag', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun({ toTag: 'x' }), 'has_totag'), 1);
    assert.equal(call(bench.requestRun(), 'has_totag'), -1);
  });

  for (const [args, code] of [
    [['lr'], 1],
    [['transport'], -1],
    [['transport', 'tcp'], 1],
    [['transport', 'UDP'], -1],
    [['maddr'], -1],
  ] as const) {
    it(`cfg-modules §11 uri_param(${args.join(', ')}) gives ${code}`, () => {
      const run = new CfgBench().requestRun({ uri: 'sip:bob@h;lr;transport=TCP' });
      assert.equal(call(run, 'uri_param', ...args), code);
    });
  }

  for (const [uri, expected] of [
    ['sip:bob@h', 'sip:bob@h;x=y'],
    ['sip:bob@h;lr', 'sip:bob@h;lr;x=y'],
  ] as const) {
    it(`cfg-modules §11 add_uri_param: ${uri} becomes ${expected}`, () => {
      const run = new CfgBench().requestRun({ uri });
      assert.equal(call(run, 'add_uri_param', 'x=y'), 1);
      assert.equal(run.context.uri, expected);
    });
  }

  it('cfg-modules §11 add_uri_param: before the headers of a URI', () => {
    const run = new CfgBench().requestRun();
    run.context.uri = 'sip:bob@h?Subject=x';
    assert.equal(call(run, 'add_uri_param', 'lr'), 1);
    assert.equal(run.context.uri, 'sip:bob@h;lr?Subject=x');
    assert.match(problemOf('add_uri_param', ['a;b']), /name=value/);
  });

  it('cfg-modules §11 tel2sip: a tel URI gets the host of From, other URIs stay', () => {
    const bench = new CfgBench();
    const run = bench.requestRun({ uri: 'tel:+12345' });
    assert.equal(call(run, 'tel2sip'), 1);
    assert.equal(run.context.uri, 'sip:+12345@example.com;user=phone');
    const other = bench.requestRun();
    assert.equal(call(other, 'tel2sip'), 1);
    assert.equal(other.context.uri, 'sip:bob@example.org');
  });

  it('cfg-modules §11 check_to and its like: an error that names the reason', () => {
    for (const name of ['check_to', 'check_from', 'does_uri_exist']) {
      assert.match(problemOf(name, []), new RegExp(`^${name} cannot be called: it looks users up in a database`));
    }
    assert.match(problemOf('is_user', ['bob']), /verification/);
  });

  it('cfg-modules §20 is_request, is_reply: by the block', () => {
    const bench = new CfgBench();
    assert.deepEqual([call(bench.requestRun(), 'is_request'), call(bench.requestRun(), 'is_reply')], [1, -1]);
    const reply = bench.replyRun();
    assert.deepEqual([call(reply, 'is_request'), call(reply, 'is_reply')], [-1, 1]);
  });

  for (const [title, headers, code] of [
    ['one Via', [], 1],
    ['two Vias', ['Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKx'], -1],
    ['a Record-Route', ['Record-Route: <sip:192.0.2.77;lr>'], -1],
  ] as const) {
    it(`cfg-modules §20 is_first_hop: a request with ${title} gives ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun({ headers }), 'is_first_hop'), code);
    });
  }

  for (const [recorded, code] of [
    ['<sip:192.0.2.1;lr>, <sip:192.0.2.9;lr>', 1],
    ['<sip:192.0.2.9;lr>, <sip:192.0.2.1;lr>', -1],
    [undefined, -1],
  ] as const) {
    it(`cfg-modules §20 is_first_hop: a reply with the Record-Route ${recorded} gives ${code}`, () => {
      const headers = recorded === undefined ? [] : ([['Record-Route', recorded]] as const);
      assert.equal(call(new CfgBench().replyRun({ status: 180, headers }), 'is_first_hop'), code);
    });
  }

  for (const [name, text, code] of [
    ['is_e164', '+4912345', 1],
    ['is_e164', '4912345', -1],
    ['is_uri_user_e164', 'sip:+4912345@h', 1],
    ['is_uri_user_e164', '$ru', -1],
    ['is_numeric', '123', 1],
    ['is_numeric', '12a', -1],
    ['is_alphanum', '12a', 1],
    ['is_tel_number', '+12', 1],
    ['is_tel_number', '1-2', -1],
  ] as const) {
    it(`cfg-modules §20 ${name}('${text}') gives ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun(), name, text), code);
    });
  }

  it('cfg-modules §18 options_reply: 200 to an OPTIONS without a user, and nothing else', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun({ method: 'OPTIONS', uri: 'sip:example.org' }), 'options_reply'), 1);
    assert.equal(call(bench.requestRun({ method: 'OPTIONS' }), 'options_reply'), -1);
    assert.equal(call(bench.requestRun({ uri: 'sip:example.org' }), 'options_reply'), -1);
    assert.deepEqual(
      bench.replies.map(({ status }) => status),
      [200],
    );
  });
});

describe('domain', () => {
  it('cfg-modules §12: From, the Request-URI and any host against the configured domains', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    assert.equal(call(run, 'is_from_local'), -1);
    assert.equal(call(run, 'is_uri_host_local'), 1);
    assert.equal(call(run, 'is_domain_local', '$rd'), 1);
    assert.equal(call(run, 'is_domain_local', '$fd'), -1);
    assert.equal(call(run, 'is_domain_local', 'EXAMPLE.org'), 1);
    run.context.uri = 'sip:bob@elsewhere.example';
    assert.equal(call(run, 'is_uri_host_local'), -1);
  });

  it('cfg-modules §12 is_uri_host_local: in a branch block, the host of the branch', () => {
    const run = new CfgBench().branchRun();
    assert.equal(call(run, 'is_uri_host_local'), -1);
  });
});

describe('sanity', () => {
  it('cfg-modules §20 sanity_check: a sound request passes, with masks or without', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(), 'sanity_check', '17895', '7'), 1);
    assert.equal(call(bench.requestRun(), 'sanity_check'), 1);
    assert.deepEqual(bench.replies, []);
  });

  for (const [title, headers, args, status] of [
    ['a bad Expires', ['Expires: soon'], ['256'], 400],
    ['a bad Contact URI', ['Contact: <sip:@@>'], ['0', '4'], 400],
    ['an unknown Proxy-Require', ['Proxy-Require: magic'], ['512'], 420],
  ] as const) {
    it(`cfg-modules §20 sanity_check: ${title} is answered ${status} when its bit is set`, () => {
      const bench = new CfgBench();
      assert.equal(call(bench.requestRun({ method: 'OPTIONS', headers }), 'sanity_check', ...args), -1);
      assert.equal(call(bench.requestRun({ method: 'OPTIONS', headers }), 'sanity_check', '1', '1'), 1);
      assert.deepEqual(
        bench.replies.map((reply) => reply.status),
        [status],
      );
    });
  }

  it('cfg-modules §20 sanity_check: a reply that came this far is sound', () => {
    assert.equal(call(new CfgBench().replyRun(), 'sanity_check', '17604', '6'), 1);
  });

  it('cfg-language §12 sanity_check: the masks are numbers', () => {
    assert.match(problemOf('sanity_check', ['all', '7']), /mask of message tests/);
  });
});

describe('auth, auth_db', () => {
  for (const name of [
    'www_challenge',
    'proxy_challenge',
    'auth_challenge',
    'www_authorize',
    'proxy_authorize',
    'auth_check',
  ]) {
    it(`issue 4: ${name} is an error that says that nothing is verified`, () => {
      assert.match(problemOf(name, ['realm', 'subscriber']), /does not verify digest credentials yet/);
    });
  }

  it('cfg-modules §9 consume_credentials: false when nothing was verified', () => {
    assert.equal(call(new CfgBench().requestRun(), 'consume_credentials'), -1);
  });
});

describe('pv, kex, core', () => {
  it('cfg-modules §20 strempty: empty or absent', () => {
    const run = new CfgBench().requestRun();
    run.avps.add('set', 'x');
    run.avps.add('none', '');
    const codes = ['$avp(set)', '$avp(none)', '$avp(absent)', '', 'x'].map((text) => call(run, 'strempty', text));
    assert.deepEqual(codes, [-1, 1, 1, 1, -1]);
  });

  it('cfg-modules §20 pv_isset, not_empty, is_int, typeof', () => {
    const run = new CfgBench().requestRun();
    run.avps.add('text', 'x');
    run.avps.add('number', 7);
    assert.deepEqual(
      [
        call(run, 'pv_isset', '$avp(text)'),
        call(run, 'pv_isset', '$avp(absent)'),
        call(run, 'not_empty', '$avp(absent)'),
        call(run, 'is_int', '$avp(number)'),
        call(run, 'is_int', '$avp(text)'),
        call(run, 'typeof', '$avp(number)', 'int'),
        call(run, 'typeof', '$avp(text)', 'int'),
        call(run, 'typeof', '$avp(absent)', 'null'),
      ],
      [1, -1, -1, 1, -1, 1, -1, 1],
    );
    assert.match(problemOf('typeof', ['$ru', 'list']), /one of int, str, null/);
  });

  it('cfg-modules §20 pv_unset, pv_printf: assign, and take away', () => {
    const run = new CfgBench().requestRun();
    assert.equal(call(run, 'pv_printf', '$avp(x)', 'to $rU'), 1);
    assert.equal(run.avps.get('x'), 'to bob');
    assert.equal(call(run, 'pv_unset', '$avp(x)'), 1);
    assert.equal(run.avps.get('x'), undefined);
    assert.match(problemOf('pv_unset', ['$si']), /cannot be assigned to/);
    assert.notEqual(problemOf('pv_printf', ['nothing', 'x']), '');
  });

  for (const [text, code] of [
    ['sip:bob@example.org', 1],
    ['192.0.2.1:5060', 1],
    ['sip:192.0.2.9', -1],
  ] as const) {
    it(`cfg-modules §20 is_myself('${text}') gives ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun(), 'is_myself', text), code);
    });
  }
});
