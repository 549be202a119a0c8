import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from './testing/diagnose.ts';

/** A configuration, and everything of weight that is said of it. */
type Row = readonly [text: string, said: readonly string[]];

const head = 'loadmodule "sl.so"\nloadmodule "tm.so"\nloadmodule "usrloc.so"\nloadmodule "registrar.so"\n';

function table(title: string, rows: readonly Row[], before = head): void {
  for (const [text, said] of rows) {
    test(`${title}: ${text.replaceAll('\n', ' ⏎ ')}`, () => {
      assert.deepEqual(diagnose(before + text), said);
    });
  }
}

table('a function is found, or what was meant is said', [
  ['route { save("location"); }', []],
  [
    'route { sav("location"); drop; }',
    ["5:9 error unknown-function: there is no function 'sav' (did you mean 'save'?)"],
  ],
  ['route { nothing_like_it(); drop; }', ["5:9 error unknown-function: there is no function 'nothing_like_it'"]],
  [
    'route { if (is_method("ACK")) { drop; } drop; }',
    [
      `5:13 error module-not-loaded: 'is_method' is a function of the module textops, which is not loaded (write loadmodule "textops.so" above)`,
    ],
  ],
  [
    'loadmodule "strange.so"\nroute { strange_thing(); drop; }',
    [
      "5:1 warning unknown-module: there is no module 'strange' here; nothing of it happens",
      "6:9 error unknown-function: there is no function 'strange_thing' (it may belong to strange, which this server does not know)",
    ],
  ],
]);

table('cfg-language §3 note 8: arity and block are checked where the call is written', [
  ['route { save(); }', ["5:9 error wrong-arity: 'save' takes 1 or 2 arguments, not 0"]],
  ['route { save("a", "b", "c"); }', ["5:9 error wrong-arity: 'save' takes 1 or 2 arguments, not 3"]],
  ['route { revert_uri("x"); drop; }', ["5:9 error wrong-arity: 'revert_uri' takes no arguments, not 1"]],
  ['route { strip(); drop; }', ["5:9 error wrong-arity: 'strip' takes 1 argument, not 0"]],
  [
    'failure_route[1] { save("location"); }\nroute { drop; }',
    ["5:20 error wrong-block: 'save' cannot be used in a failure_route, only in a route"],
  ],
  [
    'failure_route[1] { route(1); }\nroute[1] { save("location"); }\nroute { route(1); }',
    ["6:12 warning wrong-block: 'save' cannot be used in a failure_route, only in a route; it returns -1 there"],
  ],
]);

table('cfg-language §12: arguments are checked when the file is read', [
  [
    'route { sl_send_reply("abc", "x"); }',
    ["5:23 error bad-argument: the status code must be a number from 100 to 699, not 'abc'"],
  ],
  [
    'route { t_on_failure("x"); t_relay(); }',
    ['5:22 error bad-argument: there is no failure_route[x]; write one, or "0" to disarm'],
  ],
  [
    'route { strip(x); drop; }',
    ["5:15 error bad-argument: the number of characters must be a number from 0 to 1024, not 'x'"],
  ],
  ['route { setflag(32); drop; }', ["5:17 error bad-argument: a flag must be a number from 0 to 31, not '32'"]],
  [
    'route { setdsturi("192.0.2.1"); drop; }',
    ["5:19 error bad-argument: '192.0.2.1' is no SIP URI: expected sip:host"],
  ],
  ['route { rewriteport("x"); drop; }', ["5:21 error bad-argument: 'x' is no port"]],
  [
    'route { append_branch("sip:a@b", "2"); drop; }',
    ["5:34 error bad-argument: '2' is no q value: expected 0 to 1, such as 0.5"],
  ],
  [
    'route { forward("no host"); }',
    ["5:17 error bad-argument: 'no host' is no place to forward to: expected host, host:port or proto:host:port"],
  ],
  [
    'route { log(9, "x"); log("L", "x"); drop; }',
    ["5:26 error bad-argument: 'L' is no level: expected -3 to 4, or L_ERR to L_DBG"],
  ],
  ['route { exec("rm"); drop; }', ["5:9 error bad-argument: 'exec' cannot be called: this server runs no programs"]],
  [
    'route { return("x"); }\nroute[1] { drop; }',
    [
      '5:9 error bad-operand: return takes a number, such as return(-1)',
      '5:22 warning unanswered: a request may come to the end of this route without a reply: nothing happens to it then (end every way with a reply, t_relay(), save() or drop)',
    ],
  ],
]);

