// `aorta adapt`: how each construct of a configuration comes out in TypeScript.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadCfgText } from '../cfg/index.ts';
import { formatDiagnostic } from '../script/diagnostic.ts';
import { adapt } from './index.ts';

const modules = ['sl', 'tm', 'rr', 'maxfwd', 'usrloc', 'registrar', 'textops', 'xlog', 'nathelper', 'siputils']
  .map((name) => `loadmodule "${name}.so"\n`)
  .join('');

function adapted(text: string): string {
  const loaded = loadCfgText('openser.cfg', `${modules}${text}`);
  assert.deepEqual(loaded.diagnostics.filter(({ severity }) => severity === 'error').map(formatDiagnostic), []);
  const { text: typescript, problems } = adapt(loaded);
  assert.deepEqual(problems, []);
  return typescript;
}

/** The body of a function, without its indent and without the last line that only says that it went well. */
function bodyOf(typescript: string, name: string): string {
  const body = new RegExp(`function ${name}\\(_?script: Script\\): [^\\n]* \\{\\n(.*?)\\n\\}\\n`, 's').exec(
    typescript,
  )?.[1];
  assert.ok(body !== undefined, `there is a function ${name} in\n${typescript}`);
  const lines = body.split('\n').map((line) => line.slice(2));
  if (lines.at(-1) === 'return 1;') lines.pop();
  return lines.filter((line) => !line.startsWith('const {')).join('\n');
}

/** A statement of a route, and its TypeScript. */
type Row = readonly [cfg: string, typescript: string];

test('the tables that calls name are an option when there are others than location', () => {
  const text = (more: string) => adapted(`route { if (method=="REGISTER") save("location"); ${more} }`);
  assert.doesNotMatch(text('lookup("location");'), /tables/);
  assert.match(text('lookup("aliases"); save("location");'), /\n {2}tables: \['location', 'aliases'\],\n/);
  assert.match(text('lookup("$var(t)") ; lookup("aliases");'), /\n {2}tables: \['location', 'aliases'\],\n/);
});

test('the database of a file is an option', () => {
  const text = 'modparam("usrloc", "db_url", "sqlite:x.db")\nmodparam("usrloc", "db_mode", 2)\nroute { drop; }';
  assert.match(adapted(text), /usrloc: \{ dbUrl: 'sqlite:x.db', dbMode: 'write-back' \},/);
});

