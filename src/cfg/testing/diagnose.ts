import type { Diagnostic, Severity } from '../../script/diagnostic.ts';
import { type LoadCfgOptions, loadCfgText } from '../load-cfg.ts';

/** A diagnostic in one line: `2:5 error unknown-function: there is no function 'x'`. */
export function lineOf({ severity, code, message, span, hint }: Diagnostic): string {
  const { line, column } = span.file.position(span.start);
  return `${line}:${column} ${severity} ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** What is said of a configuration, from a severity on. */
export function diagnose(text: string, from: Severity = 'warning', options: LoadCfgOptions = {}): readonly string[] {
  const order: readonly Severity[] = ['info', 'warning', 'error'];
  const { diagnostics } = loadCfgText('test.cfg', text, options);
  return diagnostics.filter(({ severity }) => order.indexOf(severity) >= order.indexOf(from)).map(lineOf);
}