table('cfg-language §7.3: operands that mean nothing', [
  [
    'route { if (method==myself) { drop; } drop; }',
    ["5:13 error bad-operand: 'myself' can only be compared with uri, from_uri, to_uri, src_ip or dst_ip"],
  ],
  [
    'route { if (uri=~myself) { drop; } drop; }',
    ["5:13 error bad-operand: 'myself' is compared with == or !=, not with =~"],
  ],
  [
    'route { if (uri==yourself) { drop; } drop; }',
    ["5:18 warning never-equal: 'uri' is a whole URI, which 'yourself' is not (match a part of it with =~)"],
  ],
  [
    'route { if (uri==mysef) { drop; } drop; }',
    ["5:18 warning never-equal: 'uri' is a whole URI, which 'mysef' is not (did you mean 'myself'?)"],
  ],
  [
    'route { if (metod=="INVITE") { drop; } drop; }',
    [`5:13 warning unquoted-text: 'metod' is a text here (did you mean 'method'? a text stands in quotes: "metod")`],
  ],
  ['route { if (uri=~"a(b") { drop; } drop; }', ["5:18 error bad-regex: '(' is not closed"]],
  [
    'route { if (src_ip==10.0.0.0/33) { drop; } drop; }',
    ['5:21 error bad-operand: a mask of IPv4 has 0 to 32 bits, not 33'],
  ],
  [
    'route { if (src_ip<10.0.0.0/8) { drop; } drop; }',
    ['5:13 error bad-operand: a network is compared with == or !=, not with <'],
  ],
  [
    'route { if (src_ip==sip.example.org) { drop; } drop; }',
    [
      "5:21 warning name-as-address: 'sip.example.org' is no IP address, and names are not looked up: this is never equal (write the addresses that it stands for)",
    ],
  ],
  [
    'route { if (proto==FOO) { drop; } drop; }',
    ["5:20 error bad-operand: 'FOO' is no transport; proto is UDP, TCP, TLS, WS or WSS"],
  ],
  ['route { $var(x) = 5 / 0; drop; }', ["5:19 error bad-operand: these operands of '/' have no result"]],
]);

table('variables that are none, or cannot be assigned to', [
  [
    'route { if ($ruu == "x") { drop; } drop; }',
    ['5:13 error unknown-variable: there is no variable $ruu; did you mean $ru?'],
  ],
  ['route { $si = 5; drop; }', ['5:9 error read-only-variable: $si cannot be assigned to']],
  [
    'route { seturi("sip:$ruu@x"); drop; }',
    ['5:21 warning unknown-variable: there is no variable $ruu; did you mean $ru?'],
  ],
  [
    'route { seturi("$x("); drop; }',
    ["5:17 warning bad-variable: '(' is not closed: expected ')' (a dollar that is none of a variable is written $$)"],
  ],
]);

table('routes that are none', [
  [
    'route { route(7); drop; }',
    ['5:9 warning unknown-route: there is no route[7]; the call does nothing and returns 1'],
  ],
  [
    'route { route(); drop; }',
    ["5:9 error wrong-arity: 'route' takes the name of a route (write route(1) or route(NAME))"],
  ],
  ['route { drop; }\nroute { drop; }', ['6:1 error duplicate-route: route is defined already']],
  [
    'route { route(1); }\nroute[1] { drop; }\nroute[1] { drop; }',
    ['7:7 error duplicate-route: route[1] is defined already'],
  ],
  [
    'failure_route { drop; }\nroute { drop; }',
    [
      '5:1 error nameless-route: a failure_route needs a name to be armed by (write failure_route[1] and t_on_failure("1"))',
    ],
  ],
  ['route[1] { drop; }', ['5:7 warning no-main-route: there is no route { }: the built-in route answers requests']],
  [
    'local_route { drop; }\nroute { drop; }',
    ['5:1 warning block-never-runs: local_route never runs: requests that the server makes itself are pings'],
  ],
]);

test('Kamailio: a route that is none is an error, with the one that was meant', () => {
  assert.deepEqual(diagnose('#!KAMAILIO\nrequest_route { route(RELY); drop; }\nroute[RELAY] { exit; }'), [
    '2:17 error unknown-route: there is no route[RELY] (did you mean route(RELAY)?)',
  ]);
});

const unanswered =
  'warning unanswered: a request may come to the end of this route without a reply: nothing happens to it then (end every way with a reply, t_relay(), save() or drop)';

table('a way through the main route that ends without a reply, relay or drop', [
  ['route { }', [`5:9 ${unanswered}`]],
  ['route { if (method=="INVITE") { t_relay(); } }', [`5:46 ${unanswered}`]],
  ['route { if (method=="INVITE") { t_relay(); } else { drop; } }', []],
  ['route { if (!t_relay()) { sl_reply_error(); }; }', []],
  ['route { if (method=="REGISTER") { save("location"); exit; } sl_send_reply("404", "x"); }', []],
  ['route { if (method=="REGISTER") { return; } drop; }', [`5:51 ${unanswered}`]],
  ['route { route(1); }\nroute[1] { t_relay(); }', []],
  ['route { route(1); }\nroute[1] { if (method=="BYE") { t_relay(); } }', [`5:19 ${unanswered}`]],
  ['route { route(1); }\nroute[1] { if (method=="BYE") { return; } t_relay(); exit; }', [`5:19 ${unanswered}`]],
  ['route { switch(retcode) { case 1: t_relay(); break; default: drop; } }', []],
  ['route { switch(retcode) { case 1: t_relay(); break; } }', [`5:55 ${unanswered}`]],
  ['route { switch(retcode) { case 1: case 2: t_relay(); break; default: sl_send_reply("404", "x"); } }', []],
  ['route { $var(i) = 0; while ($var(i) < 3) { t_relay(); } }', [`5:57 ${unanswered}`]],
  ['route { if (uri==myself) { exit; } drop; }', []],
]);

