import type { RelatedPlace, Severity } from '../script/diagnostic.ts';
import type { DiagnosticList } from '../script/diagnostic-list.ts';
import type { Span } from '../script/source.ts';

/** What can be said beside a diagnostic. */
export interface More {
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
}

/** Collects what is to be said about a configuration; the same thing of the same place is said once. */
export class Report {
  readonly #list: DiagnosticList;
  readonly #said: Set<string>;

  constructor(list: DiagnosticList) {
    this.#list = list;
    this.#said = new Set();
  }

  add(severity: Severity, code: string, message: string, span: Span, more: More = {}): void {
    const key = `${code} ${span.file.path} ${span.start} ${span.end} ${message}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#list.add({ severity, code, message, span, ...more });
  }

  error(code: string, message: string, span: Span, more: More = {}): void {
    this.add('error', code, message, span, more);
  }

  warning(code: string, message: string, span: Span, more: More = {}): void {
    this.add('warning', code, message, span, more);
  }

  info(code: string, message: string, span: Span, more: More = {}): void {
    this.add('info', code, message, span, more);
  }
}
