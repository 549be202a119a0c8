import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineBench, traceOf } from './testing/engine-bench.ts';

/** Statements of a main route, and what they trace. */
type Row = readonly [statements: string, trace: readonly string[]];

function table(title: string, rows: readonly Row[]): void {
  for (const [statements, trace] of rows) {
    test(`${title}: ${statements}`, async () => {
      assert.deepEqual(await traceOf(statements), trace);
    });
  }
}

table('cfg-language §7.1: a negative result does not stop the list, 0 stops the script', [
  ['code("-1"); trace("on");', ['on']],
  ['code("0"); trace("never");', []],
  ['code("5"); trace("on");', ['on']],
  ['exit; trace("never");', []],
  ['drop; trace("never");', []],
  ['return; trace("never");', []],
  ['{ code("0"); } trace("never");', []],
  [';;; trace("a");; trace("b");', ['a', 'b']],
]);

table('cfg-language §7.1: retcode is the result of the last command', [
  ['code("5"); rc();', ['5']],
  ['code("-3"); rc();', ['-3']],
  ['rc(); rc();', ['1', '1']],
  ['if (code("7")) { rc(); }', ['7']],
  ['if (!code("-7")) { rc(); }', ['-7']],
  ['code("5"); if (retcode==5) { trace("five"); }', ['five']],
  ['code("-2"); if ($? < 0) { trace("negative"); }', ['negative']],
]);

table('cfg-language §7.1: after an if without a part that ran, retcode is the truth of its condition', [
  ['if (code("-1")) { trace("no"); } rc();', ['0']],
  ['if (!code("3")) { trace("no"); } rc();', ['0']],
  ['if (code("3")) { } rc();', ['1']],
  ['if (code("-1")) { code("7"); } else { code("8"); } rc();', ['8']],
  ['if (code("4")) { code("7"); } rc();', ['7']],
]);

table('cfg-language §7.1: a condition that means stop ends everything', [
  ['if (code("0")) { trace("a"); } else { trace("b"); } trace("c");', []],
  ['if (!code("0")) { trace("a"); } trace("c");', []],
  ['if (code("0") || code("1")) { trace("a"); } trace("c");', []],
  ['if (code("1") && code("0")) { trace("a"); } trace("c");', []],
]);

table('cfg-language §7.2: && and || stop when they know, ! turns the whole comparison', [
  ['if (code("1") && trace("b")) { trace("yes"); }', ['b', 'yes']],
  ['if (code("-1") && trace("b")) { trace("yes"); }', []],
  ['if (code("1") || trace("b")) { trace("yes"); }', ['yes']],
  ['if (code("-1") || trace("b")) { trace("yes"); }', ['b', 'yes']],
  ['if (code("-1") | code("1") & code("1")) { trace("yes"); }', ['yes']],
  ['if (not code("-1") and code("1")) { trace("yes"); }', ['yes']],
  ['if (!method=="BYE") { trace("yes"); }', ['yes']],
  ['if (!(code("1") && code("-1"))) { trace("yes"); }', ['yes']],
  ['if ({ code("-1"); trace("last"); }) { trace("yes"); }', ['last', 'yes']],
]);

table('cfg-language §3: if, else if and else, with and without braces', [
  ['if (code("-1")) trace("a"); else trace("b"); trace("c");', ['b', 'c']],
  ['if (code("-1")) { trace("a"); } else if (code("1")) { trace("b"); } else { trace("c"); };', ['b']],
  ['if (code("-1")) { trace("a"); } else if (code("-1")) { trace("b"); } else { trace("c"); };', ['c']],
  ['if (code("-1")) { trace("a"); } else if (code("-2")) { trace("b"); } rc();', ['0']],
]);

