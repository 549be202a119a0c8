import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDiagnostic } from './diagnostic.ts';
import { parseScript } from './parser.ts';
import { printScript } from './print.ts';
import { arbitraryScript } from './testing/arbitrary-script.ts';
import { normalForm } from './testing/parsed.ts';
import { withoutSpans } from './testing/without-spans.ts';

test('property: a tree is printed and parsed to itself', () => {
  fc.assert(
    fc.property(arbitraryScript, (script) => {
      const text = printScript(script);
      const { script: again, diagnostics } = parseScript('f', text);
      assert.deepEqual(diagnostics.map(formatDiagnostic), [], text);
      assert.deepEqual(withoutSpans(again), withoutSpans(script), text);
    }),
    { numRuns: 500 },
  );
});

test('the normal form has one item and one statement to a line', () => {
  const text = 'debug=3 listen=a b\nroute{if(a()){b();exit;}else c(); switch($rc){case 1:d();break;default:}}';
  assert.equal(
    normalForm(text),
    [
      'debug = 3',
      'listen = a b',
      'route {',
      '\tif (a()) {',
      '\t\tb();',
      '\t\texit;',
      '\t} else {',
      '\t\tc();',
      '\t}',
      '\tswitch ($rc) {',
      '\t\tcase 1:',
      '\t\t\td();',
      '\t\t\tbreak;',
      '\t\tdefault:',
      '\t}',
      '}',
    ].join('\n'),
  );
});

test('a minus stays an operator before a number and before a name that begins with a digit', () => {
  const text = 'route {\n\t$var(x) = -(5);\n\t$var(x) = -(3com.example);\n\t$var(x) = -(yes);\n}\n';
  assert.equal(printScript(parseScript('f', text).script), text);
});
