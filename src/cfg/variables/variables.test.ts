import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { VariableFixture } from '../testing/variable-fixture.ts';
import { VariableScope } from './scope.ts';
import { variableGroups } from './table.ts';
import type { CfgValue } from './template.ts';

const full = [
  'INVITE sip:bob:secret@biloxi.example.com:5070;transport=tcp;user=phone SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK1',
  'v: SIP/2.0/TCP 198.51.100.1:5062;branch=z9hG4bK0',
  'From: "Alice A." <sip:alice@atlanta.example.com:5080>;tag=a1',
  'To: Bob <sip:bob@biloxi.example.com>;tag=b2',
  'Call-ID: 1@192.0.2.50',
  'CSeq: 314159 INVITE',
  'Max-Forwards: 70',
  'm: <sip:alice@192.0.2.50:5060>;expires=120, <sip:alice@192.0.2.51>;expires=60',
  'Contact: <sip:alice@192.0.2.52>',
  'User-Agent: SoftPhone/1.0',
  'Refer-To: <sip:carol@example.net>',
  'P-Asserted-Identity: "A" <sip:+1555@example.com>',
  'P-Preferred-Identity: "Al" <sip:al@pref.example.com>',
  'Remote-Party-ID: <sip:rpid@example.com>;party=calling',
  'Diversion: <sip:div@example.com>;reason=user-busy;privacy=full;counter=2, <sip:old@example.com>',
  'Proxy-Authorization: Digest username="alice@atlanta", realm="atlanta.example.com", nonce="n", uri="sip:biloxi.example.com", response="r", algorithm=MD5',
  'Expires: 300',
  'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
  'X-Test: one',
  'X-Test: two',
  'Content-Type: application/sdp',
  'Content-Length: 4',
  '',
  'v=0\n',
].join('\r\n');

const bare = [
  'OPTIONS sip:example.org SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.50;branch=z9hG4bK2',
  'From: <sip:example.com>',
  'To: <sip:example.org>',
  'Call-ID: 2@192.0.2.50',
  'CSeq: 1 OPTIONS',
  '',
  '',
].join('\r\n');

