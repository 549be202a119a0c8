import type { Span } from './source.ts';

/** An error prevents the start; a warning says that something will not be as it looks; an info only informs. */
export type Severity = 'error' | 'warning' | 'info';

/** Another place that explains a diagnostic: where the open block began, where a name was defined first. */
export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}

/** Something to say about a configuration, with its place. */
export interface Diagnostic {
  readonly severity: Severity;
  /** A stable kebab-case word for programs. */
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  /** What to do about it. */
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
}

/** A diagnostic as `--format json` prints it: places are resolved to lines and columns. */
export interface DiagnosticJson extends PlaceJson {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly related?: readonly (PlaceJson & { readonly message: string })[];
}

/** A span for an editor. The end is the place after the last character. */
export interface PlaceJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * `file:line:column: severity: message`, then a line for the hint and one for each related place, indented.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, message, span, hint, related = [] } = diagnostic;
  const lines = [`${formatPlace(span)}: ${severity}: ${message}`];
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  for (const place of related) lines.push(`  ${formatPlace(place.span)}: ${place.message}`);
  return lines.join('\n');
}

/** `file:line:column` of the first character. */
export function formatPlace(span: Span): string {
  const { line, column } = span.file.position(span.start);
  return `${span.file.path}:${line}:${column}`;
}

/** The form for programs. */
export function diagnosticToJson(diagnostic: Diagnostic): DiagnosticJson {
  const { severity, code, message, span, hint, related } = diagnostic;
  return {
    ...placeToJson(span),
    severity,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(related === undefined
      ? {}
      : { related: related.map((place) => ({ ...placeToJson(place.span), message: place.message })) }),
  };
}

function placeToJson(span: Span): PlaceJson {
  const start = span.file.position(span.start);
  const end = span.file.position(span.end);
  return {
    file: span.file.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
