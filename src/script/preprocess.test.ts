import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxFileCharacters, maxIncludeDepth, maxIncludes, maxTokens } from './limits.ts';
import { type ParseOptions, parseScript } from './parser.ts';
import { includePaths, type ReadFile } from './read-file.ts';
import { normalForm, problemsOf } from './testing/parsed.ts';

/** Reads from a table; a file with the text `!` cannot be read. */
function files(table: Readonly<Record<string, string>>): ParseOptions {
  const readFile: ReadFile = (path) => (table[path] === '!' ? { problem: 'permission denied' } : table[path]);
  return { readFile };
}

const table: readonly (readonly [title: string, text: string, form: string])[] = [
  ['a definition stands for its value', '#!define A 5\ndebug=A', 'debug = 5'],
  ['#!def is short for it', '#!def A 5\ndebug=A', 'debug = 5'],
  ['a definition may be a string', '#!define DB "x://y"\nmodparam("a", "b", DB)', 'modparam("a", "b", "x://y")'],
  ['a definition may be several tokens', '#!define A udp:192.0.2.1:5060\nlisten=A', 'listen = udp:192.0.2.1:5060'],
  ['a definition may use another', '#!define A B\n#!define B 7\ndebug=A', 'debug = 7'],
  ['a definition that names itself ends', '#!define A B\n#!define B A\nlog_facility=A', 'log_facility = A'],
  ['a definition goes on behind a backslash', '#!define A \\\n  5\ndebug=A', 'debug = 5'],
  ['a comment ends a definition', '#!define A 5 # five\ndebug=A', 'debug = 5'],
  ['strings are not touched', '#!define A 5\nuser="A"', 'user = "A"'],
  ['#!trydef keeps what there is', '#!define A 5\n#!trydef A 6\n#!trydef B 7\ndebug=A\nport=B', 'debug = 5\nport = 7'],
  ['#!redefine replaces', '#!define A 5\n#!redefine A 6\ndebug=A', 'debug = 6'],
  ['#!undef forgets', '#!define A 5\n#!undef A\nlog_facility=A', 'log_facility = A'],
  ['#!ifdef takes the first part', '#!define A\n#!ifdef A\ndebug=1\n#!else\ndebug=2\n#!endif', 'debug = 1'],
  ['#!ifdef takes the part after #!else', '#!ifdef A\ndebug=1\n#!else\ndebug=2\n#!endif', 'debug = 2'],
  ['#!ifndef is the other way round', '#!ifndef A\ndebug=1\n#!else\ndebug=2\n#!endif', 'debug = 1'],
  ['!! is #!', '!!define A\n!!ifdef A\ndebug=1\n!!endif', 'debug = 1'],
  [
    'conditions nest',
    '#!define A\n#!ifdef A\n#!ifdef B\ndebug=1\n#!else\ndebug=2\n#!endif\n#!else\n#!ifdef A\ndebug=3\n#!endif\n#!endif\nport=4',
    'debug = 2\nport = 4',
  ],
  ['what a condition leaves out is not looked at', '#!ifdef A\n"it isn\'t /* closed\n#!endif\ndebug=1', 'debug = 1'],
  ['a condition may stand in a route', 'route {\n#!ifdef A\na();\n#!endif\nb();\n}', 'route {\n\tb();\n}'],
  ['#!subst edits strings', '#!subst "/X/y/g"\nuser="aXX"\ngroup=X', 'user = "ayy"\ngroup = X'],
  [
    '#!substdef defines, too',
    '#!substdef "!IP!192.0.2.1!g"\nlisten=IP\nuser="at IP"',
    'listen = 192.0.2.1\nuser = "at 192.0.2.1"',
  ],
  ['#!substdefs defines a string', '#!substdefs "!A!x y!g"\nuser=A', 'user = "x y"'],
  ['the first line may name a dialect', '#!KAMAILIO\ndebug=1', 'debug = 1'],
];

