import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineBench } from './testing/engine-bench.ts';

const head = 'loadmodule "sl.so"\nloadmodule "tm.so"\nloadmodule "rr.so"\n';
const callee = '192.0.2.60';
const call = { method: 'INVITE', uri: 'sip:bob@192.0.2.60' };

/** A configuration that relays a call to 192.0.2.60 after the statements. */
function relaying(statements: string, blocks: string): EngineBench {
  return new EngineBench(`${head}route { ${statements} t_relay(); }\n${blocks}`);
}

/** The statuses that went back to the caller. */
function answers({ bench }: EngineBench): readonly number[] {
  return bench.proxy.caller.responses.map(({ status }) => status);
}

/** The Request-URIs that were sent to an address. */
function sentTo({ bench }: EngineBench, address: string): readonly string[] {
  const flow = [...bench.proxy.flows.values()].find(({ remoteAddress }) => remoteAddress === address);
  return (flow?.requests ?? []).filter(({ method }) => method === 'INVITE').map(({ uriText }) => uriText);
}

test('cfg-language §6: a failure_route that does nothing lets the negative reply go back', async () => {
  const engine = relaying('t_on_failure("1");', 'failure_route[1] { trace("failed"); }');
  await engine.run(call);
  engine.bench.proxy.answer(callee, 486);
  assert.deepEqual(engine.trace, ['failed']);
  assert.equal(answers(engine).at(-1), 486);
});

test('cfg-language §6: what a failure_route replies is the answer', async () => {
  const engine = relaying('t_on_failure("1");', 'failure_route[1] { t_reply("404", "Gone Away"); }');
  await engine.run(call);
  engine.bench.proxy.answer(callee, 486);
  assert.equal(answers(engine).at(-1), 404);
});

test('cfg-language §6: a failure_route that appends a branch and relays goes on', async () => {
  const engine = relaying('t_on_failure("1");', 'failure_route[1] { append_branch("sip:bob@192.0.2.61"); t_relay(); }');
  await engine.run(call);
  engine.bench.proxy.answer(callee, 486);
  assert.deepEqual(sentTo(engine, '192.0.2.61'), ['sip:bob@192.0.2.61']);
  engine.bench.proxy.answer('192.0.2.61', 200);
  assert.equal(answers(engine).at(-1), 200);
});

test('cfg-language trap 10: a failure_route sends only appended branches', async () => {
  const engine = relaying(
    't_on_failure("1");',
    'failure_route[1] { seturi("sip:bob@192.0.2.61"); code("-7"); t_relay(); rc(); }',
  );
  await engine.run(call);
  engine.bench.proxy.answer(callee, 486);
  assert.deepEqual(engine.trace, ['-1']);
  assert.equal(answers(engine).at(-1), 486);
});

test('Kamailio 3 takes the new Request-URI of a failure_route for a branch', async () => {
  const engine = new EngineBench(
    `#!KAMAILIO\n${head}request_route { t_on_failure("NEXT"); t_relay(); }
    failure_route[NEXT] { $ru = "sip:bob@192.0.2.61"; t_relay(); exit; }`,
  );
  await engine.run(call);
  engine.bench.proxy.answer(callee, 486);
  assert.deepEqual(sentTo(engine, '192.0.2.61'), ['sip:bob@192.0.2.61']);
});

test('cfg-language trap 11: t_on_failure disarms itself', async () => {
  const engine = relaying(
    't_on_failure("1");',
    'failure_route[1] { trace("once"); append_branch("sip:bob@192.0.2.61"); t_relay(); }',
  );
  await engine.run(call);
  engine.bench.proxy.answer(callee, 486);
  engine.bench.proxy.answer('192.0.2.61', 603);
  assert.deepEqual(engine.trace, ['once']);
  assert.equal(answers(engine).at(-1), 603);
});

test('a loop without end in a failure_route answers 500', async () => {
  const engine = relaying('t_on_failure("1");', 'failure_route[1] { while (1) { trace("x"); } }');
  await engine.run(call);
  engine.bench.proxy.answer(callee, 486);
  assert.equal(answers(engine).at(-1), 500);
});

test('cfg-language §6: drop in a branch_route leaves that branch out', async () => {
  const engine = relaying(
    't_on_branch("1"); append_branch("sip:bob@192.0.2.61");',
    'branch_route[1] { if (uri=~"61$") { drop; } trace("sent"); }',
  );
  await engine.run(call);
  assert.deepEqual(engine.trace, ['sent']);
  assert.deepEqual(sentTo(engine, callee), ['sip:bob@192.0.2.60']);
  assert.deepEqual(sentTo(engine, '192.0.2.61'), []);
});

test('cfg-language §6: exit in a branch_route ends that block only, and the branch is sent', async () => {
  const engine = new EngineBench(
    `${head}route { t_on_branch("1"); t_relay(); trace("after"); }\nbranch_route[1] { exit; trace("never"); }`,
  );
  await engine.run(call);
  assert.deepEqual(engine.trace, ['after']);
  assert.deepEqual(sentTo(engine, callee), ['sip:bob@192.0.2.60']);
});

