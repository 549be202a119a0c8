import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isRegexProblem, type PosixRegex, posixRegex } from './posix-regex.ts';
import { Automaton } from './regex/automaton.ts';
import { regexLimits } from './regex/limits.ts';
import { parseEre, type RegexNode } from './regex/parse-ere.ts';
import { toJavaScript } from './regex/to-javascript.ts';

function regex(pattern: string, flags = ''): PosixRegex {
  const made = posixRegex(pattern, flags);
  assert(!isRegexProblem(made), `${pattern}: ${isRegexProblem(made) ? made.problem : ''}`);
  return made;
}

/** Pattern, flags, what it matches, what it does not. */
const matching: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['^sip:', '', ['sip:a@b'], ['xsip:a', 'SIP:a']],
  ['^sip:', 'i', ['SIP:a@b', 'sIp:'], ['sup:']],
  ['18[0-9]', '', ['180', '183', 'x189'], ['200']],
  ['^(192\\.168\\.|10\\.)', '', ['10.0.0.1', '192.168.1.1'], ['110.0.0.1', '10x']],
  ['[[:alpha:]]+', '', ['a', '1b'], ['1', '', '_']],
  ['^[[:digit:][:space:]]*$', '', ['', '1 2'], ['1a']],
  ['^[^[:upper:]]$', '', ['a', '\n'], ['A']],
  ['^[[:upper:]]$', 'i', ['a', 'A'], ['1']],
  ['[]a]', '', [']', 'a'], ['b']],
  ['^[^]a]$', '', ['b'], [']', 'a']],
  ['[a-c-]', '', ['-', 'b'], ['d']],
  ['[\\.]', '', ['\\', '.'], ['x']],
  ['[[.-.]x]', '', ['-', 'x'], ['y']],
  ['[[=e=]]', '', ['e'], ['f']],
  ['^a{2,3}$', '', ['aa', 'aaa'], ['a', 'aaaa']],
  ['^a{2}$', '', ['aa'], ['a', 'aaa']],
  ['^a{2,}$', '', ['aa', 'aaaaa'], ['a']],
  ['^a{,2}$', '', ['', 'a', 'aa'], ['aaa']],
  ['^(ab|cd)+$', '', ['ab', 'cdab'], ['abc', '']],
  ['^(|x)y$', '', ['y', 'xy'], ['xxy']],
  ['a)', '', ['a)'], ['a']],
  ['a.b', '', ['a\nb', 'axb'], ['ab']],
  ['a.b', 'm', ['axb'], ['a\nb']],
  ['^b$', 'm', ['a\nb\nc', 'b'], ['a\nbc', 'a\nb\r\nc']],
  ['^b$', '', ['b'], ['a\nb\nc']],
  ['a[^x]b', 'm', ['ayb'], ['a\nb', 'axb']],
  ['a[^x]b', '', ['ayb', 'a\nb'], ['axb']],
  ['(.)\\1', '', ['aa', 'xbb'], ['ab']],
  ['(a)\\1', 'i', ['aA'], ['ab']],
  ['\\bfoo\\b', '', ['a foo b'], ['afoo', 'food']],
  ['\\<fo', '', ['a fo'], ['afo']],
  ['fo\\>', '', ['a fo'], ['fob']],
  ['o\\Bo', '', ['foo'], ['fo o']],
  ['^\\w+\\s\\S\\W$', '', ['ab c!'], ['ab cd']],
  ["\\`a\\'", 'm', ['a'], ['b\na']],
  ['\\$\\.\\*', '', ['$.*'], ['x']],
  ['\\d', '', ['d'], ['1']],
  ['\u00fc', '', ['\u00c3\u00bc'], ['\u00fc']],
  ['', '', ['', 'a'], []],
];

