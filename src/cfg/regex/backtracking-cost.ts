import type { RegexNode } from './parse-ere.ts';

/** Repetitions up to this many are no worse than writing the item out. */
const fewTimes = 16;

/**
 * How fast the work of a backtracking engine grows with the text: it is at most the text's length to this power.
 * Infinity where a repeated item can match one text in several ways, which may cost an exponential number of steps.
 */
export function backtrackingDegree(node: RegexNode): number {
  // An expression that is not tied to the start is tried at every place.
  return degreeOf(node) + (beginsAtStart(node) ? 0 : 1);
}

function degreeOf(node: RegexNode): number {
  switch (node.kind) {
    case 'sequence':
      return node.items.reduce((sum, item) => sum + degreeOf(item), 0);
    case 'choice':
      return node.options.reduce((sum, option) => sum + degreeOf(option), 0);
    case 'group':
      return degreeOf(node.item);
    case 'repeat':
      if (node.most > 1 && hasChoice(node.item)) return Number.POSITIVE_INFINITY;
      return degreeOf(node.item) + ownDegree(node.least, node.most);
    default:
      return 0;
  }
}

function ownDegree(least: number, most: number): number {
  if (most > fewTimes) return 1;
  return most === least || most === 1 ? 0 : 0.5;
}

/** Whether there is more than one way for it to match. */
function hasChoice(node: RegexNode): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.items.some(hasChoice);
    case 'group':
      return hasChoice(node.item);
    case 'repeat':
      return node.least !== node.most || hasChoice(node.item);
    case 'choice':
    case 'back':
      return true;
    default:
      return false;
  }
}

function beginsAtStart(node: RegexNode): boolean {
  switch (node.kind) {
    case 'edge':
      return node.edge === 'text-start';
    case 'sequence': {
      const [first] = node.items;
      return first !== undefined && beginsAtStart(first);
    }
    case 'choice':
      return node.options.every(beginsAtStart);
    case 'group':
      return beginsAtStart(node.item);
    default:
      return false;
  }
}
