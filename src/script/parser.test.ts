import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionForm, conditionOf, normalForm, parsed, statementForm, statementsOf } from './testing/parsed.ts';

// The normal form shows how a text was understood: every operand that is no single thing stands in parentheses.

type Table = readonly (readonly [title: string, text: string, form: string])[];

const conditions: Table = [
  ['§3 comparison', 'method=="INVITE"', 'method == "INVITE"'],
  ['§3 a bare word', 'method==REGISTER', 'method == REGISTER'],
  ['§3 a regular expression', 'uri=~"^sip:.*@a\\.b"', 'uri =~ "^sip:.*@a\\\\.b"'],
  ['§2 !~ of later files', '$rU !~ "^[0-9]+$"', '$rU !~ "^[0-9]+$"'],
  ['§3 myself on both sides', 'uri==myself && myself!=src_ip', '(uri == myself) && (myself != src_ip)'],
  ['§3 a network by its bits', 'src_ip==10.0.0.0/8', 'src_ip == 10.0.0.0/8'],
  ['§3 a network by its mask', 'src_ip==10.0.0.0/255.0.0.0', 'src_ip == 10.0.0.0/255.0.0.0'],
  ['§3 an IPv6 network', 'src_ip==2001:db8::/32', 'src_ip == [2001:db8::]/32'],
  ['§3 a host', 'uri==sip.my-company.example', 'uri == sip.my-company.example'],
  ['§2 a host that begins with a digit', 'src_ip==3com.example', 'src_ip == 3com.example'],
  ['§2 a host with a number word', 'src_ip==sip.on.example', 'src_ip == sip.on.example'],
  ['§3 protocols and families', 'proto==UDP or af==INET6', '(proto == UDP) || (af == INET6)'],
  ['§3 the length', 'msg:len>=max_len', 'msg:len >= max_len'],
  ['§3 return codes', 'retcode<0 || $?==-3', '(retcode < 0) || ($? == -3)'],
  ['§3 and binds tighter than or', 'a() || b() && c() || d()', 'a() || (b() && c()) || d()'],
  ['§3 the words', 'not a() and b() or c()', '((!a()) && b()) || c()'],
  ['§3 parentheses', '(a() || b()) && c()', '(a() || b()) && c()'],
  ['§3 negations of negations', '!!a()', '!(!a())'],
  ['§3 commands as conditions', 'isflagset(5) && !search("x")', 'isflagset(5) && (!search("x"))'],
  ['§3 a command without parentheses', 'isdsturiset', 'isdsturiset'],
  ['§3 a number', '1', '1'],
  ['§3 note 2: no parentheses around it', 'uri==myself', 'uri == myself'],
  ['§13 arithmetic', '$var(a) + 2 * $var(b) - 1 > -5', '(($var(a) + (2 * $var(b))) - 1) > -5'],
  ['§13 modulo as a word', '$var(a) mod 2 == 0', '($var(a) % 2) == 0'],
  ['cfg-modules §19 null', '$rU==$null || $rU==NULL', '($rU == $null) || ($rU == NULL)'],
  ['cfg-modules §19 texts are joined', '$fU + "@" + $fd == "a@b"', '(($fU + "@") + $fd) == "a@b"'],
  ['cfg-modules §19 texts are joined with a dot', '$fU . "@" == "a@"', '($fU . "@") == "a@"'],
  ['Kamailio: defined', 'defined $var(x) && !defined $avp(y)', '(defined $var(x)) && (!(defined $avp(y)))'],
  ['Kamailio: casts', '(int)$avp(x) > 3', '((int)$avp(x)) > 3'],
  [
    'Kamailio: functions of functions',
    'strempty($(hdr(X)[0])) || a(b(1), -2)',
    'strempty($(hdr(X)[0])) || a(b(1), -2)',
  ],
];

for (const [title, text, form] of conditions) {
  test(`cfg-language conditions, ${title}: ${text}`, () => assert.equal(conditionForm(text), form));
}

