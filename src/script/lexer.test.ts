import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDiagnostic } from './diagnostic.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import { Lexer } from './lexer.ts';
import { SourceFile } from './source.ts';
import type { Token } from './token.ts';

function lex(text: string): { readonly tokens: readonly Token[]; readonly problems: readonly string[] } {
  const file = new SourceFile('f', text);
  const report = new DiagnosticList();
  const lexer = new Lexer(file, report);
  const tokens: Token[] = [];
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) tokens.push(token);
  return { tokens, problems: report.sorted([file]).map(formatDiagnostic) };
}

/** `kind:text` of each token; a number's value after an equals sign when it is written otherwise. */
function show(token: Token): string {
  if (token.kind === 'operator') return token.text;
  const value = token.kind === 'number' && String(token.value) !== token.text ? `=${token.value}` : '';
  return `${token.kind}:${token.text}${value}`;
}

const table: readonly (readonly [title: string, text: string, tokens: string])[] = [
  ['white space is space, tab, backspace, CR and newline', ' a\tb\b c\r\nd', 'word:a word:b word:c word:d'],
  ['a backslash joins lines', 'a\\\nb \\\r\n c', 'word:a word:b word:c'],
  ['# comments end with their line', 'a # "b\nc # d', 'word:a word:c'],
  ['// comments end with their line', 'a // "b\nc', 'word:a word:c'],
  ['a comment on a last line without a newline', 'a #b', 'word:a'],
  ['/* */ comments nest', 'a /* b /* c */ d */ e', 'word:a word:e'],
  ['a comment mark in a string is text', '"#a" "/*" \'//\'', 'string:#a string:/* string://'],
  ['double-quoted strings have escapes', '"a\\n\\.\\"b"', 'string:a\n\\."b'],
  ['single-quoted strings have none', "'a\\n' 'b\\' 'c'", 'string:a\\n string:b\\ string:c'],
  ['strings span lines', '"a\nb", \'c\nd\'\n', 'string:a\nb , string:c\nd'],
  ['the empty string', '"" \'\'', 'string: string:'],
  ['decimal, hexadecimal and octal numbers', '0 12 0x1F 0660', 'number:0 number:12 number:0x1F=31 number:0660=432'],
  [
    'words that are numbers',
    'yes true on enable no false off disable',
    'number:yes=1 number:true=1 number:on=1 number:enable=1 number:no=0 number:false=0 number:off=0 number:disable=0',
  ],
  ['address families', 'inet INET inet6 INET6', 'number:inet=2 number:INET=2 number:inet6=10 number:INET6=10'],
  ['the longest match wins', 'prefix2domain online yesno', 'word:prefix2domain word:online word:yesno'],
  ['msg:len, uri:host and uri:port are one', 'msg:len uri:host,uri:port', 'word:msg:len word:uri:host , word:uri:port'],
  ['other words have no colon', 'msg:lens udp:x', 'word:msg : word:lens word:udp : word:x'],
  ['IPv4', '10.0.0.1 010.0.0.1', 'ip:10.0.0.1 ip:8.0.0.1'],
  ['IPv6, bare and in brackets', '2001:db8::1 [::1] :: fe80::1:2', 'ip:2001:db8::1 ip:::1 ip::: ip:fe80::1:2'],
  ['an IPv6 address after a protocol', 'udp:[::1]:5060', 'word:udp : ip:::1 : number:5060'],
  ['a case is no address', 'case 1: a::b', 'word:case number:1 : ip:a::b'],
  ['a name of digits and dots', '1.2.3.4.example', 'number:1 . number:2 . number:3 . number:4 . word:example'],
  ['operators', '&& || == != =~ !~ <= >= < > ! & | = + - * / %', '&& || == != =~ !~ <= >= < > ! & | = + - * / %'],
  ['assigning operators', '+= -= *= /= %= &= |= ^= :=', '+= -= *= /= %= &= |= ^= :='],
  ['a sign is a token of its own', '-1 a-1', '- number:1 word:a - number:1'],
  ['variables', '$ru $? $var(x) $(ru{s.len})', 'variable:$ru variable:$? variable:$var(x) variable:$(ru{s.len})'],
  ['variables in variables', '$sht(a=>$(fU{s.len}))+1', 'variable:$sht(a=>$(fU{s.len})) + number:1'],
  ['a regular expression after case', 'case /^a\\/b#/i: a/b', 'word:case regex:/^a\\/b#/i : word:a / word:b'],
  ['directives in column 1 and behind blanks', '#!define A\n  #!endif', 'directive:define word:A directive:endif'],
  ['!! is a directive in column 1 only', '!!ifdef A\n !!a', 'directive:ifdef word:A ! ! word:a'],
  ['#! before no word is a comment', '#!/usr/sbin/openser\n#!---- a\nb', 'word:b'],
  ['a byte order mark is blank', '\ufeffa', 'word:a'],
];

