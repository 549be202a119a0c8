import { functionNames, type ScriptFunction } from './function-names.ts';

/** The text of `script-functions.ts`: an interface with one method for each function of the tables. */
export function printScriptFunctions(): string {
  return [
    '// Made of the tables of src/cfg/core and src/cfg/functions by `npm run docs`.',
    "import type { Argument, Constant } from './argument.ts';",
    '',
    '/** The functions of openser.cfg by their names. Each returns its return code, and sets `script.rc` to it. */',
    'export interface ScriptFunctions {',
    functionNames().map(printMethod).join('\n'),
    '}',
    '',
  ].join('\n');
}

function printMethod({ name, docs, returns, least, most, waits }: ScriptFunction): string {
  const names = parameterNames.slice(0, most);
  const types = names.map((parameter) => `${parameter.toUpperCase()} extends Argument`);
  const parameters = names.map(
    (parameter, index) => `${parameter}${index < least ? '' : '?'}: Constant<${parameter.toUpperCase()}>`,
  );
  const signature = signatureOf(name, types, parameters, waits ? 'Promise<number>' : 'number');
  return [
    '  /**',
    ...docs.map((doc) => `   * ${doc}`),
    `   * @returns ${returns.join('; or ')}`,
    '   */',
    `  ${signature}`,
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

const width = 120;

/** On one line, or with each parameter on its own, as the formatter has it. */
function signatureOf(name: string, types: readonly string[], parameters: readonly string[], result: string): string {
  const generic = types.length === 0 ? '' : `<${types.join(', ')}>`;
  const line = `${name}${generic}(${parameters.join(', ')}): ${result};`;
  if (line.length + 2 <= width) return line;
  const each = (parts: readonly string[]): string => parts.map((part) => `\n    ${part},`).join('');
  const head = `${name}${generic}(`;
  const whole = head.length + 2 <= width ? head : `${name}<${each(types)}\n  >(`;
  return `${whole}${each(parameters)}\n  ): ${result};`;
}

const parameterNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