const statements: readonly Row[] = [
  // What the typed modules do too.
  ['setflag(5);', 'ctx.flags.set(5);'],
  ['resetflag(5);', 'ctx.flags.reset(5);'],
  ['setbflag(6);', 'ctx.branchFlags.set(6);'],
  ['force_rport();', 'ctx.forceRport();'],
  ['sl_send_reply("404", "Not Found");', "ctx.reply(404, 'Not Found');"],
  ['sl_send_reply("404", "Not $fU");', "script.sl_send_reply('404', 'Not $fU');"],
  ['t_on_failure("0");', 'tm.onFailure(ctx, undefined);'],
  ['record_route();', 'rr.recordRoute(ctx);'],
  ['fix_nated_register();', 'nathelper.fixNatedRegister(ctx);'],
  ['seturi("sip:a@b.example");', "ctx.uri = 'sip:a@b.example';"],
  ['setdsturi("sip:b.example");', "ctx.destinationUri = 'sip:b.example';"],
  ['lookup("aliases");', "await registrar.lookup(ctx, { table: 'aliases' });"],
  ['if (lookup("location")) log("x");', "if ((await registrar.lookup(ctx)) === 'found') {\n  script.log('x');\n}"],
  ['if (!registered("location")) exit;', 'if (!(await registrar.registered(ctx))) {\n  return script.exit();\n}'],
  [
    'if (!mf_process_maxfwd_header("10")) log("x");',
    "if (maxfwd.process(ctx, 10) === 'exhausted') {\n  script.log('x');\n}",
  ],
  ['if (nat_uac_test("19")) log("x");', "if (nathelper.natUacTest(ctx, 19)) {\n  script.log('x');\n}"],
  ['save("location"); exit;', 'await registrar.save(ctx);\nreturn script.exit();'],
  ['save("location"); log("x");', "if (!(await registrar.save(ctx)).ok) return script.exit();\nscript.log('x');"],
  ['if (!save("location")) log("x");', "if ((await script.save('location')) < 0) {\n  script.log('x');\n}"],
  ['save_memory("aliases"); exit;', "await registrar.saveMemory(ctx, { table: 'aliases' });\nreturn script.exit();"],
  ['t_relay();', 'tm.relay(ctx);'],
  ['t_relay(); log("x");', "if (script.t_relay() === 0) return 0;\nscript.log('x');"],
  // What only openser.cfg has.
  ['append_hf("P-X: 1\\r\\n");', "script.append_hf('P-X: 1\\r\\n');"],
  ['strip(2);', 'script.strip(2);'],
  ['strip($var(n));', "script.strip('$var(n)');"],
  ['xlog("L_INFO", "it\'s $ru\\n");', "script.xlog('L_INFO', \"it's $ru\\n\");"],
  ['force_send_socket(udp:192.0.2.1:5060);', "script.force_send_socket('udp:192.0.2.1:5060');"],
  // Variables.
  ['$var(a) = 1;', "script.set('$var(a)', 1);"],
  ['$var(a) += 2;', "script.set('$var(a)', script.compute(script.pv('$var(a)'), '+', 2));"],
  ['$ru = "sip:" + $rU;', "script.set('$ru', script.compute('sip:', '+', script.pv('$rU')));"],
  ['$avp(s:x) = "to $tU";', "script.set('$avp(s:x)', script.text('to $tU'));"],
  ['$var(a) = 2 * 3 + 1;', "script.set('$var(a)', 7);"],
  ['$var(a) = $null;', "script.set('$var(a)', undefined);"],
  // Endings.
  ['exit;', 'return script.exit();'],
  ['drop;', 'return script.drop();'],
  ['return;', ''],
  ['return(-3);', 'return -3;'],
  ['return(0);', 'return script.exit();'],
  ['return($var(a));', "return script.code(script.pv('$var(a)'));"],
  // Conditions.
  ['if (method=="INVITE") exit;', "if (same(ctx.method, 'INVITE')) {\n  return script.exit();\n}"],
  ['if (!method=="INVITE") exit;', "if (!same(ctx.method, 'INVITE')) {\n  return script.exit();\n}"],
  ['if (uri==myself) exit;', "if (script.isMyself('uri')) {\n  return script.exit();\n}"],
  [
    'if (src_ip==192.0.2.0/24) exit;',
    "if (script.inNetwork(ctx.flow.remoteAddress, '192.0.2.0/24')) {\n  return script.exit();\n}",
  ],
  ['if (src_ip==192.0.2.1) exit;', "if (ctx.flow.remoteAddress === '192.0.2.1') {\n  return script.exit();\n}"],
  ['if (dst_port!=5060) exit;', 'if (ctx.flow.localPort !== 5060) {\n  return script.exit();\n}'],
  [
    'if (uri=~"^sip:[0-9]+@") exit;',
    "if (script.compare(ctx.uri, '=~', '^sip:[0-9]+@')) {\n  return script.exit();\n}",
  ],
  ['if ($rU == $null) exit;', "if (script.pv('$rU') === undefined) {\n  return script.exit();\n}"],
  ['if ($fU == "bob") exit;', "if (script.compare(script.pv('$fU'), '==', 'bob')) {\n  return script.exit();\n}"],
  ['if ($var(a)) exit;', "if (script.isTrue(script.pv('$var(a)'))) {\n  return script.exit();\n}"],
  ['if (has_totag()) exit;', 'if (script.has_totag() > 0) {\n  return script.exit();\n}'],
  ['if (!has_totag()) exit;', 'if (script.has_totag() < 0) {\n  return script.exit();\n}'],
  [
    'if (isflagset(1) && !isflagset(2) || isflagset(3)) exit;',
    'if ((ctx.flags.has(1) && !ctx.flags.has(2)) || ctx.flags.has(3)) {\n  return script.exit();\n}',
  ],
  [
    'if ($var(a) < 3 || isflagset(1)) exit;',
    "if (\n  script.compare(script.pv('$var(a)'), '<', 3) ||\n  (script.comparable(script.pv('$var(a)'), '<', 3) && ctx.flags.has(1))\n) {\n  return script.exit();\n}",
  ],
  [
    'if (isflagset(1)) log("a"); else if (isflagset(2)) log("b"); else log("c");',
    "if (ctx.flags.has(1)) {\n  script.log('a');\n} else if (ctx.flags.has(2)) {\n  script.log('b');\n} else {\n  script.log('c');\n}",
  ],
  // A function of a condition that may end the script.
  ['if (!t_relay()) sl_reply_error();', 'if (script.t_relay() < 0) {\n  script.sl_reply_error();\n}'],
  [
    'if (!t_relay()) sl_reply_error(); log("x");',
    "if (script.t_relay() < 0) {\n  script.sl_reply_error();\n}\nif (script.ended) return 0;\nscript.log('x');",
  ],
  [
    'if (t_newtran() || isflagset(1)) log("x"); else log("y");',
    "const holds = script.t_newtran() > 0 || (!script.ended && ctx.flags.has(1));\nif (script.ended) return 0;\nif (holds) {\n  script.log('x');\n} else {\n  script.log('y');\n}",
  ],
  // switch and while.
  [
    'switch ($var(a)) { case 1: log("one"); break; default: log("other"); }',
    "switch (script.numberOf(script.pv('$var(a)'))) {\n  case 1:\n    script.log('one');\n    break;\n  default:\n    script.log('other');\n    break;\n}",
  ],
  [
    'switch ($var(a)) { case 1: log("one"); case 2: log("two"); }',
    "switch (script.numberOf(script.pv('$var(a)'))) {\n  case 1:\n    script.log('one');\n    script.log('two');\n    break;\n  case 2:\n    script.log('two');\n    break;\n}",
  ],
  [
    'lookup("location"); switch ($retcode) { case -1: case -3: exit; }',
    "await script.lookup('location');\nswitch (script.rc) {\n  case -1:\n  case -3:\n    return script.exit();\n}",
  ],
  [
    'while ($var(i) < 3) { $var(i) += 1; }',
    "let rounds = 0;\nwhile (script.compare(script.pv('$var(i)'), '<', 3)) {\n  if (script.isEndless(rounds++)) return 0;\n  script.set('$var(i)', script.compute(script.pv('$var(i)'), '+', 1));\n}",
  ],
  // What has no effect.
  ['force_tcp_alias();', '// force_tcp_alias(): a binding is reached by the connection that it came by'],
  // Comments stay.
  ['\n# why\nlog("x");', "// why\nscript.log('x');"],
  // What is never reached is left out.
  ['exit; log("x");', 'return script.exit();'],
];

