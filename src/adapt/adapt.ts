import type { LoadedCfg } from '../cfg/load-cfg.ts';
import type { BlockKind } from '../cfg/run.ts';
import type { RouteBlock } from '../script/ast.ts';
import type { Diagnostic } from '../script/diagnostic.ts';
import type { Span } from '../script/source.ts';
import { indented } from './code.ts';
import { commentsAbove, placeOf } from './comments.ts';
import { Names } from './names.ts';
import { printConfig } from './print-config.ts';
import { Program, type Use } from './program.ts';
import { printBodyOf } from './statements.ts';

/** A configuration as TypeScript. */
export interface Adapted {
  /** The text of an `aorta.config.ts`; it is worth nothing when there are problems. */
  readonly text: string;
  /** What cannot be said in TypeScript, with its place. */
  readonly problems: readonly Diagnostic[];
}

/** Makes an `aorta.config.ts` that does the same. @param loaded a configuration without errors */
export function adapt(loaded: LoadedCfg): Adapted {
  const { unit, blocks } = loaded.source;
  const program = new Program(unit, blocks);
  const problems: Diagnostic[] = [];
  const said = new Set<string>();
  const cannot = (what: string, span: Span): void => {
    const message = `${what} cannot be said in TypeScript yet`;
    const key = `${placeOf(span)} ${message}`;
    if (said.has(key)) return;
    said.add(key);
    problems.push({ severity: 'error', code: 'not-adaptable', message, span });
  };
  const names = namesOf(program, (use, nameOf) => bodyOf(use, program, nameOf, cannot));
  const { functions, leftOut } = functionsOf(program, names, (use) => {
    const body = bodyOf(use, program, (route, kind) => names.get(`${kind} ${route}`) ?? route, cannot);
    return printFunction(use, names.get(use.key) ?? use.name, body, program);
  });
  const notes = leftOut.map(
    ({ name, span }) => `// ${placeOf(span)}: route[${name}] is never reached, and left out.\n`,
  );
  const text = [printConfig(loaded, program, names, functions.join('\n')), ...functions, notes.join('')].join('\n');
  return { text: `${text.trimEnd()}\n`, problems };
}

type NameOf = (route: string, kind: BlockKind) => string;

function bodyOf(
  use: Use,
  program: Program,
  nameOf: NameOf,
  cannot: (what: string, span: Span) => void,
): readonly string[] {
  const { kind, block, isEntry } = use;
  const taken = new Map<string, number>();
  return printBodyOf(block.body, {
    program,
    kind,
    nameOf,
    cannot,
    after: isEntry ? 'done' : program.isResultUsed(use) ? 'result' : 'end',
    isCodeNarrow: false,
    breaks: undefined,
    afterBreak: 'more',
    fresh: (name) => {
      const count = (taken.get(name) ?? 0) + 1;
      taken.set(name, count);
      return count === 1 ? name : `${name}${count}`;
    },
  });
}

/**
 * The names of all functions by the keys of their uses. A route that comes out differently in another kind of block, or
 * calls one that does, is another function there.
 */
function namesOf(program: Program, body: (use: Use, nameOf: NameOf) => readonly string[]): ReadonlyMap<string, string> {
  const names = new Names();
  const result = new Map<string, string>();
  const plain: NameOf = (route) => `route ${route}`;
  const first = new Map<string, Use>();
  const texts = new Map<string, string>();
  for (const use of program.uses.values()) {
    if (use.isEntry) {
      result.set(use.key, names.of(use.name, use.kind));
      continue;
    }
    texts.set(use.key, body(use, plain).join('\n'));
    if (!first.has(use.name)) first.set(use.name, use);
  }
  const differs = new Set<string>();
  for (let before = -1; before !== differs.size; ) {
    before = differs.size;
    for (const use of program.uses.values()) {
      const usual = first.get(use.name);
      if (use.isEntry || usual === undefined || usual === use) continue;
      const calls = [...differs].some(
        (key) => key.startsWith(`${use.kind} `) && mentions(texts.get(use.key), key.slice(use.kind.length + 1)),
      );
      if (calls || texts.get(use.key) !== texts.get(usual.key) || program.waits(use) !== program.waits(usual))
        differs.add(use.key);
    }
  }
  for (const use of first.values()) result.set(use.key, names.of(use.name, 'route'));
  for (const use of program.uses.values()) {
    if (use.isEntry || result.has(use.key)) continue;
    const usual = first.get(use.name);
    const name = (usual && result.get(usual.key)) ?? use.name;
    result.set(use.key, differs.has(use.key) ? names.of(`${name}In${capital(use.kind)}`, 'route') : name);
  }
  return result;
}

function mentions(text: string | undefined, route: string): boolean {
  return text?.includes(`route ${route}`) === true;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

interface Functions {
  readonly functions: readonly string[];
  readonly leftOut: readonly RouteBlock[];
}

/** Every function that is reached, once, the main route first. */
function functionsOf(program: Program, names: ReadonlyMap<string, string>, print: (use: Use) => string): Functions {
  const texts = new Map<string, string>();
  const reached = new Set<string>();
  const routes = new Set<RouteBlock>();
  for (const use of program.uses.values()) {
    const name = names.get(use.key) ?? use.name;
    if (use.isEntry) reached.add(name);
    if (!texts.has(name)) texts.set(name, print(use));
  }
  for (const name of reached) {
    const code = codeIn((texts.get(name) ?? '').split('\n'));
    for (const other of texts.keys()) if (new RegExp(`\\b${other}\\b`).test(code)) reached.add(other);
  }
  for (const use of program.uses.values()) if (reached.has(names.get(use.key) ?? use.name)) routes.add(use.block);
  return {
    functions: [...texts].filter(([name]) => reached.has(name)).map(([, text]) => text),
    leftOut: [...program.unit.routes.routes.values()].filter((block) => !routes.has(block)),
  };
}

const parts = ['ctx', 'registrar', 'tm', 'sl', 'rr', 'maxfwd', 'nathelper'];

function printFunction(use: Use, name: string, body: readonly string[], program: Program): string {
  const { block } = use;
  const code = codeIn(body);
  const used = parts.filter((part) => new RegExp(`(?<![.\\w])${part}\\b`).test(code));
  const parameter = /\bscript\b/.test(code) || used.length > 0 ? 'script' : '_script';
  const title = `${block.keyword}${block.name === undefined ? '' : `[${block.name}]`}`;
  const awaits = /\bawait\b/.test(code);
  const keyword = awaits ? 'async function' : 'function';
  const type = program.waits(use) ? 'Promise<number>' : 'number';
  return [
    ...commentsAbove(block.span),
    `// ${placeOf(block.span)} ${title}`,
    `${program.waits(use) && !awaits ? 'async function' : keyword} ${name}(${parameter}: Script): ${type} {`,
    ...indented([...(used.length > 0 ? [`const { ${used.join(', ')} } = script;`] : []), ...body]),
    '}',
    '',
  ].join('\n');
}

function codeIn(lines: readonly string[]): string {
  return lines.map((line) => (line.trimStart().startsWith('//') ? '' : withoutTexts(line))).join('\n');
}

function withoutTexts(line: string): string {
  return line.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
}
