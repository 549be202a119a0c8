import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxBlockDepth, maxChain, maxDiagnostics, maxExpressionDepth } from './limits.ts';
import { parseScript } from './parser.ts';
import { normalForm, problemsOf } from './testing/parsed.ts';

/** A mistake, and all that is said about it. */
interface Row {
  readonly title: string;
  readonly text: string;
  readonly problems: readonly string[];
}

const table: readonly Row[] = [
  // Parentheses, commas, semicolons
  {
    title: 'a condition is not closed',
    text: 'route {\n  if (method=="REGISTER" {\n    save("location");\n  }\n  a()\n}',
    problems: [
      "f:2:25: error: expected ')' after the expression, found '{'\n  f:2:6: the '(' is here",
      "f:5:6: error: expected ';' after 'a(...)', found '}'",
    ],
  },
  {
    title: 'arguments are not closed',
    text: 'route {\n  sl_send_reply("404", "Not Found";\n  exit;\n}',
    problems: [
      "f:2:35: error: expected ')' after the arguments of 'sl_send_reply', found ';'\n  f:2:16: the '(' is here",
    ],
  },
  {
    title: 'a parenthesis too many in a condition',
    text: 'route {\n  if (a())) { exit; }\n}',
    problems: ["f:2:11: error: this ')' closes nothing"],
  },
  {
    title: 'a parenthesis too many after a call',
    text: 'route {\n  a());\n  b();\n}',
    problems: ["f:2:6: error: this ')' closes nothing"],
  },
  {
    title: 'a comma is missing between arguments',
    text: 'route {\n  sl_send_reply("404" "Not Found");\n}',
    problems: ["f:2:23: error: expected ',' between the arguments of 'sl_send_reply'"],
  },
  {
    title: 'semicolons are missing: one message for each',
    text: 'route {\n  a()\n  exit\n  if (x()) { b() }\n  $var(x) = 1\n  break\n}',
    problems: [
      "f:2:6: error: expected ';' after 'a(...)', found 'exit'",
      "f:3:7: error: expected ';' after 'exit', found 'if'",
      "f:4:17: error: expected ';' after 'b(...)', found '}'",
      "f:5:14: error: expected ';' after the assignment, found 'break'",
      "f:6:8: error: expected ';' after 'break', found '}'",
    ],
  },
  {
    title: 'something follows a statement',
    text: 'route {\n  return 1 2;\n  a() "x";\n}',
    problems: [
      "f:2:11: error: expected ';' after 'return', found '2'",
      "f:3:6: error: expected ';' after 'a(...)', found the string \"x\"",
    ],
  },
  // Braces
  {
    title: 'a block is not closed: the next route says so, once',
    text: 'route {\n  if (a()) {\n    b();\n  c();\n}\nroute[1] {\n  d()\n}',
    problems: [
      "f:5:2: error: expected '}', found 'route'\n  f:1:7: this '{' is not closed\n" +
        '  f:2:12: by its indentation, it may be this block',
      "f:7:6: error: expected ';' after 'd(...)', found '}'",
    ],
  },
  {
    title: 'a block is not closed: modparam says so',
    text: 'route {\n  a();\nmodparam("x", "y", 1)',
    problems: ["f:2:7: error: expected '}', found 'modparam'\n  f:1:7: this '{' is not closed"],
  },
  {
    title: 'blocks are open at the end',
    text: 'route {\n  while (1) { if (a()) {',
    problems: ["f:2:25: error: expected '}', found the end of the file\n  f:2:24: this '{' is not closed"],
  },
  {
    title: 'a brace too many: what follows is said to stand outside, once',
    text: 'route {\n  if (a()) {\n    b();\n  }\n  }\n  c();\n  exit\n}\nroute[1] { x(); }',
    problems: [
      "f:6:3: error: 'c' stands outside of all routes\n  hint: perhaps there is a '}' too many before it\n" +
        '  f:5:3: the last block ends here',
      "f:7:7: error: expected ';' after 'exit', found '}'",
    ],
  },
  {
    title: 'a brace too many at the end',
    text: 'route { a(); } }\nroute[1] { b(); }',
    problems: ["f:1:16: error: this '}' closes nothing\n  f:1:14: the last block ends here"],
  },
  {
    title: 'a route without a body',
    text: 'failure_route[1]\nroute { }',
    problems: ["f:1:17: error: expected '{' to begin the block of 'failure_route', found 'route'"],
  },
  // Conditions
  {
    title: 'one = in a condition',
    text: 'route {\n  if (method="INVITE") exit;\n}',
    problems: ["f:2:13: error: '=' does not compare\n  hint: write '=='"],
  },
  {
    title: 'a comparison of a comparison',
    text: 'route {\n  if (a == b == c) exit;\n}',
    problems: [
      'f:2:14: error: a comparison cannot be compared again\n' +
        "  hint: join two comparisons with '&&', or put one in parentheses",
    ],
  },
  {
    title: 'nothing to compare with',
    text: 'route {\n  if (method==) exit;\n  if () exit;\n  if (a() &&) { }\n}',
    problems: [
      "f:2:15: error: expected a value after '==', found ')'",
      "f:3:7: error: expected a condition, found ')'",
      "f:4:13: error: expected a condition, found ')'",
    ],
  },
  {
    title: 'nothing to decide about',
    text: 'route {\n  if (a())\n}\nroute[1] {\n  while (b())',
    problems: [
      "f:2:11: error: expected a statement or '{' after the condition, found '}'",
      "f:5:14: error: expected a statement or '{' after the condition, found the end of the file",
    ],
  },
  {
    title: 'an else alone',
    text: 'route {\n  else a();\n  if (b()) { } else { } else { c(); }\n}',
    problems: ["f:2:3: error: 'else' has no 'if'", "f:3:25: error: 'else' has no 'if'"],
  },
  {
    title: 'a fraction',
    text: 'route { if (1.5 > 2) exit; }',
    problems: ['f:1:13: error: \'1.5\' is neither a whole number nor an address\n  hint: write it as a string: "1.5"'],
  },
  {
    title: 'half a network',
    text: 'route { if (src_ip==10.0.0.0/x) exit; }',
    problems: ["f:1:30: error: expected a number of bits or a mask after '/', found 'x'"],
  },
  // Statements
  {
    title: 'a call without parentheses',
    text: 'route {\n  lookup "location";\n  x();\n}',
    problems: ["f:2:10: error: expected '(' or ';' after 'lookup', found the string \"location\""],
  },
  {
    title: 'a route called with brackets',
    text: 'route {\n  route[1];\n  x();\n}',
    problems: [
      "f:2:8: error: expected '(' after 'route', found '['\n  hint: a route is called with parentheses: route(...)",
    ],
  },
  {
    title: 'a setting in a route',
    text: 'route {\n  debug=3\n  x();\n}',
    problems: ["f:2:3: error: the setting 'debug' stands in a route\n  hint: settings stand outside of all routes"],
  },
  {
    title: 'assignments that assign nothing',
    text: 'route {\n  $var(x) == 3;\n  $var(x);\n  $var(y) = ;\n  $(ru{len}) = 1;\n  z();\n}',
    problems: [
      "f:2:11: error: expected '=', found '=='\n  hint: '==' compares; '=' assigns",
      "f:3:10: error: expected '=', found ';'",
      "f:4:13: error: expected a value, found ';'",
      "f:5:12: error: '{len}' is no transformation: expected '{class.name}' or '{class.name,parameter}'",
    ],
  },
  {
    title: 'a switch that is none',
    text: 'route {\n  switch (retcode) {\n    a();\n    case 1\n      b();\n    case:\n      c();\n    default\n  }\n  case 3: x();\n}',
    problems: [
      "f:3:5: error: expected 'case', 'default' or '}', found 'a'",
      "f:4:11: error: expected ':' after the case's value, found 'b'",
      "f:6:9: error: expected a number, a string or a regular expression after 'case', found ':'",
      "f:8:12: error: expected ':' after 'default', found '}'",
      "f:10:3: error: 'case' stands outside of 'switch (...) { }'",
    ],
  },
  {
    title: 'a switch without a block',
    text: 'route {\n  switch (retcode) a();\n  b();\n}',
    problems: ["f:2:19: error: expected '{' after 'switch (...)', found 'a'"],
  },
  {
    title: 'a for loop of OpenSIPS',
    text: 'route {\n  for ($var(i) in $(avp(x)[*])) {\n    a();\n  }\n  b();\n}',
    problems: ["f:2:3: error: 'for' is not supported\n  hint: write the loop with 'while'"],
  },
  {
    title: 'no statement at all',
    text: 'route {\n  "text";\n  ) ;\n  a();\n}',
    problems: [
      'f:2:3: error: expected a statement, found the string "text"',
      "f:3:3: error: expected a statement, found ')'",
    ],
  },
  // Items
  {
    title: 'words that are misspelt',
    text: 'loadmodul "tm.so"\nmodparm("tm", "a", 1)\nrout[1] {\n  a();\n}\nfoo { }',
    problems: [
      "f:1:1: error: did not expect 'loadmodul' here\n  hint: did you mean 'loadmodule'?",
      "f:2:1: error: did not expect 'modparm' here\n  hint: did you mean 'modparam'?",
      "f:3:1: error: 'rout' is no kind of route\n  hint: did you mean 'route'?",
      "f:6:1: error: 'foo' is no kind of route",
    ],
  },
  {
    title: 'settings without = or without a value',
    text: 'listen udp:192.0.2.1\ndebug=\nfork=yes\nalias=\nroute { }',
    problems: [
      "f:1:7: error: expected '=' after 'listen', found 'udp'",
      "f:2:7: error: expected a value for 'debug', found 'fork'",
      "f:4:7: error: expected a value for 'alias', found 'route'",
    ],
  },
  {
    title: 'settings with too much of a value',
    text: 'debug=3 4\nfork=yes\nport=5060, 5061\nchildren=1.5',
    problems: [
      "f:1:9: error: expected the end of the line after the value of 'debug', found '4'",
      "f:3:10: error: expected the end of the line after the value of 'port', found ','",
      "f:4:10: error: '1.5' is neither a whole number nor an address",
    ],
  },
  {
    title: 'broken sockets',
    text: 'listen=udp:192.0.2.1:x\nlisten=tcp:\nroute { force_send_socket(udp:192.0.2.1:x); }',
    problems: [
      "f:1:22: error: expected a port, found 'x'",
      "f:2:12: error: expected a port, found 'route'",
      "f:3:41: error: expected a port, found 'x'",
    ],
  },
  {
    title: 'parts of modparam are missing',
    text: 'modparam("tm", "a")\nmodparam("tm" "a", 1)\nmodparam("tm", a, 1)\nmodparam("tm", "a", B)\nmodparam "tm"\nmodparam("tm", "a", 1\ndebug=3',
    problems: [
      "f:1:19: error: expected ',' and the parameter's value, found ')'",
      "f:2:14: error: expected ',' and the parameter's name, found the string \"a\"",
      "f:3:16: error: expected the parameter's name in quotes, found 'a'",
      "f:4:21: error: expected a number or a string, found 'B'\n  hint: 'B' is not defined; a text stands in quotes",
      "f:5:9: error: expected '(' after 'modparam', found the string \"tm\"",
      "f:6:22: error: expected ')' after the value of 'modparam', found 'debug'\n  f:6:9: the '(' is here",
    ],
  },
  {
    title: 'names without quotes',
    text: 'loadmodule tm\nmpath=/usr\ndebug=1',
    problems: [
      "f:1:12: error: expected a module's name in quotes after 'loadmodule', found 'tm'",
      "f:2:7: error: expected a path in quotes after 'mpath', found '/'",
    ],
  },
  {
    title: 'broken headers of routes',
    text: 'route[ { a(); }\nroute[1 { b(); }\nroute[] { }\ntimer_route[x, y] { }',
    problems: [
      "f:1:8: error: expected a route's name, found '{'",
      "f:2:8: error: expected ']' after the route's name, found '{'",
      "f:3:7: error: expected a route's name, found ']'",
      "f:4:16: error: expected a number of seconds, found 'y'",
    ],
  },
  {
    title: 'statements before any route',
    text: 'exit;\nif (a()) b();\n}\nroute { }',
    problems: ["f:1:1: error: 'exit' stands outside of all routes"],
  },
  {
    title: 'named flags of SER 2',
    text: 'flags A:1, B:2;\nroute { }',
    problems: [
      "f:1:1: error: a list of named flags ('flags') is not supported\n  hint: name a flag with '#!define NAME number'",
    ],
  },
  // Strings
  {
    title: 'a quote is missing in the first argument',
    text: 'route {\n  sl_send_reply("404, "Not Found");\n  exit;\n}\nroute[1] {\n  xlog("hello")\n}',
    problems: [
      'f:2:33: error: the string is not closed: expected " on this line',
      "f:6:16: error: expected ';' after 'xlog(...)', found '}'",
    ],
  },
  {
    title: 'a quote is missing in the last argument',
    text: 'route {\n  sl_send_reply("404", "Not Found);\n  exit;\n}\nroute[1] {\n  xlog("hello");\n}',
    problems: ['f:2:24: error: the string is not closed: expected " on this line'],
  },
  {
    title: 'a quote is missing in a condition',
    text: 'route {\n  if (method=="REGISTER) {\n    save("location");\n  }\n}',
    problems: ['f:2:15: error: the string is not closed: expected " on this line'],
  },
];