table('cfg-language §7.1: switch goes to the first equal case and on until a break', [
  [
    'code("2"); switch(retcode) { case 1: trace("1"); case 2: trace("2"); case 3: trace("3"); break; case 4: trace("4"); }',
    ['2', '3'],
  ],
  ['code("9"); switch($retcode) { case 1: trace("1"); break; default: trace("d"); }', ['d']],
  ['code("9"); switch(retcode) { case 1: trace("1"); break; } trace("on");', ['on']],
  ['code("1"); switch(retcode) { case 1: trace("1"); default: trace("d"); }', ['1', 'd']],
  ['code("1"); switch(retcode) { case 1: rc(); break; }', ['1']],
  ['code("-1"); switch(retcode) { case -1: if (code("1")) { break; } trace("no"); break; } trace("on");', ['on']],
  ['code("1"); switch(retcode) { case 1: code("0"); break; } trace("never");', []],
  ['code("1"); switch(retcode) { case 1: return; } trace("never");', []],
  ['switch("b") { case "a": trace("a"); break; case "b": trace("b"); break; }', ['b']],
  ['switch("sip:x") { case /^SIP:/i: trace("re"); break; default: trace("d"); }', ['re']],
  ['switch("12") { case 12: trace("number"); break; }', ['number']],
]);

table('cfg-language §9: while runs its block as long as its condition holds', [
  [
    '$var(i) = 0; while ($var(i) < 3) { trace("$var(i)"); $var(i) = $var(i) + 1; } trace("end");',
    ['0', '1', '2', 'end'],
  ],
  [
    '$var(i) = 0; while (1) { $var(i) += 1; if ($var(i) == 2) { break; } trace("$var(i)"); } trace("end");',
    ['1', 'end'],
  ],
  ['while (1) { exit; } trace("never");', []],
  ['while (code("0")) { trace("no"); } trace("never");', []],
  ['while (0) { trace("never"); } trace("on");', ['on']],
]);

test('a loop stops the run with an error that names its place, and answers 500', async () => {
  const engine = new EngineBench('route {\n  while (1) { $var(i) = 1; }\n  trace("never");\n}');
  const { outcome, trace } = await engine.run();
  assert.equal(outcome, 'replied');
  assert.deepEqual(trace, []);
  assert.equal(engine.bench.replies[0]?.status, 500);
  assert.deepEqual(
    engine.bench.log.map(({ level, message, fields }) => [level, message, fields?.place]),
    [['error', 'a while loop did not end within 100 rounds (max_while_loops)', 'bench.cfg:3:3']],
  );
});

test('max_while_loops says how many rounds a loop may have', async () => {
  const engine = new EngineBench(
    'max_while_loops=3\nroute { $var(i) = 0; while ($var(i) < 4) { $var(i) += 1; trace("$var(i)"); } }',
  );
  assert.deepEqual((await engine.run()).trace, ['1', '2', '3']);
});

/** Routes beside the main one. */
const others = `
route[1] { trace("in"); code("-5"); }
route[2] { trace("in"); return(7); trace("never"); }
route[3] { exit; }
route[4] { return(0); }
route[5] { if (code("1")) { return; } trace("never"); }
route[6] { route(2); trace("back"); }
route[NAMED] { trace("named"); }
`;

for (const [statements, trace] of [
  ['route(1); rc();', ['in', '-5']],
  ['if (route(1)) { trace("true"); } else { trace("false"); }', ['in', 'false']],
  ['route(2); rc();', ['in', '7']],
  ['if (route(2)) { trace("true"); }', ['in', 'true']],
  ['route(3); trace("never");', []],
  ['route(4); trace("never");', []],
  ['route(5); trace("on");', ['on']],
  ['route(6); trace("on");', ['in', 'back', 'on']],
  ['route(NAMED); route("NAMED");', ['named', 'named']],
  ['$var(r) = "NAMED"; route($var(r));', ['named']],
  ['if (route(3)) { trace("a"); } else { trace("b"); } trace("c");', []],
] satisfies readonly Row[]) {
  test(`cfg-language §7.1: route(n): ${statements}`, async () => {
    const engine = new EngineBench(`route {\n${statements}\n}\n${others}`);
    assert.deepEqual((await engine.run()).trace, trace);
  });
}

test('cfg-language §6: routes that call one another 100 deep end the run with 500', async () => {
  const engine = new EngineBench(
    'route { route(1); trace("never"); }\nroute[1] { trace("in"); if (code("1")) { route(1); } }',
  );
  const { trace, outcome } = await engine.run();
  assert.equal(trace.length, 100);
  assert.equal(outcome, 'replied');
  assert.deepEqual(engine.bench.logged('error'), ['routes call one another more than 100 deep']);
});

