import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  conditionForm,
  conditionOf,
  normalForm,
  parsed,
  problemsOf,
  statementForm,
  statementsOf,
} from './testing/parsed.ts';

// cfg-language §14, the traps that are the parser's; the others are the checker's and the engine's.

test('trap 1: !uri==myself is not (uri == myself)', () => {
  assert.equal(conditionForm('!uri==myself'), '!(uri == myself)');
  assert.equal(conditionForm('not method=="REGISTER" && a()'), '(!(method == "REGISTER")) && a()');
});

test('trap 2: & and | are logical, the same as && and ||', () => {
  for (const [one, other] of [
    ['a() & b() | c()', 'a() && b() || c()'],
    ['a() | b() & !c()', 'a() || b() && !c()'],
  ] as const) {
    assert.equal(conditionForm(one), conditionForm(other));
  }
  assert.equal(conditionOf('uri==myself & a()').kind, 'logical');
});

test("trap 2: in Kamailio's files they compute", () => {
  assert.match(normalForm('#!KAMAILIO\nroute { if ($var(x) & 4) exit; }'), /if \(\$var\(x\) & 4\)/);
});

test('trap 5: an if needs no semicolon, and may have one', () => {
  assert.equal(
    statementForm('if (a()) { b(); }; c(); if (d()) { e(); } f;'),
    'if (a()) { b(); } c(); if (d()) { e(); } f;',
  );
});

test('trap 6: status and uri are words that keep how they were written', () => {
  assert.equal(conditionForm('status=~"18[0-9]" || uri=="x"'), '(status =~ "18[0-9]") || (uri == "x")');
});

test('trap 12: break parses everywhere; outside of switch and while it marks a SER file', () => {
  const { dialect, script } = parsed('route { if (a()) { break; }; }');
  assert.equal(dialect.name, 'ser');
  assert.equal(script.items.length, 1);
});

test('trap 16: \'...\' has no escapes, and "\\d" stays \\d', () => {
  const [call] = statementsOf("a('\\n\\');");
  assert(call?.kind === 'call' && call.args[0]?.kind === 'string');
  assert.equal(call.args[0].value, '\\n\\');
  const [other] = statementsOf('b("\\d\\1\\.");');
  assert(other?.kind === 'call' && other.args[0]?.kind === 'string');
  assert.equal(other.args[0].value, '\\d\\1\\.');
});

test('trap 17: the words of numbers are numbers anywhere, but for a label of a host', () => {
  assert.equal(
    normalForm('dns=no\nrev_dns=off\nlisten=sip.on.example'),
    'dns = no\nrev_dns = off\nlisten = sip.on.example',
  );
  const [dns] = parsed('dns=no').script.items;
  assert(dns?.kind === 'setting' && dns.values[0]?.kind === 'number');
  assert.equal(dns.values[0].value, 0);
});

test('trap 18: numbers and octets with a leading 0 are octal', () => {
  const [mode, listen] = parsed('fifo_mode=0660\nlisten=010.0.0.1').script.items;
  assert(mode?.kind === 'setting' && mode.values[0]?.kind === 'number');
  assert.equal(mode.values[0].value, 432);
  assert(listen?.kind === 'setting' && listen.values[0]?.kind === 'socket' && listen.values[0].host.kind === 'ip');
  assert.equal(listen.values[0].host.address, '8.0.0.1');
});

test('trap 20: comments nest', () => {
  assert.equal(normalForm('/* a /* debug=1 */ port=2 */ children=3'), 'children = 3');
});

test('§3 note 3: "}; else" is an error, and only one', () => {
  assert.deepEqual(problemsOf('route {\n  if (a()) { b(); };\n  else if (c()) { d(); } else { e(); }\n}'), [
    "f:3:3: error: 'else' has no 'if': the ';' before it ended the statement\n  hint: remove the ';' before 'else'",
  ]);
});

test('§3 note 9: blocks come in any order', () => {
  assert.equal(parsed('route { route(1); }\nroute[1] { }').script.items.length, 2);
});

test('§2: there is a last line without a newline', () => {
  assert.equal(normalForm('debug=1 # the end'), 'debug = 1');
});
