import { readFileSync } from 'node:fs';

/** The title of a test, and where it stands. */
export interface TestTitle {
  readonly title: string;
  readonly file: string;
}

const call = /\b(?:test|it|describe|suite)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;
const title = /\btitle:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

/** Reads the titles that stand in the source of test files; those that a table makes at run time are its `title:`s. */
export function readTestTitles(files: readonly string[]): readonly TestTitle[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(call), ...text.matchAll(title)]
      .map((match) => (match[1] ?? match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'))
      .map((found) => ({ title: found, file }));
  });
}
