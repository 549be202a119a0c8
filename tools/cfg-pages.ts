// The pages of docs/ about openser.cfg, from the tables that the checker and the compiler work with.

import { cfgModules } from '../src/cfg/functions/index.ts';
import {
  type CfgFunction,
  type CfgModule,
  catalogue,
  coreCommands,
  operands,
  otherParameters,
  settings,
} from '../src/cfg/index.ts';
import { variableGroups } from '../src/cfg/variables/table.ts';
import { transformationTable } from '../src/cfg/variables/transformations.ts';
import { moduleTables } from '../src/modules/index.ts';
import type { Parameter } from '../src/routing/parameter.ts';
import { heldBy, type TestTitle } from './test-titles.ts';

/** Every page by its file. */
export function cfgPages(titles: readonly TestTitle[]): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const module of cfgModules) pages.set(`docs/modules/${module.name}.md`, modulePage(module, titles));
  pages.set('docs/modules/README.md', indexPage());
  pages.set('docs/openser-cfg-reference.md', referencePage());
  return pages;
}

function modulePage({ name, functions }: CfgModule, titles: readonly TestTitle[]): string {
  const table = Object.hasOwn(moduleTables, name) ? moduleTables[name as keyof typeof moduleTables] : undefined;
  const own: readonly [string, Parameter][] = Object.entries(table?.parameters ?? {});
  const others = otherParameters.get(name) ?? [];
  return [
    `# ${name} in openser.cfg`,
    '',
    ...(table ? [`${table.doc} In TypeScript: [${name}](../${name}.md).`, ''] : []),
    ...(own.length + others.length > 0
      ? ['## Parameters', '', '| modparam | default | state | |', '|---|---|---|---|']
      : []),
    ...own.map(([parameter, { state, doc, default: value }]) => row(code(parameter), code(String(value)), state, doc)),
    ...others.map(({ names, state, doc }) => row(names.map(code).join(' '), '', state, `No effect: ${doc}.`)),
    ...(own.length + others.length > 0 ? [''] : []),
    functions.length > 0 ? '## Functions' : 'It has no functions.',
    '',
    ...functions.flatMap((each) => functionSection(each, titles)),
  ].join('\n');
}

function functionSection({ name, arity, blocks, doc, returns }: CfgFunction, titles: readonly TestTitle[]): string[] {
  return [
    `### ${name}`,
    '',
    doc,
    '',
    `${argumentsOf(arity)} In: ${blocks.join(', ')} blocks. Returns ${returns}.`,
    '',
    ...heldBy(name, titles),
  ];
}

function argumentsOf([least, most]: readonly [number, number]): string {
  if (most === 0) return 'No arguments.';
  if (most === Number.POSITIVE_INFINITY) return `${least} arguments or more.`;
  const count = least === most ? String(least) : `${least} to ${most}`;
  return `${count} ${most === 1 ? 'argument' : 'arguments'}.`;
}

function indexPage(): string {
  const own = cfgModules.map(({ name, functions }) =>
    row(`[${name}](${name}.md)`, functions.length === 0 ? '' : functions.map((each) => code(each.name)).join(' ')),
  );
  const drivers = catalogue
    .filter(({ driver }) => driver !== undefined)
    .map(({ name, aliases = [], missing }) => row([name, ...aliases].join(', '), missing));
  const known = catalogue.filter(({ state }) => state !== 'supported');
  return [
    '# Modules of openser.cfg',
    '',
    'What `loadmodule` may name. `aorta check FILE` says of each line of a file what it means here.',
    '',
    '## Supported',
    '',
    '| module | functions |',
    '|---|---|',
    ...own,
    '',
    '## Drivers of databases',
    '',
    'Bindings are kept where `db_url` of usrloc or `--db` says, whichever of these is loaded.',
    '',
    '| module | what does its work |',
    '|---|---|',
    ...drivers,
    '',
    '## Known, and without effect',
    '',
    'Loading one of these is told, never an error. Calling a function that would lose something (a bill, a voice path, a',
    'check) is an error, and with `--lenient` a warning.',
    '',
    '| module | state | what does not happen |',
    '|---|---|---|',
    ...known.map(({ name, state, missing }) => row(name, state, missing)),
    '',
  ].join('\n');
}

function referencePage(): string {
  return [
    '# Reference of openser.cfg',
    '',
    'Made from the tables that the checker and the compiler work with. [openser-cfg.md](openser-cfg.md) tells how a file is run.',
    '',
    '## Global settings',
    '',
    '| setting | state | |',
    '|---|---|---|',
    ...[...settings.values()].map(({ name, state, doc }) => row(code(name), state, doc)),
    '',
    '## Core commands',
    '',
    '| command | blocks | | returns |',
    '|---|---|---|---|',
    ...coreCommands.map(({ name, blocks, doc, returns }) => row(code(name), blocks.join(', '), doc, returns)),
    '',
    '## Words in conditions',
    '',
    '| word | |',
    '|---|---|',
    ...[...operands].map(([name, { doc }]) => row(code(name), doc)),
    '',
    '## Pseudo-variables',
    '',
    ...variableGroups.flatMap(({ title, variables }) => [
      `### ${title}`,
      '',
      '| variable | | assigned | from |',
      '|---|---|---|---|',
      ...variables.map(({ name, argument, doc, origin, writes = '' }) =>
        row(code(argument === undefined ? `$${name}` : `$${name}(${argument})`), doc, writes, origin),
      ),
      '',
    ]),
    '## Transformations',
    '',
    '| transformation | parameters | |',
    '|---|---|---|',
    ...transformationTable.map(({ name, parameters = '', doc }) => row(code(`{${name}}`), parameters, doc)),
    '',
  ].join('\n');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** A row of a table; a bar in a cell would end it. */
function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
