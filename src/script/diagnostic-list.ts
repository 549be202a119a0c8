import type { Diagnostic } from './diagnostic.ts';
import { maxDiagnostics } from './limits.ts';
import type { SourceFile, Span } from './source.ts';

/** Collects diagnostics up to a limit and gives them out in the order of the text. */
export class DiagnosticList {
  readonly #list: Diagnostic[];
  #left: number;
  #lastLeft: Span | undefined;

  constructor() {
    this.#list = [];
    this.#left = 0;
    this.#lastLeft = undefined;
  }

  add(diagnostic: Diagnostic): void {
    if (this.#list.length < maxDiagnostics) {
      this.#list.push(diagnostic);
    } else {
      this.#left++;
      this.#lastLeft = diagnostic.span;
    }
  }

  error(code: string, message: string, span: Span, more: Pick<Diagnostic, 'hint' | 'related'> = {}): void {
    this.add({ severity: 'error', code, message, span, ...more });
  }

  warning(code: string, message: string, span: Span, more: Pick<Diagnostic, 'hint' | 'related'> = {}): void {
    this.add({ severity: 'warning', code, message, span, ...more });
  }

  /** All of them, by the order of their files and their places in it. */
  sorted(files: readonly SourceFile[]): readonly Diagnostic[] {
    const order = new Map(files.map((file, index) => [file, index]));
    const rank = (span: Span): number => order.get(span.file) ?? files.length;
    const sorted = this.#list.toSorted((a, b) => rank(a.span) - rank(b.span) || a.span.start - b.span.start);
    if (this.#lastLeft !== undefined) {
      const message = `and ${this.#left} more ${this.#left === 1 ? 'problem' : 'problems'}; the first ${maxDiagnostics} are listed`;
      sorted.push({ severity: 'error', code: 'too-many-problems', message, span: this.#lastLeft });
    }
    return sorted;
  }
}