/** Variable, what it is in the full request, what it is in the bare one, and what an absent one prints. */
const table: readonly (readonly [string, CfgValue, CfgValue, ('' | '<null>')?])[] = [
  ['$ru', 'sip:bob:secret@biloxi.example.com:5070;transport=tcp;user=phone', 'sip:example.org'],
  ['$rU', 'bob', undefined, '<null>'],
  ['$rd', 'biloxi.example.com', 'example.org'],
  ['$rp', 5070, 5060],
  ['$rP', 'tcp', 'UDP'],
  ['$rz', 'sip', 'sip'],
  ['$ou', 'sip:bob:secret@biloxi.example.com:5070;transport=tcp;user=phone', 'sip:example.org'],
  ['$oU', 'bob', undefined, '<null>'],
  ['$od', 'biloxi.example.com', 'example.org'],
  ['$op', 5070, 5060],
  ['$oP', 'tcp', 'UDP'],
  ['$du', undefined, undefined, ''],
  ['$duri', undefined, undefined, ''],
  ['$dd', undefined, undefined, '<null>'],
  ['$dp', undefined, undefined, '<null>'],
  ['$dP', undefined, undefined, '<null>'],
  ['$nh(u)', 'sip:bob:secret@biloxi.example.com:5070;transport=tcp;user=phone', 'sip:example.org'],
  ['$nh(U)', 'bob', undefined, '<null>'],
  ['$nh(d)', 'biloxi.example.com', 'example.org'],
  ['$nh(p)', 5070, 5060],
  ['$nh(P)', 'tcp', 'UDP'],
  ['$ds', '<sip:bob:secret@biloxi.example.com:5070;transport=tcp;user=phone>', '<sip:example.org>'],
  ['$br', undefined, undefined, ''],
  ['$bR', undefined, undefined, ''],
  ['$branch', undefined, undefined, '<null>'],
  ['$branch(count)', 0, 0],
  ['$fu', 'sip:alice@atlanta.example.com:5080', 'sip:example.com'],
  ['$fU', 'alice', undefined, ''],
  ['$fd', 'atlanta.example.com', 'example.com'],
  ['$fn', '"Alice A."', undefined, '<null>'],
  ['$ft', 'a1', undefined, '<null>'],
  ['$tu', 'sip:bob@biloxi.example.com', 'sip:example.org'],
  ['$tU', 'bob', undefined, ''],
  ['$td', 'biloxi.example.com', 'example.org'],
  ['$tn', 'Bob', undefined, '<null>'],
  ['$tt', 'b2', undefined, '<null>'],
  ['$rt', 'sip:carol@example.net', undefined, '<null>'],
  ['$ai', 'sip:+1555@example.com', undefined, '<null>'],
  ['$pu', 'sip:al@pref.example.com', undefined, '<null>'],
  ['$pU', 'al', undefined, '<null>'],
  ['$pd', 'pref.example.com', undefined, '<null>'],
  ['$pn', '"Al"', undefined, '<null>'],
  ['$re', 'sip:rpid@example.com', undefined, '<null>'],
  ['$di', 'sip:div@example.com', undefined, '<null>'],
  ['$dir', 'user-busy', undefined, '<null>'],
  ['$dip', 'full', undefined, '<null>'],
  ['$dic', '2', undefined, '<null>'],
  ['$rm', 'INVITE', 'OPTIONS'],
  ['$rs', undefined, undefined, '<null>'],
  ['$rr', undefined, undefined, '<null>'],
  ['$rv', 'SIP/2.0', 'SIP/2.0'],
  ['$rb', 'v=0\n', undefined, '<null>'],
  ['$ua', 'SoftPhone/1.0', undefined, '<null>'],
  ['$ci', '1@192.0.2.50', '2@192.0.2.50'],
  ['$cs', 314159, 1],
  ['$csb', '314159 INVITE', '1 OPTIONS'],
  ['$ct', '<sip:alice@192.0.2.50:5060>;expires=120, <sip:alice@192.0.2.51>;expires=60', undefined, '<null>'],
  ['$(ct[1])', '<sip:alice@192.0.2.52>', undefined, '<null>'],
  ['$ctu', 'sip:alice@192.0.2.50:5060', undefined, '<null>'],
  ['$cT', 'application/sdp', undefined, '<null>'],
  ['$cl', 4, undefined, '<null>'],
  ['$mb', full, bare],
  ['$ml', full.length, bare.length],
  ['$mt', 1, 1],
  ['$msg(buf)', full, bare],
  ['$msg(len)', full.length, bare.length],
  ['$msg(body)', 'v=0\n', undefined, '<null>'],
  ['$msg(fline)', full.slice(0, full.indexOf('\r\n')), 'OPTIONS sip:example.org SIP/2.0'],
  ['$msg(hdrs)', full.slice(full.indexOf('\r\n') + 2, -6), bare.slice(bare.indexOf('\r\n') + 2, -2)],
  ['$expires(min)', 60, undefined, '<null>'],
  ['$expires(max)', 300, undefined, '<null>'],
  ['$hdr(X-Test)', 'one', undefined, '<null>'],
  ['$hdr(x-test)', 'one', undefined, '<null>'],
  ['$hdr(X-Test[1])', 'two', undefined, '<null>'],
  ['$(hdr(X-Test)[-1])', 'two', undefined, '<null>'],
  ['$(hdr(X-Test)[2])', undefined, undefined, '<null>'],
  ['$(hdr(X-Test)[*])', 'one,two', undefined, '<null>'],
  ['$hdr(Via)', 'SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK1', 'SIP/2.0/UDP 192.0.2.50;branch=z9hG4bK2'],
  ['$(hdr(v)[1])', 'SIP/2.0/TCP 198.51.100.1:5062;branch=z9hG4bK0', undefined, '<null>'],
  ['$hdrc(X-Test)', 2, 0],
  ['$hdrcnt(via)', 2, 1],
  ['$hfl(Route)', '<sip:p1.example.com;lr>', undefined, '<null>'],
  ['$(hfl(Route)[1])', '<sip:p2.example.com;lr>', undefined, '<null>'],
  ['$hflc(Route)', 2, 0],
  ['$si', '192.0.2.50', '192.0.2.50'],
  ['$siz', '192.0.2.50', '192.0.2.50'],
  ['$sp', 5060, 5060],
  ['$su', 'sip:192.0.2.50:5060', 'sip:192.0.2.50:5060'],
  ['$sut', 'sip:192.0.2.50:5060', 'sip:192.0.2.50:5060'],
  ['$sas', 'udp:192.0.2.50:5060', 'udp:192.0.2.50:5060'],
  ['$Ri', '192.0.2.1', '192.0.2.1'],
  ['$Rp', 5060, 5060],
  ['$Ru', 'udp:192.0.2.1:5060', 'udp:192.0.2.1:5060'],
  ['$RAi', '192.0.2.1', '192.0.2.1'],
  ['$RAp', 5060, 5060],
  ['$RAu', 'udp:192.0.2.1:5060', 'udp:192.0.2.1:5060'],
  ['$socket_in', 'udp:192.0.2.1:5060', 'udp:192.0.2.1:5060'],
  ['$socket_in(port)', 5060, 5060],
  ['$socket_in(af)', 'INET', 'INET'],
  ['$pr', 'udp', 'udp'],
  ['$proto', 'udp', 'udp'],
  ['$af', 'IPv4', 'IPv4'],
  ['$fs', undefined, undefined, '<null>'],
  ['$socket_out', undefined, undefined, '<null>'],
  ['$au', 'alice', undefined, ''],
  ['$aU', 'alice@atlanta', undefined, ''],
  ['$ad', 'atlanta', undefined, ''],
  ['$ar', 'atlanta.example.com', undefined, ''],
  ['$adu', 'sip:biloxi.example.com', undefined, ''],
  ['$aa', 'MD5', undefined, ''],
  ['$avp(i:7)', undefined, undefined, '<null>'],
  ['$cnt($avp(i:7))', 0, 0],
  ['$xavp(a=>b)', undefined, undefined, '<null>'],
  ['$xavi(a=>b)', undefined, undefined, '<null>'],
  ['$xavu(a=>b)', undefined, undefined, '<null>'],
  ['$retcode', 1, 1],
  ['$rc', 1, 1],
  ['$?', 1, 1],
  ['$null', undefined, undefined, '<null>'],
  ['$var(x)', 0, 0],
  ['$vz(x)', 0, 0],
  ['$vn(x)', undefined, undefined, '<null>'],
  ['$shv(x)', 0, 0],
  ['$def(FLT_NATS)', '5', '5'],
  ['$def(OTHER)', undefined, undefined, '<null>'],
  ['$sel(cfg_get.pstn.gw_ip)', '192.0.2.9', '192.0.2.9'],
  ['$sel(cfg_get.pstn.gw_port)', 5060, 5060],
  ['$pp', 4711, 4711],
  ['$T_branch_idx', undefined, undefined, '<null>'],
  ['$T_reply_code', undefined, undefined, '<null>'],
  ['$T_reply_reason', undefined, undefined, '<null>'],
  ['$T_req($rm)', 'INVITE', 'OPTIONS'],
  ['$T_rpl($rs)', undefined, undefined, '<null>'],
  ['$mf', 0, 0],
  ['$mF', '00000000', '00000000'],
  ['$bf', 0, 0],
  ['$bF', '00000000', '00000000'],
  ['$sf', 0, 0],
  ['$sF', '00000000', '00000000'],
  ['$Ts', 1_700_000_000, 1_700_000_000],
  ['$utime(year)', 2023, 2023],
  ['$utime(mon)', 11, 11],
  ['$utime(mday)', 14, 14],
  ['$utime(hour)', 22, 22],
  ['$utime(min)', 13, 13],
  ['$utime(sec)', 20, 20],
  ['$utime(wday)', 3, 3],
  ['$utime(yday)', 318, 318],
  ['$utime(isdst)', 0, 0],
  ['$utimef(%Y-%m-%d %H:%M:%S)', '2023-11-14 22:13:20', '2023-11-14 22:13:20'],
];