/** What waits gives the same results as what does not. */
for (const [statements, trace] of [
  ['later("-1"); trace("on"); ', ['on']],
  ['later("0"); trace("never");', []],
  ['later("5"); rc(); trace("end");', ['5', 'end']],
  ['if (later("1")) { trace("a"); } else { trace("b"); } trace("c");', ['a', 'c']],
  ['if (later("-1")) { trace("a"); } else if (later("1")) { trace("b"); } trace("c");', ['b', 'c']],
  ['if (later("0")) { trace("a"); } trace("never");', []],
  ['if (!later("-1") && later("1")) { trace("yes"); }', ['yes']],
  ['if (later("-1") || later("1")) { trace("yes"); }', ['yes']],
  ['if (later("1") || trace("never")) { trace("yes"); }', ['yes']],
  ['if (later("3") > 2) { trace("yes"); }', ['yes']],
  ['$var(i) = later("3"); trace("$var(i)");', ['3']],
  ['switch(later("2")) { case 2: later("1"); trace("2"); break; default: trace("d"); } trace("end");', ['2', 'end']],
  [
    '$var(i) = 0; while (later("1")) { $var(i) += 1; later("1"); if ($var(i) == 3) { break; } } trace("$var(i)");',
    ['3'],
  ],
  ['$var(i) = 0; while ($var(i) < 2) { $var(i) += 1; later("1"); trace("$var(i)"); } trace("end");', ['1', '2', 'end']],
  ['while (later("1")) { later("0"); } trace("never");', []],
  ['route(9); rc(); trace("end");', ['late', '-4', 'end']],
] satisfies readonly Row[]) {
  test(`a statement that waits has the same result: ${statements}`, async () => {
    const engine = new EngineBench(`route {\n${statements}\n}\nroute[9] { later("1"); trace("late"); return(-4); }`);
    assert.deepEqual((await engine.run()).trace, trace);
  });
}

test('a loop that waits is bounded too', async () => {
  const engine = new EngineBench('route { while (later("1")) { later("1"); } trace("never"); }');
  assert.equal((await engine.run()).outcome, 'replied');
  assert.equal(engine.bench.replies[0]?.status, 500);
});

test('what waits for nothing is over at once', () => {
  const engine = new EngineBench('route { if (code("1")) { route(1); } }\nroute[1] { trace("in"); }');
  const handled = engine.start(engine.bench.context());
  assert.equal(handled instanceof Promise, false);
});

/** cfg-language §1: SER's break and drop leave the route block only, and so does a 0. */
for (const [statements, trace] of [
  ['route(1); trace("on");', ['on']],
  ['route(2); trace("on");', ['on']],
  ['route(3); trace("on");', ['on']],
  ['code("0"); trace("never"); break;', []],
  ['break; trace("never");', []],
  ['if (code("1")) { break; }; trace("never");', []],
] satisfies readonly Row[]) {
  test(`cfg-language §1, SER: ${statements}`, async () => {
    const engine = new EngineBench(
      `route {\n${statements}\n}\nroute[1] { break; }\nroute[2] { code("0"); trace("never"); }\nroute[3] { drop; }`,
    );
    assert.equal(engine.loaded.dialect, 'ser');
    assert.deepEqual((await engine.run()).trace, trace);
  });
}

test('cfg-language trap 4: falling off the main block answers nothing', async () => {
  const engine = new EngineBench('route { trace("in"); }');
  assert.equal((await engine.run()).outcome, 'dropped');
  assert.deepEqual(engine.bench.replies, []);
});

test('a main block that has replied is over with that, whatever comes after it', async () => {
  const engine = new EngineBench('loadmodule "sl.so"\nroute { sl_send_reply("404", "Not Here"); trace("on"); }');
  const { outcome, trace } = await engine.run();
  assert.equal(outcome, 'replied');
  assert.deepEqual(trace, ['on']);
  assert.deepEqual(
    engine.bench.replies.map(({ status, reason }) => [status, reason]),
    [[404, 'Not Here']],
  );
});

test('decision 20: save after an error reply returns 0, which ends the script', async () => {
  const engine = new EngineBench(
    'loadmodule "sl.so"\nloadmodule "usrloc.so"\nloadmodule "registrar.so"\nroute { save("location"); trace("on"); }',
  );
  const bad = { method: 'REGISTER', uri: 'sip:example.org', headers: ['Contact: <sip:>'] };
  const { outcome, trace } = await engine.run(bad);
  assert.deepEqual([outcome, trace, engine.bench.replies[0]?.status], ['replied', [], 400]);
});
