import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDiagnostic } from '../../src/script/diagnostic.ts';
import { parseScript } from '../../src/script/parser.ts';
import { printScript } from '../../src/script/print.ts';
import { withoutSpans } from '../../src/script/testing/without-spans.ts';
import { mutate } from '../fuzz/mutate.ts';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { cfgFiles } from './files.ts';

/** `AORTA_FUZZ=100` makes a hundred times as many, for a night. */
const mutantsPerFile = 60 * Number(process.env.AORTA_FUZZ ?? 1);

/** The mutator repeats parts; more than this of them tells nothing new. */
const longest = 60_000;

const corpus = cfgFiles.map(({ text }) => Buffer.from(text));

const dialects: Readonly<Record<string, string>> = {
  'kamailio-5.cfg': 'kamailio',
  'openser-1.0.cfg': 'openser',
  'opensips-3.cfg': 'opensips',
  'ser-0.9.cfg': 'ser',
};

for (const { name, text } of cfgFiles) {
  test(`issue 4: ${name} has no problem and is printed to itself`, () => {
    const { script, diagnostics } = parseScript(name, text);
    assert.deepEqual(diagnostics.map(formatDiagnostic), []);
    const again = parseScript(name, printScript(script));
    assert.deepEqual(again.diagnostics.map(formatDiagnostic), []);
    // What was joined in Kamailio's file is one string now, so nothing is left to its dialect.
    assert.deepEqual(withoutSpans(again.script), withoutSpans(script));
  });

  test(`cfg-language §1: the dialect of ${name} is known`, () => {
    assert.equal(parseScript(name, text).dialect.name, dialects[name]);
  });

  test(`issue 4, bad input: mutants of ${name} end in a tree and messages`, () => {
    const bytes = Buffer.from(text);
    for (let seed = 0; seed < mutantsPerFile; seed++) {
      wellFormed(mutate(bytes, corpus, new SeededRandom(seed)).toString('utf8').slice(0, longest));
    }
  });

  test(`issue 4, bad input: ${name} without one of its tokens ends in few messages`, () => {
    const tokens = [...text.matchAll(/[A-Za-z_]\w*|[{}();,"]/g)];
    for (const [index, token] of tokens.entries()) {
      // One in seven is enough to take each kind many times.
      if (index % 7 !== 0) continue;
      const broken = text.slice(0, token.index) + text.slice(token.index + token[0].length);
      const { diagnostics } = parseScript(name, broken);
      assert(
        diagnostics.length <= 6,
        `${broken.slice(0, token.index).split('\n').length}: ${diagnostics.map(formatDiagnostic).join('\n')}`,
      );
    }
  });
}

test('issue 4, bad input: any text ends in a tree and messages', () => {
  const part = fc.constantFrom(
    ...[
      'route',
      '[',
      ']',
      '{',
      '}',
      '(',
      ')',
      ';',
      ',',
      '"',
      "'",
      '$',
      '$var(x)',
      '#!ifdef A\n',
      '#!endif\n',
      '#!else\n',
    ],
    ...['if', 'else', 'while', 'switch', 'case', 'default', ':', '=', '==', '&&', '!', '-', '.', '/', '*', '/*', '*/'],
    ...[
      'modparam',
      'loadmodule',
      'listen',
      'udp',
      '10.0.0.1',
      '::1',
      '5060',
      'x',
      '\n',
      ' ',
      '#',
      '\\',
      'include_file',
    ],
    ...['#!define A B\n', '#!subst "/a/b/"\n', 'return', 'break', 'mpath', 'tls_domain', '\u201c', '@', '%', '\0'],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => wellFormed(parts.join(''))),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), wellFormed));
});

/** Spans lie in their files, positions can be told, and what is said is right to be printed. */
function wellFormed(text: string): void {
  const { script, diagnostics } = parseScript('f', text);
  for (const diagnostic of diagnostics) {
    const { span } = diagnostic;
    assert(
      span.start >= 0 && span.start <= span.end && span.end <= span.file.text.length,
      formatDiagnostic(diagnostic),
    );
    assert.match(formatDiagnostic(diagnostic), /^[^:]+:\d+:\d+: (error|warning): ./);
  }
  const printed = printScript(script);
  if (diagnostics.every(({ severity }) => severity !== 'error')) {
    const errors = parseScript('f', printed).diagnostics.filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors.map(formatDiagnostic), [], printed);
  }
}