for (const { title, text, problems } of table) {
  test(`issue 4, all errors in one run: ${title}`, () => assert.deepEqual(problemsOf(text), problems));
}

test('what is right beside a mistake is in the tree', () => {
  const { script } = parseScript('f', 'debug=\nport=5\nroute {\n  a(;\n  b();\n}\nroute[1] {\n  c();\n}');
  assert.equal(script.items.length, 3);
  const [, first, second] = script.items;
  assert(first?.kind === 'route' && second?.kind === 'route');
  assert.deepEqual(
    first.body.statements.map((statement) => (statement.kind === 'call' ? statement.name : statement.kind)),
    ['a', 'b'],
  );
});

test('a problem has a stable code', () => {
  const { diagnostics } = parseScript('f', 'route { a() }');
  assert.deepEqual(
    diagnostics.map(({ severity, code }) => [severity, code]),
    [['error', 'missing-semicolon']],
  );
});

test(`cfg-language §6: ${maxBlockDepth} blocks may stand in one another, not more`, () => {
  const nested = (depth: number) => `route ${'{'.repeat(depth)}${'}'.repeat(depth)}\nroute[1] { a() }`;
  const semicolon = "f:2:15: error: expected ';' after 'a(...)', found '}'";
  assert.deepEqual(problemsOf(nested(maxBlockDepth)), [semicolon]);
  assert.deepEqual(problemsOf(nested(maxBlockDepth + 1)), [
    `f:1:${7 + maxBlockDepth}: error: blocks are nested more than ${maxBlockDepth} deep`,
    semicolon,
  ]);
});

