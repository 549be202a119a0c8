// Writes the pages of docs/ and the interface of typed scripts, which tables in the code can say; with --check, says which of them are out of date.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { errorCodes } from '../src/base/errors.ts';
import { printScriptFunctions } from '../src/cfg/typed/print-script-functions.ts';
import { moduleTables } from '../src/modules/index.ts';
import { cfgPages } from './cfg-pages.ts';
import { modulePage } from './module-page.ts';
import { rfcPage } from './rfc-page.ts';
import { readTestTitles } from './test-titles.ts';

const check = process.argv.includes('--check');
const titles = readTestTitles(globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'src/testing/*-suite.ts']).sort());

const pages = new Map<string, string>();
for (const [name, table] of Object.entries(moduleTables)) pages.set(`docs/${name}.md`, modulePage(table, titles));
for (const [file, text] of cfgPages(titles)) pages.set(file, text);
pages.set('docs/rfc.md', rfcPage(titles));
pages.set('docs/errors.md', errorsPage());
pages.set('src/cfg/typed/script-functions.ts', printScriptFunctions());

let stale = 0;
mkdirSync('docs/modules', { recursive: true });
for (const [file, text] of pages) {
  const current = globSync(file).length > 0 ? readFileSync(file, 'utf8') : '';
  if (current === text) continue;
  stale += 1;
  if (check) process.stderr.write(`${file} is out of date: run npm run docs\n`);
  else writeFileSync(file, text);
}
if (check && stale > 0) process.exitCode = 1;

function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return [
    '# Errors',
    '',
    'Errors that an operator or a backend can cause are an `AortaError` with one of these codes in `code`.',
    'What a peer causes is answered on the wire and counted; it never throws.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