test('cfg-language §6: a branch_route changes the Request-URI of its branch only', async () => {
  const engine = relaying(
    't_on_branch("1"); append_branch("sip:bob@192.0.2.61");',
    'branch_route[1] { if (uri=~"61$") { rewriteuser("carol"); setbflag(3); } }',
  );
  await engine.run(call);
  assert.deepEqual(sentTo(engine, callee), ['sip:bob@192.0.2.60']);
  assert.deepEqual(sentTo(engine, '192.0.2.61'), ['sip:carol@192.0.2.61']);
});

test('a branch_route has the flags and AVPs of the request', async () => {
  const engine = relaying(
    'setflag(5); $avp(x) = "seen"; t_on_branch("1");',
    'branch_route[1] { if (isflagset(5)) { trace("$avp(x)"); } }',
  );
  await engine.run(call);
  assert.deepEqual(engine.trace, ['seen']);
});

test('cfg-language §6: message flags that a branch_route sets are those of its branch', async () => {
  const engine = relaying(
    't_on_branch("1"); append_branch("sip:bob@192.0.2.61");',
    'branch_route[1] { isflagset(5); rc(); setflag(5); isflagset(5); rc(); }',
  );
  await engine.run(call);
  assert.deepEqual(engine.trace, ['-1', '1', '-1', '1']);
});

test('cfg-language §6: an onreply_route sees each reply, and drop swallows a provisional one only', async () => {
  const engine = relaying(
    't_on_reply("1");',
    'onreply_route[1] { trace("reply"); if (status=~"18[0-9]" || status=="200") { drop; } }',
  );
  await engine.run(call);
  engine.bench.proxy.answer(callee, 183);
  assert.deepEqual(
    answers(engine).filter((status) => status > 100),
    [],
  );
  engine.bench.proxy.answer(callee, 200);
  assert.deepEqual(engine.trace, ['reply', 'reply']);
  assert.equal(answers(engine).at(-1), 200);
});

test('cfg-language §7.3: in an onreply_route uri means the status, and there is no method', async () => {
  const engine = relaying(
    't_on_reply("1");',
    'onreply_route[1] { if (uri=="180") { trace("180"); } if (method=="INVITE") { trace("no"); } if (method!="INVITE") { trace("no"); } }',
  );
  await engine.run(call);
  engine.bench.proxy.answer(callee, 180);
  assert.deepEqual(engine.trace, ['180']);
});

test('cfg-language §7.3: in an onreply_route src_ip is where the reply came from', async () => {
  const engine = relaying('t_on_reply("1");', 'onreply_route[1] { if (src_ip==192.0.2.60) { trace("callee"); } }');
  await engine.run(call);
  engine.bench.proxy.answer(callee, 180);
  assert.deepEqual(engine.trace, ['callee']);
});

test('cfg-language §6: the unnamed onreply_route sees each reply before the armed one does', async () => {
  const engine = relaying(
    't_on_reply("1");',
    'onreply_route { trace("every"); }\nonreply_route[1] { trace("armed"); }',
  );
  await engine.run(call);
  engine.bench.proxy.answer(callee, 180);
  assert.deepEqual(engine.trace, ['every', 'armed']);
});

test('the unnamed onreply_route needs no t_on_reply, and its drop spares the armed one', async () => {
  const engine = relaying(
    't_on_reply("1");',
    'onreply_route { trace("every"); drop; }\nonreply_route[1] { trace("armed"); }',
  );
  await engine.run(call);
  engine.bench.proxy.answer(callee, 180);
  assert.deepEqual(engine.trace, ['every']);
  assert.deepEqual(
    answers(engine).filter((status) => status > 100),
    [],
  );
});

test('a block that must not wait is passed over when it does, and says so', async () => {
  const engine = relaying('t_on_reply("1");', 'onreply_route[1] { later("1"); drop; }');
  await engine.run(call);
  engine.bench.proxy.answer(callee, 180);
  await Promise.resolve();
  await new Promise(setImmediate);
  assert.equal(answers(engine).at(-1), 180);
  assert.deepEqual(engine.bench.logged('error'), ['a branch or reply block waited for something; it was passed over']);
});

test('cfg-modules §2: t_relay returns 0 for an ACK to a 2xx, which ends the script', async () => {
  const engine = new EngineBench(`${head}route { t_relay(); trace("never"); }`);
  await engine.run({ method: 'ACK', uri: 'sip:bob@192.0.2.60' });
  assert.deepEqual(engine.trace, []);
});

test('issue 4: loops in loops and routes that call each other twice end within a second, with their place and a 500', async () => {
  const chain = Array.from({ length: 60 }, (_, i) => `route[${i + 1}] { route(${i + 2}); route(${i + 2}); }`);
  const endless = [
    [`${chain.join('\n')}\nroute[61] { $var(x) = 1; }`, 'route(1);'],
    ['', `${'while (1) { '.repeat(6)}$var(x) = 1;${' }'.repeat(6)}`],
  ] as const;
  for (const [routes, statements] of endless) {
    const engine = new EngineBench(`${head}route { ${statements} sl_send_reply("200", "OK"); }\n${routes}`);
    await engine.run({ method: 'OPTIONS' });
    assert.deepEqual(
      engine.bench.replies.map(({ status }) => status),
      [500],
    );
    assert.match(engine.bench.logged('error').join('\n'), /while loop did not end|more than 100000 rounds/);
  }
});
