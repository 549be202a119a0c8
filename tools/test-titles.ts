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

/** The lines of a page that name the tests of something, by its name in their titles. */
export function heldBy(name: string, titles: readonly TestTitle[]): string[] {
  const word = new RegExp(`\\b${name}\\b`);
  const holding = titles.filter(({ title }) => word.test(title)).slice(0, 6);
  if (holding.length === 0) return [];
  const lines = holding.map(({ title, file }) => `- ${title.replaceAll(/\$\{[^}]*\}/g, '…')} (\`${file}\`)`);
  return ['Held by:', ...lines, ''];
}
