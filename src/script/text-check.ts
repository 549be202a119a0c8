import type { DiagnosticList } from './diagnostic-list.ts';
import { maxFileCharacters } from './limits.ts';
import type { SourceFile } from './source.ts';

/** Whether a file can be a configuration at all; says why when it cannot. */
export function isText(file: SourceFile, report: DiagnosticList): boolean {
  if (file.text.length > maxFileCharacters) {
    const message = `the file has more than ${maxFileCharacters} characters`;
    report.error('file-too-large', message, { file, start: 0, end: 0 });
    return false;
  }
  const nul = file.text.indexOf('\0');
  if (nul >= 0) {
    report.error('binary-file', 'the file is binary: it has a NUL byte', { file, start: nul, end: nul + 1 });
    return false;
  }
  const replaced = file.text.indexOf('\ufffd');
  if (replaced >= 0) {
    const message = 'the file is not UTF-8 here; what cannot be read is replaced by U+FFFD';
    report.warning('not-utf8', message, { file, start: replaced, end: replaced + 1 });
  }
  return true;
}