const statements: Table = [
  ['§3 a call', 'save("location");', 'save("location");'],
  ['§3 note 6: without parentheses', 'force_rport; append_branch;', 'force_rport; append_branch;'],
  [
    '§3 note 6: exit, drop and return',
    'exit; drop(); return; return(-1); return -1;',
    'exit; drop; return; return(-1); return(-1);',
  ],
  ['§13 return of an expression', 'return $var(x) + 1; return ($var(x));', 'return($var(x) + 1); return($var(x));'],
  [
    '§3 route(n)',
    'route(1); route(RELAY); route("RELAY"); route(DLG-URI);',
    'route(1); route(RELAY); route("RELAY"); route(DLG-URI);',
  ],
  ['§3 an if', 'if (a()) { b(); }', 'if (a()) { b(); }'],
  ['§3 an if with one command', 'if (a()) b();', 'if (a()) { b(); }'],
  ['§3 note 4: else without a semicolon before it', 'if (a()) b() else c();', 'if (a()) { b(); } else { c(); }'],
  ['§3 note 4: else with a semicolon before it', 'if (a()) b(); else c();', 'if (a()) { b(); } else { c(); }'],
  ['§3 exit before else', 'if (a()) exit else return;', 'if (a()) { exit; } else { return; }'],
  ['§3 note 4: no semicolon at all', 'if (a()) b()\nc();', 'if (a()) { b(); } c();'],
  ['§3 exit without a semicolon', 'if (a()) exit\nc();', 'if (a()) { exit; } c();'],
  [
    '§3 an else belongs to the nearest if',
    'if (a()) if (b()) c(); else d();',
    'if (a()) { if (b()) { c(); } else { d(); } }',
  ],
  [
    '§3 else if',
    'if (a()) { b(); } else if (c()) { d(); } else { e(); }',
    'if (a()) { b(); } else if (c()) { d(); } else { e(); }',
  ],
  ['§3 an empty body', 'if (a()) {} else { };', 'if (a()) { } else { }'],
  ['§3 an empty statement as a body', 'if (a()) ; b();', 'if (a()) { } b();'],
  ['§3 blocks in blocks', '{ a(); { b(); } }', '{ a(); { b(); } }'],
  ['§3 statements as a condition', 'if ({ a(); b(); }) c();', 'if ({ a(); b(); }) { c(); }'],
  ['§3 an if as a condition', 'if (if (a()) b();) c();', 'if ({ if (a()) { b(); } }) { c(); }'],
  [
    '§3 switch with fall-through, esac and default',
    'switch (retcode) { case 1: case -2: a(); break; case 3: b(); esac; default: c(); }',
    'switch (retcode) { case 1: case -2: a(); break; case 3: b(); break; default: c(); }',
  ],
  ['§3 switch over $?', 'switch ($?) { case 1: a(); };', 'switch ($?) { case 1: a(); }'],
  [
    '§1 break in an if in a case',
    'switch ($rc) { case 1: if (a()) break; b(); }',
    'switch ($rc) { case 1: if (a()) { break; } b(); }',
  ],
  [
    'Kamailio: cases of texts and expressions',
    'switch ($rd) { case "a": case /^b\\/c/i: a(); }',
    'switch ($rd) { case "a": case /^b\\/c/i: a(); }',
  ],
  [
    '§13 while',
    'while ($var(i) < 3) { $var(i) = $var(i) + 1; break; }',
    'while ($var(i) < 3) { $var(i) = $var(i) + 1; break; }',
  ],
  [
    '§13 assignments',
    '$ru = "sip:a@b"; $avp(s:x) = 5; $var(y) = -$var(x);',
    '$ru = "sip:a@b"; $avp(s:x) = 5; $var(y) = -$var(x);',
  ],
  [
    'OpenSIPS: other assignments',
    '$var(a) += 1; $var(a) -= 1; $avp(x) := NULL;',
    '$var(a) += 1; $var(a) -= 1; $avp(x) := NULL;',
  ],
  ['§1 &, | and ^ compute in a value', '$var(m) = $var(m) & 4 | 1 ^ 2;', '$var(m) = (($var(m) & 4) | 1) ^ 2;'],
  ['Kamailio: the keys of an xavp', '$xavp(a[0]=>b) = $(fU{s.tolower});', '$xavp(a[0]=>b) = $(fU{s.tolower});'],
  [
    '§8 hosts and ports as arguments',
    'forward(gw.example.org, 5060); send(10.0.0.1);',
    'forward(gw.example.org, 5060); send(10.0.0.1);',
  ],
  ['§8 uri:host and uri:port', 'forward(uri:host, uri:port);', 'forward(uri:host, uri:port);'],
  ['§8 sockets', 'force_send_socket(udp:10.0.0.1:5060);', 'force_send_socket(udp:10.0.0.1:5060);'],
  [
    '§8 sockets without protocol',
    'force_send_socket(10.0.0.1:5060); a(x.example:5, [::1]:6);',
    'force_send_socket(10.0.0.1:5060); a(x.example:5, [::1]:6);',
  ],
  ['OpenSIPS: arguments left out', 'a(, "x"); b(1, , 2); c(1,);', 'a(, "x"); b(1, , 2); c(1, );'],
  ['OpenSIPS: a call as an argument', 'async(f("x"), resume);', 'async(f("x"), resume);'],
  ['§14 trap 5: semicolons everywhere', ';; a();; { };', 'a(); { }'],
];

