import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineBench, traceOf } from '../testing/engine-bench.ts';

const request = { method: 'INVITE', uri: 'sip:bob:secret@example.org:5070;user=phone' };

for (const [statement, uri] of [
  ['rewritehost("example.com");', 'sip:bob:secret@example.com:5070;user=phone'],
  ['sethost("[2001:db8::1]");', 'sip:bob:secret@[2001:db8::1]:5070;user=phone'],
  ['seth("two words");', 'sip:bob:secret@example.org:5070;user=phone'],
  ['rewritehostport("example.com:5080");', 'sip:bob:secret@example.com:5080;user=phone'],
  ['sethostport("example.com");', 'sip:bob:secret@example.com;user=phone'],
  ['sethp("[2001:db8::1]:5080");', 'sip:bob:secret@[2001:db8::1]:5080;user=phone'],
  ['rewriteuser("carol");', 'sip:carol:secret@example.org:5070;user=phone'],
  ['setuser("carol");', 'sip:carol:secret@example.org:5070;user=phone'],
  ['setu("$rd");', 'sip:example.org:secret@example.org:5070;user=phone'],
  ['rewriteuserpass("carol:pw");', 'sip:carol:pw@example.org:5070;user=phone'],
  ['setup("carol");', 'sip:carol@example.org:5070;user=phone'],
  ['rewriteport("5090");', 'sip:bob:secret@example.org:5090;user=phone'],
  ['setp("");', 'sip:bob:secret@example.org;user=phone'],
  ['prefix("00");', 'sip:00bob:secret@example.org:5070;user=phone'],
  ['strip(1);', 'sip:ob:secret@example.org:5070;user=phone'],
  ['strip("1");', 'sip:ob:secret@example.org:5070;user=phone'],
  ['strip_tail(2);', 'sip:b:secret@example.org:5070;user=phone'],
  ['strip(3);', 'sip:example.org:5070;user=phone'],
  ['strip_tail(99);', 'sip:example.org:5070;user=phone'],
  ['strip(3); prefix("x");', 'sip:x@example.org:5070;user=phone'],
  ['seturi("sip:dave@example.net");', 'sip:dave@example.net'],
  ['rewriteuri("sip:dave@example.net"); revert_uri();', request.uri],
  ['seturi("sip:dave@example.net"); revert_uri;', request.uri],
  ['seturi("tel:+49"); sethost("x.example");', 'tel:+49'],
] as const) {
  test(`cfg-language §8: ${statement} makes ${uri}`, async () => {
    assert.deepEqual(await traceOf(`${statement} trace("$ru");`, request), [uri]);
  });
}

for (const [statements, trace] of [
  ['isflagset(5); rc();', ['-1']],
  ['setflag(5); isflagset(5); rc();', ['1']],
  ['setflag(5); setflag(6); resetflag(5); isflagset(5); rc(); isflagset(6); rc();', ['-1', '1']],
  ['setflag("31"); if (isflagset(31)) { trace("set"); }', ['set']],
  ['setbflag(3); isflagset(3); rc(); isbflagset(3); rc(); resetbflag(0, 3); isbflagset(3); rc();', ['-1', '1', '-1']],
  ['setsflag(3); issflagset(3); rc(); isflagset(3); rc(); resetsflag(3); issflagset(3); rc();', ['1', '-1', '-1']],
  ['setflag(NATTED); isflagset(NATTED); rc(); isflagset(OTHER); rc();', ['1', '-1']],
] as const) {
  test(`cfg-language §11: ${statements}`, async () => {
    assert.deepEqual(await traceOf(statements, request), trace);
  });
}

