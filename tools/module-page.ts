import type { ModuleDefinition, ModuleFunction } from '../src/routing/define-module.ts';
import { camelCase, type Parameter } from '../src/routing/parameter.ts';
import { heldBy, type TestTitle } from './test-titles.ts';

/** The page of a module: its parameters and functions, each with an example and the tests that hold it. */
export function modulePage(module: ModuleDefinition, titles: readonly TestTitle[]): string {
  const parameters = Object.entries(module.parameters);
  const functions = Object.entries(module.functions);
  return [
    `# ${module.name}`,
    '',
    module.doc,
    '',
    ...(parameters.length > 0 ? parameterTable(module, parameters) : []),
    ...parameters.flatMap(([name, parameter]) => parameterSection(module, name, parameter, titles)),
    ...(functions.length > 0 ? ['## Functions', ''] : []),
    ...functions.flatMap(([name, row]) => functionSection(name, row, titles)),
  ].join('\n');
}

function parameterTable(module: ModuleDefinition, parameters: readonly [string, Parameter][]): string[] {
  return [
    '## Parameters',
    '',
    '| openser.cfg | TypeScript | default | manual |',
    '|---|---|---|---|',
    ...parameters.map(([name, parameter]) => summary(module, name, parameter)),
    '',
  ];
}

function summary(module: ModuleDefinition, name: string, parameter: Parameter): string {
  const option = `${module.name}.${camelCase(name)}`;
  return `| \`${name}\` | \`${option}\` | ${literal(parameter.default)} | ${parameter.manual ?? ''} |`;
}

function parameterSection(
  module: ModuleDefinition,
  name: string,
  parameter: Parameter,
  titles: readonly TestTitle[],
): string[] {
  const value = literal(parameter.example);
  return [
    `### ${name}`,
    '',
    `${parameter.doc} ${range(parameter)}`,
    '',
    '```ts',
    `export default defineConfig({ ${module.name}: { ${camelCase(name)}: ${value} } });`,
    '```',
    '',
    `On the command line: \`--set ${module.name}.${name}=${setValue(parameter)}\``,
    '',
    ...heldBy(name, titles),
  ];
}

function functionSection(name: string, row: ModuleFunction, titles: readonly TestTitle[]): string[] {
  return [
    `### ${name}(${row.args.join(', ')})`,
    '',
    row.doc,
    '',
    `In: ${row.routes.join(', ')} routes. Returns ${row.returns}.${row.manual ? ` Manual ${row.manual}.` : ''}`,
    '',
    '```ts',
    row.example,
    '```',
    '',
    ...heldBy(name, titles),
  ];
}

function range(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'integer': {
      const unit = parameter.unit ? ` ${parameter.unit}` : '';
      const off = parameter.off === undefined ? '' : `, or ${parameter.off} for none`;
      return `A whole number${unit ? ` (${unit.trim()})` : ''} from ${parameter.min} to ${parameter.max}${off}.`;
    }
    case 'boolean':
      return '0 or 1.';
    case 'text':
      return 'A text.';
    case 'word':
      return `One of ${parameter.words.map((word, number) => `\`${word}\` (${number})`).join(', ')}.`;
  }
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function setValue(parameter: Parameter): string {
  return typeof parameter.example === 'boolean' ? String(Number(parameter.example)) : String(parameter.example);
}
