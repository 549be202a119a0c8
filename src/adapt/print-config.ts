import { defaultWhileLoops } from '../cfg/limits.ts';
import type { LoadedCfg } from '../cfg/load-cfg.ts';
import { defaultTable } from '../modules/registrar.ts';
import { key, type Literal, literal, quote } from './literals.ts';
import type { Program, Use } from './program.ts';

/** The head of the file: imports, options, and which function is run when. */
export function printConfig(
  loaded: LoadedCfg,
  program: Program,
  names: ReadonlyMap<string, string>,
  functions: string,
): string {
  const [file] = loaded.files;
  const path = file?.path ?? 'openser.cfg';
  const imports = ['defineConfig', 'openser', ...(/\bsame\(/.test(functions) ? ['same'] : [])];
  const hasScripts = program.uses.size > 0;
  return [
    `// Made of ${path} by \`aorta adapt\`. The functions below are its routes; the number that each returns is its`,
    '// return code: 0 ends the script, so whoever calls a route that may end it returns 0 too.',
    `import { ${[...imports, ...(hasScripts ? ['type Script'] : [])].join(', ')} } from 'aorta';`,
    '',
    ...levelNote(loaded),
    'export default defineConfig({',
    ...optionLines(loaded),
    '  routes: openser({',
    ...settingLines(loaded),
    ...routeLines(program, names),
    '  }),',
    '});',
    '',
  ].join('\n');
}

function levelNote({ logLevel }: LoadedCfg): readonly string[] {
  return logLevel === undefined
    ? []
    : [`// Its log level is an option of the command line here: --log-level ${logLevel}.`];
}

function optionLines({ options, source }: LoadedCfg): readonly string[] {
  const { listen, domains, ...modules } = options;
  // A function tells its tables when it runs; they are loaded before that.
  const tables = [...source.unit.tables];
  const given: Record<string, Literal> = {
    ...(listen && { listen }),
    ...(domains && { domains }),
    ...(tables.some((table) => table !== defaultTable) && { tables }),
  };
  for (const [name, values] of Object.entries(modules)) {
    // Values of parameters are texts, numbers and truths.
    if (values !== undefined && Object.keys(values).length > 0) given[name] = values as Record<string, Literal>;
  }
  return Object.entries(given).map(([name, value]) => `  ${key(name)}: ${literal(value, '  ')},`);
}

function settingLines({ source, dialect, files }: LoadedCfg): readonly string[] {
  const { unit, portedAliases } = source;
  const texts = files.map(({ text }) => text).join('\n');
  const aliases = [...portedAliases].flatMap(([host, ports]) => [...ports].map((port) => `${host}:${port}`));
  const avpAliases = unit.parameter('avpops', 'avp_aliases');
  const bufferSize = unit.parameter('xlog', 'buf_size');
  const definitions = [...unit.scope.definitions].filter(([name]) => texts.includes(`def(${name}`));
  const settings = [...unit.scope.settings].filter(([name]) => texts.includes(`cfg_get.${name}`));
  const given: Record<string, Literal> = {
    dialect,
    ...(aliases.length > 0 && { aliases }),
    ...(typeof avpAliases === 'string' && avpAliases !== '' && { avpAliases }),
    ...(unit.limits.whileLoops !== defaultWhileLoops && { maxWhileLoops: unit.limits.whileLoops }),
    ...(bufferSize !== undefined && { parameters: { xlog: { buf_size: bufferSize } } }),
    ...(definitions.length > 0 && { definitions: Object.fromEntries(definitions) }),
    ...(settings.length > 0 && { settings: Object.fromEntries(settings) }),
  };
  const lines = Object.entries(given).map(([name, value]) => `    ${name}: ${literal(value, '    ')},`);
  return /\$\(?pp\b/.test(texts) ? [...lines, '    processId: process.pid,'] : lines;
}

function routeLines(program: Program, names: ReadonlyMap<string, string>): readonly string[] {
  const lines: string[] = [];
  const entries = [...program.uses.values()].filter(({ isEntry }) => isEntry);
  const nameOf = ({ key: use }: Use): string => names.get(use) ?? '';
  const main = entries.find(({ kind }) => kind === 'request');
  if (main) lines.push(`    ${shorthand('request', nameOf(main))},`);
  for (const kind of ['failure', 'branch', 'reply'] as const) {
    const named = entries.filter((use) => use.kind === kind && use.name !== '');
    if (named.length === 0) continue;
    const members = named.map((use) =>
      quotedKey(use.name) === nameOf(use) ? nameOf(use) : `${quotedKey(use.name)}: ${nameOf(use)}`,
    );
    lines.push(`    ${kind}: { ${members.join(', ')} },`);
  }
  const every = entries.find(({ kind, name }) => kind === 'reply' && name === '');
  if (every) lines.push(`    ${shorthand('everyReply', nameOf(every))},`);
  return lines;
}

function quotedKey(name: string): string {
  return /^(?:[A-Za-z_]\w*|0|[1-9]\d*)$/.test(name) ? name : quote(name);
}

function shorthand(name: string, value: string): string {
  return name === value ? name : `${name}: ${value}`;
}