for (const [what, text] of [
  ['blocks', `route ${'{'.repeat(100_000)}`],
  ['ifs', `route { ${'if (a()) '.repeat(100_000)} b(); }`],
  ['conditions in conditions', `route { ${'if '.repeat(100_000)} b(); }`],
  ['switches', `route { ${'switch (1) { case 1: '.repeat(100_000)} }`],
  ['elses', `route { ${'else '.repeat(100_000)} b(); }`],
  ['parentheses', `route { if (${'('.repeat(100_000)}a) b(); }`],
  ['negations', `route { if (${'!'.repeat(100_000)}a) b(); }`],
  ['signs', `route { $var(x) = ${'-'.repeat(100_000)}$var(x); }`],
  ['calls', `route { ${'a('.repeat(100_000)}; }`],
  ['statements in conditions', `route { ${'if ({ '.repeat(100_000)} }`],
] as const) {
  test(`issue 4, bad input: ${what} a hundred thousand deep end in a message`, () => {
    assert(problemsOf(text).some((problem) => /nested more than 100 deep/.test(problem)));
  });
}

test(`cfg-language §6: ${maxExpressionDepth} expressions may stand in one another, not more`, () => {
  const nested = (depth: number) => `route { if ${'('.repeat(depth)}a()${')'.repeat(depth)} b(); }`;
  assert.deepEqual(problemsOf(nested(maxExpressionDepth - 1)), []);
  assert.equal(problemsOf(nested(maxExpressionDepth + 1)).length, 1);
});

test(`a chain has at most ${maxChain} operators`, () => {
  const chain = (operators: number) => `route { $var(x) = 1${' + 1'.repeat(operators)}; }`;
  assert.equal(normalForm(chain(maxChain - 1)).includes('((1 + 1) + 1)'), true);
  assert.deepEqual(
    problemsOf(chain(maxChain)).map((problem) => problem.replace(/^f:\d+:\d+: /, '')),
    [`error: more than ${maxChain} operators in one expression`],
  );
});

test(`at most ${maxDiagnostics} problems are listed`, () => {
  const problems = problemsOf(`route {\n${'a()\n'.repeat(maxDiagnostics + 10)}}`);
  assert.equal(problems.length, maxDiagnostics + 1);
  assert.match(problems.at(-1) ?? '', /and 10 more problems/);
});