for (const [title, text, form] of table) {
  test(`cfg-language §2 preprocessor: ${title}`, () => assert.equal(normalForm(text), form));
}

test('definitions of the command line hold from the first line on', () => {
  const options = { defines: { WITH_NAT: '', LEVEL: '4' } };
  assert.equal(normalForm('#!ifdef WITH_NAT\ndebug=LEVEL\n#!endif', options), 'debug = 4');
});

test('cfg-language §2 include_file: the file stands in the place of its name', () => {
  const options = files({
    'etc/a.cfg': 'port=1\ninclude_file "b.cfg"',
    'etc/b.cfg': '#!define X 3',
    'c.cfg': 'fork=no',
  });
  const text = 'debug=1\ninclude_file "etc/a.cfg"\nchildren=X\n#!include_file "c.cfg"\nroute { a(); }';
  assert.equal(normalForm(text, options), 'debug = 1\nport = 1\nchildren = 3\nfork = no\nroute {\n\ta();\n}');
});

test('cfg-language §2 import_file: a missing file is no error', () => {
  assert.equal(normalForm('import_file "gone.cfg"\ndebug=1'), 'debug = 1');
});

test('a relative name is looked for beside the file that has it, then where the program runs', () => {
  assert.deepEqual(includePaths('a.cfg', '/etc/openser/openser.cfg'), ['/etc/openser/a.cfg', 'a.cfg']);
  assert.deepEqual(includePaths('../a.cfg', '/etc/openser/openser.cfg'), ['/etc/a.cfg', '../a.cfg']);
  assert.deepEqual(includePaths('/x//./a.cfg', '/etc/openser.cfg'), ['/x/a.cfg']);
  assert.deepEqual(includePaths('./a.cfg', 'openser.cfg'), ['a.cfg']);
});

test('a problem in an included file is shown there', () => {
  const options = files({ 'a.cfg': '\n\nroute { a() }' });
  assert.deepEqual(problemsOf('include_file "a.cfg"\ndebug=1 2', options), [
    "f:2:9: error: expected the end of the line after the value of 'debug', found '2'",
    "a.cfg:3:12: error: expected ';' after 'a(...)', found '}'",
  ]);
});

test('a token of a definition stands where the definition is used', () => {
  assert.deepEqual(problemsOf('#!define A "x"\n\nroute { a(A A); }', {}), []);
  assert.deepEqual(problemsOf('#!define A 1\n\nroute { a(A A); }'), [
    "f:3:13: error: expected ',' between the arguments of 'a'",
  ]);
});