const unreachable = 'warning unreachable: nothing reaches this statement';

table('statements that nothing reaches', [
  ['route { exit; log("x"); log("y"); }', [`5:15 ${unreachable}`]],
  ['route { return; log("x"); }', [`5:17 ${unreachable}`, `5:27 ${unanswered}`]],
  ['route { if (uri==myself) { drop; } else { exit; } log("x"); }', [`5:51 ${unreachable}`]],
  ['route { route(1); log("x"); }\nroute[1] { drop; }', [`5:19 ${unreachable}`]],
  ['route { switch(retcode) { case 1: drop; break; } drop; exit; }', []],
  ['route { while (1) { break; log("x"); } drop; }', [`5:28 ${unreachable}`]],
]);

table('routes that call themselves for ever', [
  [
    'route { route(1); drop; }\nroute[1] { log("x"); route(2); }\nroute[2] { route(1); }',
    [
      '6:22 warning endless-recursion: route[1] always comes back to itself; the server ends that with 500',
      '7:12 warning endless-recursion: route[2] always comes back to itself; the server ends that with 500',
    ],
  ],
  ['route { route(1); drop; }\nroute[1] { if (uri==myself) { route(1); } }', []],
  [
    'route { route(0); }',
    [
      '5:9 warning endless-recursion: route always comes back to itself; the server ends that with 500',
      `5:19 ${unanswered}`,
    ],
  ],
]);

table('cfg-language §5: modules', [
  [
    'loadmodule "registrar.so"\nroute { drop; }',
    ['5:1 warning duplicate-module: the module registrar is loaded already'],
  ],
  [
    'loadmodule "regisrtar.so"\nroute { drop; }',
    [
      "5:1 warning unknown-module: there is no module 'regisrtar' here; nothing of it happens (did you mean 'registrar'?)",
    ],
  ],
  [
    'loadmodule "acc.so"\nroute { setflag(1); t_relay(); }',
    ['5:1 warning outside-module: the module acc does nothing here: no call is accounted for'],
  ],
  ['loadmodule "mysql.so"\nroute { drop; }', []],
]);

const acc = 'loadmodule "acc.so"\nroute { acc_log_request("x"); drop; }';
const accLoaded = '1:1 warning outside-module: the module acc does nothing here: no call is accounted for';

test('a function that would lose something is an error, and with lenient a warning', () => {
  assert.deepEqual(diagnose(acc), [
    accLoaded,
    "2:9 error outside-scope: 'acc_log_request' of the module acc cannot work here: no call is accounted for (remove the call, or run with --lenient to go on without it)",
  ]);
  assert.deepEqual(diagnose(acc, 'warning', { lenient: true }), [
    accLoaded,
    "2:9 warning outside-scope: 'acc_log_request' of the module acc has no effect: no call is accounted for; it does nothing here and returns 1",
  ]);
});

test('a function without which nothing is lost is a warning', () => {
  assert.deepEqual(diagnose('loadmodule "pike.so"\nroute { if (!pike_check_req()) { exit; } drop; }').slice(1), [
    "2:14 warning no-effect: 'pike_check_req' of the module pike has no effect: senders are not slowed down by the script; the limits of the server hold; it does nothing here and returns 1",
  ]);
});

test("cfg-language §1: a break outside of a switch is SER's, with one warning", () => {
  assert.deepEqual(diagnose('route { if (uri==myself) { break; }; log("x"); break; }'), [
    "1:28 warning ser-dialect: a break outside of switch is SER's: break, drop and a result of 0 leave only the route that they stand in (in files of OpenSER, write return or exit)",
    `1:55 ${unanswered}`,
  ]);
  assert.deepEqual(
    diagnose('#!KAMAILIO\nrequest_route { if (uri==myself) { break; } drop; }')[0]?.split(':')[2],
    " break stands outside of switch and while; it leaves this route as SER's did (write return to leave the route, exit to end the script)",
  );
});

test('where the syntax is broken, nothing is said of ways that nobody wrote', () => {
  assert.deepEqual(
    diagnose('route { if (uri==myself { t_relay() }').filter((line) => line.includes('unanswered')),
    [],
  );
});