for (const [title, text, form] of statements) {
  test(`cfg-language statements, ${title}`, () => assert.equal(statementForm(text), form));
}

const items: Table = [
  [
    '§4 numbers, words, strings, addresses',
    'debug=-1\nport=0x10\nfork=yes\nlog_facility=LOG_LOCAL0\nuser="x"\nadvertised_address=10.0.0.1',
    'debug = -1\nport = 0x10\nfork = yes\nlog_facility = LOG_LOCAL0\nuser = "x"\nadvertised_address = 10.0.0.1',
  ],
  [
    '§3 no semicolon: the next token begins the next item',
    'debug=3 fork=no port=5 route{a();}',
    'debug = 3\nfork = no\nport = 5\nroute {\n\ta();\n}',
  ],
  ['§3 a semicolon is accepted', 'debug=3; fork=no;', 'debug = 3\nfork = no'],
  ['§4 hosts', 'advertised_address=nat-gw.3com.example', 'advertised_address = nat-gw.3com.example'],
  [
    '§4 sockets',
    'listen=udp:10.0.0.1:5060 tcp:eth0 [::1] 2001:db8::1 "host":5061 example.org',
    'listen = udp:10.0.0.1:5060 tcp:eth0 [::1] [2001:db8::1] "host":5061 example.org',
  ],
  [
    '§4 wildcards in an alias',
    'alias=*:example.org:* udp:a.example:5060',
    'alias = *:example.org:* udp:a.example:5060',
  ],
  ['§4 hosts of one letter and of digits', 'alias=a 3com.example:5060 b', 'alias = a 3com.example:5060 b'],
  [
    'Kamailio: advertise and name',
    'listen=udp:10.0.0.1:5060 advertise 1.2.3.4:5060 name "a"',
    'listen = udp:10.0.0.1:5060 advertise 1.2.3.4:5060 name "a"',
  ],
  [
    'OpenSIPS: as, workers and flags',
    'socket=udp:*:5060 as 1.2.3.4 use_workers 4 anycast',
    'socket = udp:*:5060 as 1.2.3.4 use_workers 4 anycast',
  ],
  [
    "Kamailio: settings of one's own",
    'pstn.gw_ip = "" desc "gateway"\npstn.port = 5',
    'pstn.gw_ip = "" desc "gateway"\npstn.port = 5',
  ],
  [
    '§5 loadmodule and paths',
    'mpath="/usr/lib"\nloadpath "/x"\nloadmodule "tm.so"',
    'loadpath "/usr/lib"\nloadpath "/x"\nloadmodule "tm.so"',
  ],
  [
    '§5 modparam',
    'modparam(\'a|b\', "c", -1) modparam("a","b",\'x\')',
    'modparam("a|b", "c", -1)\nmodparam("a", "b", "x")',
  ],
  [
    '§4 TLS domains',
    'tls_domain[10.0.0.1:5061] { tls_method=TLSv1 tls_verify=on }',
    'tls_domain[10.0.0.1:5061] {\n\ttls_method = TLSv1\n\ttls_verify = on\n}',
  ],
  ['§6 route[0] is route', 'route[0] { }', 'route {\n}'],
  [
    '§6 numbers of routes are decimal in a name',
    'route[0x1F] { } failure_route[010] { }',
    'route[31] {\n}\nfailure_route[8] {\n}',
  ],
  ['§6 names with colons and dashes', 'event_route[tm:local-request] { }', 'event_route[tm:local-request] {\n}'],
  ['OpenSIPS: intervals', 'timer_route[x, 30] { }', 'timer_route[x, 30] {\n}'],
];

for (const [title, text, form] of items) {
  test(`cfg-language items, ${title}`, () => assert.equal(normalForm(text), form));
}

