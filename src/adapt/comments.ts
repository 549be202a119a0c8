import { formatPlace } from '../script/diagnostic.ts';
import type { Span } from '../script/source.ts';

/** `openser.cfg:12`: without folders and column. */
export function placeOf(span: Span): string {
  return formatPlace(span)
    .replace(/:\d+$/, '')
    .replace(/^.*[/\\]/, '');
}

/** The comments on the lines right above a statement, as TypeScript writes them. */
export function commentsAbove({ file, start }: Span): readonly string[] {
  const before = file.text.slice(0, start);
  const lines = before.split('\n');
  // What stands before the statement on its own line is no comment of it.
  if ((lines.pop() ?? '').trim() !== '') return [];
  const comments: string[] = [];
  for (const line of lines.toReversed()) {
    const text = /^\s*(?:#(?![!#])|\/\/)\s?(.*?)\s*$/.exec(line)?.[1];
    if (text === undefined) break;
    comments.unshift(`// ${text}`.trimEnd());
  }
  return comments.filter((line) => /[A-Za-z0-9]/.test(line));
}