for (const [statements, trace] of [
  ['isdsturiset; rc();', ['-1']],
  ['setdsturi("sip:192.0.2.9"); isdsturiset(); rc(); trace("$du");', ['1', 'sip:192.0.2.9']],
  ['setdsturi("sip:192.0.2.9"); resetdsturi(); isdsturiset(); rc();', ['-1']],
  ['len_gt(10); rc(); len_gt(60000); rc();', ['1', '-1']],
  ['sl_filter_ACK(); rc();', ['1']],
  ['force_send_socket(udp:192.0.2.1:5060); rc();', ['1']],
  ['force_send_socket("192.0.2.1"); rc();', ['1']],
  ['force_send_socket(udp:192.0.2.7:5060); rc();', ['-1']],
] as const) {
  test(`cfg-language §8: ${statements}`, async () => {
    assert.deepEqual(await traceOf(statements, request), trace);
  });
}

test('cfg-language §8: append_branch takes a URI, or the present one with its destination', async () => {
  const engine = new EngineBench(`route {
    setdsturi("sip:192.0.2.9");
    append_branch("sip:a@192.0.2.60", "0.5");
    seturi("sip:b@192.0.2.61");
    append_branch;
  }`);
  const { context } = await engine.run(request);
  assert.deepEqual(
    context.branches.map(({ uri, destinationUri, q }) => [uri, destinationUri, q]),
    [
      ['sip:a@192.0.2.60', 'sip:192.0.2.9', 500],
      ['sip:b@192.0.2.61', 'sip:192.0.2.9', -1],
    ],
  );
});

test('cfg-language §8: a twelfth additional branch is -1', async () => {
  const appends = Array.from({ length: 12 }, (_, i) => `append_branch("sip:${i}@192.0.2.60"); rc();`).join('\n');
  const trace = await traceOf(appends, request);
  assert.deepEqual(trace, [...Array.from({ length: 11 }, () => '1'), '-1']);
});

test('cfg-language §8: force_rport marks the top Via', async () => {
  const engine = new EngineBench('route { force_rport(); }');
  const bare =
    'OPTIONS sip:example.org SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.50;branch=z9hG4bKx\nMax-Forwards: 70\nFrom: <sip:a@example.org>;tag=1\nTo: <sip:example.org>\nCall-ID: x\nCSeq: 1 OPTIONS\n\n';
  const { context } = await engine.run(bare);
  assert.match(context.request.header('Via') ?? '', /;rport=5060/);
});

test('cfg-language §8: log writes its text at the level it is given, debug without one', async () => {
  const engine = new EngineBench('route { log("quiet\\n"); log(1, "warned"); log(L_INFO, "told"); log(-1, "wrong"); }');
  await engine.run(request);
  assert.deepEqual(
    engine.bench.log.map(({ level, message }) => [level, message]),
    [
      ['debug', 'quiet'],
      ['warn', 'warned'],
      ['info', 'told'],
      ['error', 'wrong'],
    ],
  );
});

for (const [statement, address, uri] of [
  ['forward(192.0.2.70, 5060);', '192.0.2.70', request.uri],
  ['forward("udp:192.0.2.70:5080");', '192.0.2.70', request.uri],
  ['forward_udp("192.0.2.70");', '192.0.2.70', request.uri],
  ['send(192.0.2.70);', '192.0.2.70', request.uri],
  ['seturi("sip:bob@192.0.2.71"); forward(uri:host, uri:port);', '192.0.2.71', 'sip:bob@192.0.2.71'],
  ['setdsturi("sip:192.0.2.72"); forward();', '192.0.2.72', request.uri],
] as const) {
  test(`cfg-language §8: ${statement} sends the request without a transaction to ${address}`, async () => {
    const engine = new EngineBench(`route { ${statement} rc(); }`);
    const { trace } = await engine.run(request);
    assert.deepEqual(trace, ['1']);
    const flow = [...engine.bench.proxy.flows.values()].find(({ remoteAddress }) => remoteAddress === address);
    assert.deepEqual(
      flow?.requests.map(({ uriText }) => uriText),
      [uri],
    );
    assert.deepEqual(engine.bench.replies, []);
  });
}