const routes: readonly (readonly [title: string, cfg: string, main: string])[] = [
  [
    'a route that never ends the script is only called',
    'route { route(1); log("x"); } route[1] { log("y"); }',
    "route1(script);\nscript.log('x');",
  ],
  [
    'a route that may end it is asked',
    'route { route(1); log("x"); } route[1] { if (isflagset(1)) exit; log("y"); }',
    "if (route1(script) === 0) return 0;\nscript.log('x');",
  ],
  [
    'what follows a route that always ends it is left out',
    'route { route(OUT); log("x"); } route[OUT] { t_relay(); exit; }',
    'return out(script);',
  ],
  [
    'a route that waits is awaited',
    'route { route(1); log("x"); } route[1] { lookup("location"); if (isflagset(1)) exit; }',
    "if ((await route1(script)) === 0) return 0;\nscript.log('x');",
  ],
  [
    'a route is true when its code is above 0',
    'route { if (!route(1)) log("x"); } route[1] { return(-1); }',
    "if (route1(script) < 0) {\n  script.log('x');\n}",
  ],
  [
    'the code is kept where somebody reads it',
    'route { route(1); if ($rc == 2) log("x"); } route[1] { return(2); }',
    "script.rc = route1(script);\nif (script.rc === 2) {\n  script.log('x');\n}",
  ],
  [
    'a route that calls itself is bounded',
    'route { route(1); log("x"); } route[1] { if (isflagset(1)) route(1); }',
    "if (script.nested(route1) === 0) return 0;\nscript.log('x');",
  ],
];