describe('cfg-language 7.3: POSIX extended regular expressions', () => {
  for (const [pattern, flags, yes, no] of matching) {
    test(`${JSON.stringify(pattern)} with '${flags}'`, () => {
      const made = regex(pattern, flags);
      for (const text of yes) assert.equal(made.test(text), true, JSON.stringify(text));
      for (const text of no) assert.equal(made.test(text), false, JSON.stringify(text));
    });
  }

  test('groups are counted and given, and one that took no part is undefined', () => {
    const made = regex('(a)|(b)(c)?');
    assert.equal(made.groups, 3);
    assert.deepEqual([...(made.exec('xb')?.groups ?? [])], ['b', undefined, 'b', undefined]);
    assert.equal(made.exec('x'), undefined);
  });

  test('a match is looked for from a place on, where ^ is still the start of the text', () => {
    const made = regex('a|^b');
    assert.deepEqual(pickPlace(made, 'bab', 0), [0, 1]);
    assert.deepEqual(pickPlace(made, 'bab', 1), [1, 2]);
    assert.equal(made.exec('bab', 2), undefined);
    assert.equal(made.exec('bab', 9), undefined);
  });

  test('an expression that only looks like a digit carries a note', () => {
    assert.match(regex('^\\d+$').note ?? '', /\[0-9\]/);
    assert.equal(regex('^[0-9]+$').note, undefined);
  });
});

describe('what is wrong with a pattern', () => {
  const bad: readonly (readonly [string, RegExp])[] = [
    ['(a', /'\(' is not closed/],
    ['[a', /'\[' is not closed/],
    ['[', /'\[' is not closed/],
    ['*a', /nothing before it/],
    ['a|*b', /nothing before it/],
    ['(+a)', /nothing before it/],
    ['{2}', /nothing before it/],
    ['^*', /cannot be repeated/],
    ['a{x}', /begins no/],
    ['a{3,2}', /wrong way round/],
    ['a{1,999}', /more than 255/],
    ['[z-a]', /higher to a lower/],
    ['[[:digits:]]', /no class/],
    ['[[.ab.]]', /one character/],
    ['\\', /last character/],
    ['(a)\\2', /not there/],
    [`${'('.repeat(51)}a${')'.repeat(51)}`, /too deep/],
    ['()'.repeat(101), /too many groups/],
    ['a'.repeat(2001), /longer than 2000/],
    ['(a+)+\\1', /very long/],
    [`(${'a?'.repeat(250)}){255}`, /very long/],
    ['((a{255}){255}){255}', /very long/],
  ];
  for (const [pattern, message] of bad) {
    test(JSON.stringify(pattern.slice(0, 30)), () => {
      const made = posixRegex(pattern);
      assert(isRegexProblem(made));
      assert.match(made.problem, message);
      assert.ok(made.at >= 0 && made.at <= pattern.length);
    });
  }

  test('a flag that is none', () => {
    const made = posixRegex('a', 'x');
    assert(isRegexProblem(made));
    assert.match(made.problem, /no flag 'x'/);
  });
});

describe('the work of a match is bounded, whatever the pattern and the text', () => {
  const evil: readonly (readonly [string, string])[] = [
    ['(a+)+$', 'a'],
    ['(a|a)*b', 'a'],
    ['(a|aa)+$', 'a'],
    ['([a-zA-Z]+)*@', 'a'],
    ['(.*)*x', 'a'],
    ['(a?){50}b', 'a'],
    ['X.*Y', 'X'],
    ['(a{20}){20}b', 'a'],
    ['a{255}b', 'a'],
    [`${'[ab]{16}'.repeat(20)}c`, 'a'],
    ['^.*.*.*=$', 'a'],
    ['(x+x+)+y', 'x'],
    ['(a*)*(b*)*(c*)*d', 'a'],
  ];
  for (const [pattern, piece] of evil) {
    test(`${pattern} on the longest text`, () => {
      const made = regex(pattern);
      const text = `${piece.repeat(regexLimits.maxText)}!`;
      const start = process.cpuUsage();
      made.test(text);
      const { user } = process.cpuUsage(start);
      assert.ok(user < 5_000_000, `it took ${user} microseconds`);
    });
  }

  test('only the first 65,535 characters of a text are looked at', () => {
    const made = regex('b$');
    assert.equal(made.test(`${'a'.repeat(regexLimits.maxText - 1)}b`), true);
    assert.equal(made.test(`${'a'.repeat(regexLimits.maxText)}b`), false);
  });
});