/** What depends on the zone of the machine, or counts. */
const elsewhereTested = new Set(['Tf', 'TF', 'time', 'timef', 'mi']);

function fixture(): VariableFixture {
  const scope = new VariableScope({
    definitions: new Map([['FLT_NATS', '5']]),
    settings: new Map<string, string | number>([
      ['pstn.gw_ip', '192.0.2.9'],
      ['pstn.gw_port', 5060],
    ]),
    processId: 4711,
  });
  return new VariableFixture(scope);
}

describe('cfg-language 9: what each variable reads', () => {
  const bench = new CfgBench();
  const variables = fixture();
  for (const [text, inFull, inBare, absent] of table) {
    test(text, () => {
      const present = bench.requestRun(full);
      const missing = bench.requestRun(bare);
      assert.deepEqual(variables.read(present, text), inFull);
      assert.deepEqual(variables.read(missing, text), inBare);
      if (absent !== undefined) assert.equal(variables.expand(missing, `[${text}]`), `[${absent}]`);
    });
  }

  test('the table here names every variable of the table there', () => {
    const named = new Set(table.map(([text]) => /^\$\(?(\w+|\?)/.exec(text)?.[1]));
    const all = variableGroups.flatMap(({ variables: group }) => group.map(({ name }) => name));
    assert.deepEqual(
      all.filter((name) => !named.has(name) && !elsewhereTested.has(name)),
      [],
    );
    assert.equal(new Set(all).size, all.length, 'each name is there once');
  });
});

describe('variables after the route has changed something', () => {
  const variables = fixture();

  test('cfg-language 9: $ru and its parts follow a rewriting, $ou does not', () => {
    const run = new CfgBench().requestRun(full);
    run.context.uri = 'sips:carol@example.net';
    assert.equal(
      variables.expand(run, '$ru $rU $rd $rp $rP $rz'),
      'sips:carol@example.net carol example.net 5061 TLS sips',
    );
    assert.equal(variables.read(run, '$oU'), 'bob');
  });

  test('cfg-language 7.3: a tel URI has a number and no host', () => {
    const run = new CfgBench().requestRun({ uri: 'tel:+15551234' });
    assert.equal(variables.expand(run, '$rU $rd $rp $rP'), '+15551234 <null> <null> <null>');
  });

  test('cfg-language 9: $du and its parts, once there is a destination', () => {
    const run = new CfgBench().requestRun();
    run.context.destinationUri = 'sip:192.0.2.9:5090;transport=tcp';
    assert.equal(
      variables.expand(run, '$du|$dd|$dp|$dP|$nh(d)'),
      'sip:192.0.2.9:5090;transport=tcp|192.0.2.9|5090|tcp|192.0.2.9',
    );
  });

  test('cfg-language 9: $ds, $br, $bR and $branch list the branches', () => {
    const run = new CfgBench().requestRun();
    run.context.q = 500;
    run.context.appendBranch({
      uri: 'sip:b1@example.org',
      q: 700,
      flags: 6,
      destinationUri: 'sip:192.0.2.7',
      path: '<sip:p>',
    });
    run.context.appendBranch({ uri: 'sip:b2@example.org' });
    assert.equal(
      variables.read(run, '$ds'),
      '<sip:bob@example.org>;q=0.5, <sip:b1@example.org>;q=0.7, <sip:b2@example.org>',
    );
    assert.equal(variables.read(run, '$br'), 'sip:b1@example.org');
    assert.equal(variables.read(run, '$bR'), 'sip:b1@example.org,sip:b2@example.org');
    assert.equal(variables.read(run, '$branch(count)'), 2);
    assert.equal(variables.read(run, '$branch(uri)'), 'sip:b1@example.org');
    assert.equal(variables.read(run, '$(branch(uri)[1])'), 'sip:b2@example.org');
    assert.equal(variables.read(run, '$(branch(uri)[-1])'), 'sip:b2@example.org');
    assert.equal(variables.read(run, '$(branch(uri)[2])'), undefined);
    assert.equal(variables.read(run, '$(branch(dst_uri)[0])'), 'sip:192.0.2.7');
    assert.equal(variables.read(run, '$(branch(q)[0])'), '0.7');
    assert.equal(variables.read(run, '$(branch(q)[1])'), undefined);
    assert.equal(variables.read(run, '$(branch(flags)[0])'), 6);
    assert.equal(variables.read(run, '$(branch(path)[0])'), '<sip:p>');
  });

  test('cfg-language 9: flags in decimal and in eight hexadecimal digits', () => {
    const run = new CfgBench().requestRun();
    run.context.flags.set(31);
    run.context.flags.set(1);
    run.context.branchFlags.set(4);
    assert.equal(variables.expand(run, '$mf $mF $bf $bF'), '2147483650 80000002 16 00000010');
  });

  test('cfg-language 9: $mi is one number for a message and another for the next', () => {
    const bench = new CfgBench();
    const first = bench.requestRun();
    const second = bench.requestRun();
    const mi = variables.variable('$mi');
    assert.equal(mi.read(first), mi.read(first));
    assert.notEqual(mi.read(first), mi.read(second));
  });

  test('cfg-language 9: $au is empty for ACK and CANCEL, and a REGISTER looks into Authorization first', () => {
    const bench = new CfgBench();
    const headers = [
      'Authorization: Digest username="own", realm="a", nonce="n", uri="sip:a", response="r"',
      'Proxy-Authorization: Digest username="proxy", realm="b", nonce="n", uri="sip:b", response="r"',
    ];
    assert.equal(variables.expand(bench.requestRun({ method: 'REGISTER', headers }), '$au@$ar'), 'own@a');
    assert.equal(variables.expand(bench.requestRun({ method: 'INVITE', headers }), '$au@$ar'), 'proxy@b');
    assert.equal(variables.expand(bench.requestRun({ method: 'ACK', headers }), '[$au]'), '[]');
    assert.equal(variables.expand(bench.requestRun({ method: 'CANCEL', headers }), '[$ar]'), '[]');
  });

  test('$Tf, $time and $timef are the local time', () => {
    const run = new CfgBench().requestRun();
    const date = new Date(run.context.now);
    assert.match(String(variables.read(run, '$Tf')), /^\w{3} Nov 1[45] \d\d:13:20 2023$/);
    assert.equal(variables.read(run, '$TF'), variables.read(run, '$Tf'));
    assert.equal(variables.read(run, '$time(hour)'), date.getHours());
    assert.equal(variables.read(run, '$time(wday)'), date.getDay() + 1);
    assert.equal(variables.read(run, '$time(%H)'), String(date.getHours()).padStart(2, '0'));
    assert.equal(variables.read(run, '$timef(%S %s %% %q)'), `20 1700000000 % %q`);
  });
});

describe('variables in the other blocks', () => {
  const variables = fixture();

  test('cfg-language 9: a branch block reads the branch', () => {
    const run = new CfgBench().branchRun({ uri: 'sip:bob@example.org' }, (context) => {
      context.uri = 'sip:bob@192.0.2.60';
      context.branchFlags.set(3);
    });
    assert.equal(
      variables.expand(run, '$ru $rU $ou $bf $T_branch_idx'),
      'sip:bob@192.0.2.60 bob sip:bob@example.org 8 0',
    );
  });

  test('cfg-language 9: a reply block reads the reply; it has no Request-URI and no method', () => {
    const run = new CfgBench().replyRun({ status: 183, headers: [['X-Answer', 'yes']] });
    assert.equal(
      variables.expand(run, '$rs $rr $hdr(X-Answer) $T_reply_code $T_branch_idx $mt'),
      '183 Session Progress yes 183 0 2',
    );
    for (const name of ['$ru', '$rU', '$rd', '$rp', '$rm', '$ou', '$du', '$ds', '$au']) {
      assert.equal(variables.read(run, name), undefined, name);
    }
    assert.equal(variables.expand(run, '$si:$sp'), '192.0.2.60:5060');
    assert.equal(variables.expand(run, '$T_req($si) $T_rpl($rr)'), '192.0.2.50 Session Progress');
    assert.equal(variables.read(run, '$T_req($rm)'), 'INVITE');
    assert.equal(variables.read(run, '$T_req($ru)'), 'sip:bob@192.0.2.60');
    assert.equal(variables.read(run, '$T_rpl($rs)'), 183);
  });

  test('cfg-language 6: a failure block has the Request-URI of the branch that failed, and the reply that won', () => {
    const run = new CfgBench().failureRun({ status: 486 });
    assert.equal(variables.read(run, '$ru'), 'sip:bob@192.0.2.60');
    assert.equal(variables.read(run, '$ou'), 'sip:bob@example.org');
    assert.equal(variables.expand(run, '$T_reply_code $T_reply_reason'), '486 Busy Here');
    assert.equal(variables.expand(run, '$T_rpl($rs) $T_rpl($tt)'), '486 callee-192.0.2.60');
    assert.equal(variables.read(run, '$rs'), undefined);
  });
});

describe('what is wrong with a variable is found when it is read', () => {
  const variables = fixture();
  const problems: readonly (readonly [string, 'unknown' | 'unsupported' | 'malformed', RegExp])[] = [
    ['$retcod', 'unknown', /did you mean \$retcode/],
    ['$hdrs(Via)', 'unknown', /did you mean \$hdr/],
    ['$rubbishhere', 'unknown', /write \$\(ru\)/],
    ['$param(1)', 'unsupported', /no parameters/],
    ['$sel(ruri.host)', 'unsupported', /cfg_get/],
    ['$sel(cfg_get.pstn.gwip)', 'malformed', /did you mean pstn.gw_ip/],
    ['$sht(a=>b)', 'unsupported', /htable/],
    ['$dlg_var(x)', 'unsupported', /dialogs/],
    ['$hdr', 'malformed', /\$hdr\(Via\)/],
    ['$hdr()', 'malformed', /names nothing/],
    ['$ru(x)', 'malformed', /nothing in parentheses/],
    ['$(ru[1])', 'malformed', /no index/],
    ['$avp(i:0)', 'malformed', /AVP id/],
    ['$avp(i:x)', 'malformed', /AVP id/],
    ['$avp(s:)', 'malformed', /no name/],
    ['$avp($nosuchalias)', 'malformed', /no AVP alias/],
    ['$nh(x)', 'malformed', /one of u, U/],
    ['$time(fortnight)', 'malformed', /one of sec/],
    ['$expires(first)', 'malformed', /min, max/],
    ['$var(a b)', 'malformed', /name of letters/],
    ['$branch(colour)', 'malformed', /dst_uri/],
    ['$(branch(uri)[*])', 'malformed', /one branch/],
    ['$xavp(a=>b=>c)', 'malformed', /root=>name/],
    ['$xavu(a[1]=>b)', 'malformed', /no index/],
    ['$cnt(x)', 'malformed', /\$cnt\(\$avp/],
    ['$T_req(ru)', 'malformed', /\$T_req\(\$ru\)/],
    ['$T_rpl($si)', 'malformed', /not kept/],
    ['$T_req($nosuchthing)', 'unknown', /\$nosuchthing/],
    ['$(ru{s.nothing})', 'unknown', /no transformation/],
    ['$(ru{s.lenn})', 'unknown', /did you mean \{s.len\}/],
    ['$(ru{s.substr,1})', 'malformed', /\{s.substr,offset,length\}/],
    ['$(ru{s.len,1})', 'malformed', /wrong number/],
    ['$(ru{re.subst,abc})', 'malformed', /no substitution/],
    ['$(ru{re.subst,/a[/b/})', 'malformed', /not closed/],
    ['$(ru{re.subst,/a/\\1/})', 'malformed', /no group/],
  ];
  for (const [text, kind, message] of problems) {
    test(text, () => {
      const problem = variables.problem(text);
      assert.equal(problem.kind, kind);
      assert.match(problem.problem, message);
    });
  }
});
