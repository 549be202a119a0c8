import type { CharSet } from './char-set.ts';
import type { Edge, RegexNode } from './parse-ere.ts';

const edges: Readonly<Record<Edge, string>> = {
  'text-start': '^',
  'text-end': '$',
  // JavaScript's multi-line mode also takes CR and U+2028 for line ends.
  'line-start': '(?<![^\\n])',
  'line-end': '(?![^\\n])',
  word: '\\b',
  'no-word': '\\B',
  'word-start': '\\b(?=\\w)',
  'word-end': '\\b(?<=\\w)',
};

/** The same expression for the engine of JavaScript, to be used without the flags i, m, s, u. */
export function toJavaScript(node: RegexNode): string {
  switch (node.kind) {
    case 'empty':
      return '(?:)';
    case 'set':
      return setSource(node.set);
    case 'sequence':
      return node.items
        .map((item) => (item.kind === 'choice' ? `(?:${toJavaScript(item)})` : toJavaScript(item)))
        .join('');
    case 'choice':
      return node.options.map(toJavaScript).join('|');
    case 'repeat':
      return `(?:${toJavaScript(node.item)})${quantifier(node.least, node.most)}`;
    case 'group':
      return `(${toJavaScript(node.item)})`;
    case 'back':
      return `(?:\\${node.number})`;
    case 'edge':
      return edges[node.edge];
  }
}

function quantifier(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  return least === 0 && most === 1 ? '?' : `{${least},${most}}`;
}

function setSource(set: CharSet): string {
  if (set.length === 0) return '[]';
  if (set.length === 2 && set[0] === set[1]) return codeSource(set[0] as number); // two places, so the first is there
  let source = '[';
  for (let i = 0; i < set.length; i += 2) {
    const first = set[i] as number; // i is inside
    const last = set[i + 1] as number;
    source += first === last ? codeSource(first) : `${codeSource(first)}-${codeSource(last)}`;
  }
  return `${source}]`;
}

function codeSource(code: number): string {
  const isPlain = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isPlain ? String.fromCharCode(code) : `\\u${code.toString(16).padStart(4, '0')}`;
}