const errors: readonly (readonly [title: string, text: string, problems: readonly string[], options?: ParseOptions])[] =
  [
    [
      'a missing file',
      'include_file "etc/gone.cfg"',
      [
        "f:1:14: error: there is no file 'etc/gone.cfg'\n  hint: looked for 'etc/gone.cfg'; import_file accepts a missing file",
      ],
    ],
    [
      'a file that cannot be read',
      'import_file "a.cfg"',
      ["f:1:13: error: cannot read 'a.cfg': permission denied"],
      files({ 'a.cfg': '!' }),
    ],
    [
      'a loop of includes',
      'include_file "a.cfg"\ndebug=1',
      ["b.cfg:1:14: error: 'a.cfg' includes itself: f -> a.cfg -> b.cfg -> a.cfg"],
      files({ 'a.cfg': 'include_file "b.cfg"', 'b.cfg': 'include_file "./a.cfg"' }),
    ],
    [
      'a name without quotes',
      'include_file a',
      ["f:1:1: error: expected a file's name in quotes after 'include_file', found 'a'"],
    ],
    ['an open condition', '#!ifdef A\ndebug=1\n', ["f:1:1: error: expected an '#!endif' for this"]],
    [
      'an open condition inside another',
      '#!ifdef A\n#!ifdef B\n#!endif\n',
      ["f:1:1: error: expected an '#!endif' for this"],
    ],
    ['an #!endif too many', '#!endif', ["f:1:1: error: '#!endif' has no '#!ifdef' before it"]],
    ['an #!else alone', '#!else', ["f:1:1: error: '#!else' has no '#!ifdef' before it"]],
    [
      'a second #!else',
      '#!ifdef A\n#!else\n#!else\n#!endif',
      ["f:3:1: error: a second '#!else' for the same condition\n  f:1:1: the condition is here"],
    ],
    ['a condition without a name', '#!ifdef\n#!endif', ["f:1:1: error: expected a name after '#!ifdef'"]],
    ['a definition without a name', '#!define 5', ["f:1:10: error: expected a name after '#!define'"]],
    [
      'a definition made twice',
      '#!define A 1\n#!define A 2',
      [
        "f:2:10: warning: 'A' is defined a second time; this value counts\n" +
          "  hint: '#!redefine' says that it is meant, '#!trydef' keeps the first value\n  f:1:10: the first definition",
      ],
    ],
    [
      'a misspelt directive',
      '#!defin A',
      ["f:1:1: warning: '#!defin' is no directive; the line is a comment\n  hint: did you mean '#!define'?"],
    ],
    ['a directive that is not known here', '#!defenv HOME', ["f:1:1: error: '#!defenv' is not supported"]],
    ['a condition that is not known here', '#!ifexp A\ndebug=1\n#!endif', ["f:1:1: error: '#!ifexp' is not supported"]],
    ['a broken #!subst', '#!subst "/a/b"', ['f:1:1: error: expected "/pattern/replacement/flags" after \'#!subst\'']],
    ['a broken pattern', '#!subst "/(/b/"', ["f:1:8: error: '(' is no regular expression"]],
    ['a NUL byte', 'debug=1\na\0b', ['f:2:2: error: the file is binary: it has a NUL byte']],
    [
      'a byte that is not UTF-8',
      '# gr\ufffd\ufffdn\ndebug=1',
      ['f:1:5: warning: the file is not UTF-8 here; what cannot be read is replaced by U+FFFD'],
    ],
  ];

for (const [title, text, problems, options] of errors) {
  test(`issue 4, bad input: ${title}`, () => assert.deepEqual(problemsOf(text, options), problems));
}

test(`issue 4, bad input: more than ${maxIncludeDepth} files in one another`, () => {
  const readFile: ReadFile = (path) => `include_file "${path}x"`;
  const problems = problemsOf('include_file "a"', { readFile });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /files are included more than 16 deep/);
});

test(`issue 4, bad input: more than ${maxIncludes} inclusions`, () => {
  const problems = problemsOf('include_file "a"\n'.repeat(maxIncludes + 5), { readFile: () => 'debug=1' });
  assert.match(problems[0] ?? '', /^f:1000:14: error: more than 1000 files are included$/);
});

test(`issue 4, bad input: definitions that grow beyond ${maxTokens} tokens`, () => {
  const lines = Array.from({ length: 30 }, (_, i) => `#!define A${i} A${i + 1} A${i + 1}`);
  assert.deepEqual(problemsOf(`${lines.join('\n')}\n#!define A30 ;\nroute { A0 }`), [
    'f:32:9: error: the configuration has more than 2000000 tokens',
  ]);
});

test('issue 4, bad input: a file that is too large', () => {
  assert.deepEqual(problemsOf('#'.repeat(maxFileCharacters + 1)), [
    `f:1:1: error: the file has more than ${maxFileCharacters} characters`,
  ]);
});

test('all opened files are listed, the root first', () => {
  const { files: opened } = parseScript('f', 'include_file "a"\nimport_file "b"', { readFile: (path) => `# ${path}` });
  assert.deepEqual(
    opened.map((file) => file.path),
    ['f', 'a', 'b'],
  );
});