for (const [title, text, tokens] of table) {
  test(`cfg-language §2: ${title}`, () => {
    const lexed = lex(text);
    assert.deepEqual(lexed.problems, []);
    assert.equal(lexed.tokens.map(show).join(' '), tokens);
  });
}

const errors: readonly (readonly [title: string, text: string, problem: string, tokens: string])[] = [
  [
    'an open string ends with its line',
    'a("b);\nc',
    'f:1:3: error: the string is not closed: expected " on this line',
    'word:a ( string:b ) ; word:c',
  ],
  [
    'a string that closes before a word was open',
    'a("b);\nc("d");',
    'f:1:3: error: the string is not closed: expected " on this line',
    'word:a ( string:b ) ; word:c ( string:d ) ;',
  ],
  ['an open comment', 'a /* b', 'f:1:3: error: the comment is not closed: expected */', 'word:a'],
  [
    'an open comment with an end inside',
    '/* a /* b */ c',
    'f:1:1: error: the comment is not closed: expected */\n  f:1:6: comments nest, and this one inside needs its own */',
    'word:c',
  ],
  [
    'an octal number with an 8',
    '08',
    "f:1:1: error: '08' begins with 0, so it is octal, which has no 8 and no 9",
    'number:08=0',
  ],
  [
    'a number beyond all',
    '9'.repeat(20),
    `f:1:1: error: '${'9'.repeat(20)}' is too large a number`,
    `number:${'9'.repeat(20)}=0`,
  ],
  ['an octet above 255', '10.0.0.256', "f:1:1: error: '256' is no octet of an address", 'ip:10.0.0.256'],
  ['a dollar alone', 'a $ b', "f:1:3: error: expected a variable's name after '$'", 'word:a word:b'],
  [
    'an open variable',
    '$hdr(X = 1',
    "f:1:1: error: the variable is not closed: expected ')'",
    'variable:$hdr ( word:X = number:1',
  ],
  [
    'an open regular expression',
    'case /a',
    "f:1:6: error: the regular expression is not closed: expected '/'",
    'word:case regex:/a',
  ],
  ['characters of no token', 'a `´ b', 'f:1:3: error: did not expect "`´" here', 'word:a word:b'],
  [
    'typographic quotes',
    'a(“b”)',
    'f:1:3: error: did not expect "“" here\n  hint: strings stand in straight quotes: "..."\n' +
      'f:1:5: error: did not expect "”" here\n  hint: strings stand in straight quotes: "..."',
    'word:a ( word:b )',
  ],
  [
    'a select of SER 2',
    '@to.tag == "x"',
    "f:1:1: error: the select '@to.tag' is not supported\n  hint: use a pseudo-variable: '$tt' is the tag of To",
    'word:@to.tag == string:x',
  ],
];

for (const [title, text, problem, tokens] of errors) {
  test(`cfg-language §2, bad input: ${title}`, () => {
    const lexed = lex(text);
    assert.equal(lexed.problems.join('\n'), problem);
    assert.equal(lexed.tokens.map(show).join(' '), tokens);
  });
}

test('a token knows whether it begins its line and whether it touches the one before', () => {
  const { tokens } = lex('a.b c\n  d');
  assert.deepEqual(
    tokens.map((token) => [token.text, token.first, token.glued]),
    [
      ['a', true, false],
      ['.', false, true],
      ['b', false, true],
      ['c', false, false],
      ['d', true, false],
    ],
  );
});

test('bad input costs linear time: many open comments, strings and odd characters', () => {
  for (const part of ['/* /* */ ', '" \n\' \n', '\\ @ ', '$( ', '$x(\n', '"a\n" b ']) {
    assert(lex(part.repeat(20_000)).problems.length > 0, part);
  }
});