// ---- properties

/** Patterns of few letters, so that they meet the texts. */
const pattern: fc.Arbitrary<string> = fc.letrec<{ item: string; branch: string; node: string }>((tie) => ({
  item: fc
    .tuple(
      fc.oneof(
        { maxDepth: 3, depthIdentifier: 'group' },
        fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\n', '\\w', '^', '$', '\\b'),
        fc.tuple(tie('node')).map(([inner]) => `(${inner})`),
      ),
      fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}'),
    )
    .map(([atom, times]) => (/^(\^|\$|\\b)$/.test(atom) ? atom : atom + times)),
  branch: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) => items.join('')),
  node: fc.array(tie('branch'), { minLength: 1, maxLength: 3 }).map((branches) => branches.join('|')),
})).node;

const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'n', '\n', ' '), maxLength: 12 });

describe('properties of regular expressions', () => {
  test('the automaton finds the match that the engine of JavaScript finds', () => {
    fc.assert(
      fc.property(pattern, subject, fc.boolean(), (source, text, byLine) => {
        const parsed = parseEre(source, { ignoreCase: false, newline: byLine ? 'line' : 'ordinary' });
        assert(!('problem' in parsed));
        const automaton = Automaton.of(parsed.node, parsed.groups);
        fc.pre(automaton !== undefined);
        const found = automaton.find(text, 0);
        const match = new RegExp(toJavaScript(parsed.node)).exec(text);
        assert.equal(found?.[0], match?.index);
        assert.equal(automaton.test(text), match !== null);
        // A repetition that matched nothing is no repetition to JavaScript, which then tries its next way.
        if (match !== null && !repeatsNothing(parsed.node)) assert.equal(found?.[1], match.index + match[0].length);
      }),
      { numRuns: 3000 },
    );
  });

  test('a pattern of any characters is a problem or an expression, and neither throws on any text', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'ab()[]{}*+?|^$\\.,-:=123 \u00fc\n'), maxLength: 20 });
    fc.assert(
      fc.property(
        anything,
        fc.string({ unit: 'binary', maxLength: 50 }),
        fc.constantFrom('', 'i', 'm', 'im'),
        (source, text, flags) => {
          const made = posixRegex(source, flags);
          if (isRegexProblem(made)) {
            assert.ok(made.problem.length > 0 && made.at >= 0);
            return;
          }
          const match = made.exec(text);
          assert.equal(made.test(text), match !== undefined);
          if (match) {
            assert.equal(match.groups[0], text.slice(match.start, match.end));
            assert.equal(match.groups.length, made.groups + 1);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('a text that is escaped matches itself and nothing else of its length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (text, other) => {
        const made = regex(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
        assert.equal(made.test(text), true);
        assert.equal(made.test(other), other === text);
      }),
    );
  });

  test('without regard to case, a text matches in both', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcXYZ019 '), maxLength: 10 }), (text) => {
        const made = regex(`^${text}$`, 'i');
        assert.ok(made.test(text.toUpperCase()) && made.test(text.toLowerCase()));
      }),
    );
  });
});

function pickPlace(made: PosixRegex, text: string, from: number): readonly number[] {
  const match = made.exec(text, from);
  assert(match);
  return [match.start, match.end];
}

/** Whether something is repeated that can match nothing at all. */
function repeatsNothing(node: RegexNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return mayBeEmpty(node.item) || repeatsNothing(node.item);
    case 'group':
      return repeatsNothing(node.item);
    case 'sequence':
      return node.items.some(repeatsNothing);
    case 'choice':
      return node.options.some(repeatsNothing);
    default:
      return false;
  }
}

function mayBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'repeat':
      return node.least === 0 || mayBeEmpty(node.item);
    case 'group':
      return mayBeEmpty(node.item);
    case 'sequence':
      return node.items.every(mayBeEmpty);
    case 'choice':
      return node.options.some(mayBeEmpty);
    default:
      return true;
  }
}