describe('aorta adapt: statements', () => {
  for (const [cfg, typescript] of statements) {
    test(`issue 4: ${cfg.trim()} becomes ${typescript.split('\n')[0]}`, () => {
      assert.equal(bodyOf(adapted(`route {\n${cfg}\n}\n`), 'request'), typescript);
    });
  }
});

describe('aorta adapt: routes', () => {
  for (const [title, cfg, main] of routes) {
    test(`issue 4: ${title}`, () => assert.equal(bodyOf(adapted(cfg), 'request'), main));
  }

  test('issue 4: a route is another function in a failure block when it means something else there', () => {
    const text = adapted(
      'route { route(NAT); t_on_failure("1"); t_relay(); } failure_route[1] { route(NAT); } route[NAT] { if (nat_uac_test("1")) setflag(1); }',
    );
    assert.match(text, /function nat\(script: Script\)/);
    assert.match(text, /function natInFailure\(script: Script\)/);
    assert.match(text, /failure: \{ 1: failure1 \}/);
    assert.equal(bodyOf(text, 'failure1'), 'return natInFailure(script);');
  });

  test('issue 4: a route that nobody calls is left out, and that is said', () => {
    assert.match(
      adapted('route { exit; }\nroute[OLD] { exit; }'),
      /\/\/ openser\.cfg:\d+: route\[OLD\] is never reached, and left out/,
    );
  });
});

describe('aorta adapt: the file', () => {
  const text = adapted(
    [
      'debug=3\nlisten=udp:192.0.2.1:5060\nalias=example.org sip.example.org:5080\nmax_while_loops=7',
      'modparam("registrar", "default_expires", 1800)\nmodparam("registrar|nathelper", "received_avp", 43)',
      '# where it begins\nroute { exit; }\nonreply_route { drop; }\nbranch_route[1] { }\nonreply_route[NAT-1] { }',
    ].join('\n'),
  );

  test('style 5: parameters are the typed options of their modules', () => {
    assert.match(text, /^ {2}registrar: \{ defaultExpires: 1800, receivedAvp: 43 \},$/m);
    assert.match(text, /^ {2}nathelper: \{ receivedAvp: 43 \},$/m);
  });

  test('cfg-language §4: listen, aliases and bounds', () => {
    assert.match(text, /^ {2}listen: \['udp:192\.0\.2\.1:5060'\],$/m);
    assert.match(text, /^ {2}domains: \['example\.org'\],$/m);
    assert.match(text, /^ {4}aliases: \['sip\.example\.org:5080'\],$/m);
    assert.match(text, /^ {4}maxWhileLoops: 7,$/m);
    assert.match(text, /--log-level info/);
  });

  test('issue 4: each function says where it came from, and what stood above it', () => {
    assert.match(text, /\n\/\/ where it begins\n\/\/ openser\.cfg:\d+ route\nfunction request\(/);
    assert.match(text, /everyReply,\n/);
    assert.match(text, /reply: \{ 'NAT-1': nat1 \}/);
  });

  test('issue 4: what cannot be said names its place', () => {
    const loaded = loadCfgText(
      'openser.cfg',
      'route {\n\tif ((append_branch() && $var(a) < 3) || isflagset(2)) exit;\n}\n',
    );
    assert.equal(loaded.hasErrors, false);
    const { problems } = adapt(loaded);
    assert.deepEqual(problems.map(formatDiagnostic), [
      'openser.cfg:2:7: error: a condition that does something and may have no answer before || cannot be said in TypeScript yet',
    ]);
  });
});
