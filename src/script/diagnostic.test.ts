import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Diagnostic, diagnosticToJson, formatDiagnostic } from './diagnostic.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import { maxDiagnostics } from './limits.ts';
import { SourceFile } from './source.ts';

const file = new SourceFile('dir/openser.cfg', 'route {\n  lookop("location");\n}\n');
const plain: Diagnostic = {
  severity: 'warning',
  code: 'unknown-function',
  message: "no module has 'lookop'",
  span: { file, start: 10, end: 16 },
};
const full: Diagnostic = {
  ...plain,
  severity: 'error',
  hint: "did you mean 'lookup'?",
  related: [{ message: 'in this block', span: { file, start: 0, end: 5 } }],
};

test('issue 4, aorta check: a diagnostic is file:line:column: severity: message', () => {
  assert.equal(formatDiagnostic(plain), "dir/openser.cfg:2:3: warning: no module has 'lookop'");
});

test('the hint and the related places follow, indented', () => {
  assert.equal(
    formatDiagnostic(full),
    [
      "dir/openser.cfg:2:3: error: no module has 'lookop'",
      "  hint: did you mean 'lookup'?",
      '  dir/openser.cfg:1:1: in this block',
    ].join('\n'),
  );
});

test('issue 4, --format json: places are numbers, and what is absent is left out', () => {
  const place = { file: 'dir/openser.cfg', line: 2, column: 3, endLine: 2, endColumn: 9 };
  assert.deepEqual(diagnosticToJson(plain), {
    ...place,
    severity: 'warning',
    code: 'unknown-function',
    message: "no module has 'lookop'",
  });
  assert.deepEqual(diagnosticToJson(full), {
    ...place,
    severity: 'error',
    code: 'unknown-function',
    message: "no module has 'lookop'",
    hint: "did you mean 'lookup'?",
    related: [{ file: 'dir/openser.cfg', line: 1, column: 1, endLine: 1, endColumn: 6, message: 'in this block' }],
  });
});

test('diagnostics come in the order of their files and places', () => {
  const other = new SourceFile('other.cfg', 'x y');
  const report = new DiagnosticList();
  report.error('c', 'third', { file: other, start: 0, end: 1 });
  report.error('b', 'second', { file, start: 9, end: 10 });
  report.warning('a', 'first', { file, start: 0, end: 1 });
  assert.deepEqual(
    report.sorted([file, other]).map((diagnostic) => diagnostic.message),
    ['first', 'second', 'third'],
  );
});

test(`after ${maxDiagnostics} diagnostics the rest is counted`, () => {
  const report = new DiagnosticList();
  for (let i = 0; i < maxDiagnostics + 7; i++) report.error('x', 'wrong', { file, start: 0, end: 1 });
  const all = report.sorted([file]);
  assert.equal(all.length, maxDiagnostics + 1);
  assert.equal(all.at(-1)?.message, `and 7 more problems; the first ${maxDiagnostics} are listed`);
});
