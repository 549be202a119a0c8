// issue 4: the TypeScript that `aorta adapt` prints compiles with the strictest options, as a user's config file would.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { loadCfgText } from '../../../src/cfg/index.ts';
import { compileSnippets } from '../../types/compile-snippets.ts';
import { type CfgFile, cfgFiles } from '../files.ts';
import { skipWithoutKamailio, stockKamailioCfg } from '../scenarios/kamailio-package.ts';
import { completeExample, examples } from '../scenarios/manual-examples.ts';
import { traps } from '../scenarios/traps.ts';
import { adaptedText } from './adapted-options.ts';
import { behaviours } from './behaviour-cases.ts';

const folder = new URL('../scenarios/files/', import.meta.url);
const hasStock = skipWithoutKamailio() === false;

const files: readonly CfgFile[] = [
  ...cfgFiles,
  ...readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') })),
  ...(hasStock ? [{ name: 'kamailio.cfg of Debian', text: readFileSync(stockKamailioCfg, 'utf8') }] : []),
  ...examples.map((example) => ({ name: `example ${example.number}`, text: completeExample(example) })),
  ...traps.map(({ number, text }) => ({ name: `trap ${number}`, text })),
  ...behaviours.map(({ title, cfg }) => ({ name: title, text: cfg })),
];

const adaptable = files.flatMap(({ name, text }) => {
  const loaded = loadCfgText('openser.cfg', text, { lenient: true, addressesOf: () => ['192.0.2.1'] });
  return loaded.hasErrors ? [] : [{ name, loaded }];
});

describe('issue 4: what aorta adapt prints compiles', () => {
  let errors: readonly string[] = [];

  before(() => {
    errors = compileSnippets(adaptable.map(({ loaded }) => adaptedText(loaded)));
  });

  for (const [index, { name }] of adaptable.entries()) {
    test(`issue 4: ${name}`, () => assert.equal(errors[index], ''));
  }

  test('style 4.8: a text that a stranger had a part in cannot be a format, in the program itself', () => {
    const program = (call: string) =>
      `import { defineConfig, openser } from 'aorta';\nexport default defineConfig({ routes: openser({ request: (script) => ${call} }) });\n`;
    const [constant, joined, other, value] = compileSnippets([
      program("script.xlog('from $si')"),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
      program('script.xlog(`from ${script.ctx.uri}`)'),
      program('script.xlog(script.ctx.uri)'),
      program("script.xlog('L_INFO', script.value(script.ctx.uri))"),
    ]);
    assert.equal(constant, '');
    assert.match(joined ?? '', /TS2345/);
    assert.match(other ?? '', /TS2345/);
    assert.equal(value, '');
  });
});