const routes: readonly (readonly [header: string, type: string, name: string | undefined])[] = [
  ['route', 'request', undefined],
  ['request_route', 'request', undefined],
  ['route[1]', 'request', '1'],
  ['route[RELAY]', 'request', 'RELAY'],
  ['route["RELAY"]', 'request', 'RELAY'],
  ['failure_route[1]', 'failure', '1'],
  ['onreply_route', 'onreply', undefined],
  ['onreply_route[2]', 'onreply', '2'],
  ['reply_route', 'onreply', undefined],
  ['reply_route[1]', 'failure', '1'],
  ['branch_route[1]', 'branch', '1'],
  ['error_route', 'error', undefined],
  ['local_route', 'local', undefined],
  ['onsend_route', 'onsend', undefined],
  ['startup_route', 'startup', undefined],
  ['timer_route[t, 5]', 'timer', 't'],
  ['event_route[E_X]', 'event', 'E_X'],
];

for (const [header, type, name] of routes) {
  test(`cfg-language §6, §8: ${header} is a block of type ${type}`, () => {
    const [block] = parsed(`${header} { a(); }`).script.items;
    assert(block?.kind === 'route');
    assert.deepEqual([block.type, block.name, block.body.statements.length], [type, name, 1]);
  });
}

test('a span covers its node: from the first to the last character', () => {
  const [statement] = statementsOf('if (uri==myself && a("x", $ru)) b();');
  assert(statement?.kind === 'if');
  const [branch] = statement.branches;
  assert(branch?.condition.kind === 'logical');
  const [comparison, call] = branch.condition.operands;
  assert(comparison?.kind === 'comparison' && call?.kind === 'call');
  const text = ({ span }: { readonly span: { file: { text: string }; start: number; end: number } }) =>
    span.file.text.slice(span.start, span.end);
  assert.equal(text(statement), 'if (uri==myself && a("x", $ru)) b();');
  assert.equal(text(branch.condition), 'uri==myself && a("x", $ru)');
  assert.equal(text(comparison), 'uri==myself');
  assert.deepEqual(call.args.map(text), ['"x"', '$ru']);
  assert.equal(text({ span: call.nameSpan }), 'a');
});

test('an interpolated string is a text with its variables beside it', () => {
  const [call] = statementsOf('xlog("from $fu\\n");');
  assert(call?.kind === 'call' && call.args[0]?.kind === 'string');
  const [{ value, pieces }] = [call.args[0]];
  assert.equal(value, 'from $fu\n');
  assert.deepEqual(
    pieces.map((piece) => (piece.kind === 'variable' ? piece.pv.name : piece.text)),
    ['from ', 'fu', '\n'],
  );
});

test('Kamailio joins strings that stand side by side; OpenSER does not', () => {
  assert.equal(normalForm('#!KAMAILIO\nmodparam("a", "b", "c"\n  "d")'), 'modparam("a", "b", "cd")');
});

test('a chain of else-ifs is one flat node, however long', () => {
  const chain = Array.from({ length: 5000 }, (_, i) => `if ($var(x) == ${i}) a();`).join(' else ');
  const [statement] = statementsOf(chain);
  assert(statement?.kind === 'if');
  assert.equal(statement.branches.length, 5000);
});

test('a chain of && is one flat node, however long', () => {
  const condition = conditionOf(Array.from({ length: 5000 }, () => 'a()').join(' && '));
  assert(condition.kind === 'logical');
  assert.equal(condition.operands.length, 5000);
});

const dialects: readonly (readonly [text: string, name: string])[] = [
  ['route { exit; }', 'openser'],
  ['route { break; }', 'ser'],
  ['route { switch (retcode) { case 1: break; } }', 'openser'],
  ['route { if (len_gt(5)) exit; }', 'ser'],
  ['route { rewriteFromRoute(); }', 'ser'],
  ['route { addRecordRoute(); }', 'ser'],
  ['route { sl_filter_ACK(); }', 'ser'],
  ['#!KAMAILIO\nroute { break; }', 'kamailio'],
  ['#!SER\nroute { }', 'kamailio'],
  ['#!define A\nroute { }', 'kamailio'],
  ['request_route { }', 'kamailio'],
  ['socket=udp:a\nroute { }', 'opensips'],
  ['log_level=3\nroute { }', 'opensips'],
  ['udp_workers=3\nroute { }', 'opensips'],
];

for (const [text, name] of dialects) {
  test(`cfg-language §1: ${JSON.stringify(text)} is ${name}`, () => assert.equal(parsed(text).dialect.name, name));
}

test('cfg-language §1: the dialect comes with what says so', () => {
  const { because } = parsed('route {\n\n  break;\n}').dialect;
  assert(because !== undefined);
  assert.deepEqual(because.file.position(because.start), { line: 3, column: 3 });
});
