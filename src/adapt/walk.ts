import { valueWords } from '../cfg/conditions.ts';
import type {
  Call,
  Expression,
  IfBranch,
  Logical,
  Not,
  StringLiteral,
  Variable,
  WhileStatement,
} from '../script/ast.ts';
import type { FormatPiece, PvSpec } from '../script/pv-syntax.ts';

/** Visits every call below a node, itself included. */
export function eachCall(node: object, visit: (call: Call) => void): void {
  eachNode(node, (one) => {
    if (one.kind === 'call') visit(one as Call); // the kind says so
    for (const condition of conditionsOf(one)) {
      const command = condition.kind === 'word' ? asCommand(condition) : condition;
      if (command !== condition && command.kind === 'call') visit(command);
    }
  });
}

/** What of a node is asked for its truth. */
function conditionsOf(node: Kinded): readonly Expression[] {
  switch (node.kind) {
    case 'logical':
      return (node as Logical).operands;
    case 'not':
      return [(node as Not).operand];
    case 'if-branch':
    case 'while':
      return [(node as IfBranch | WhileStatement).condition];
    default:
      return [];
  }
}

const commands = new WeakMap<Expression, Call>();

/** A condition; a word that stands for a command without parentheses is a call. The same call for the same word. */
export function asCommand(condition: Expression): Expression {
  if (condition.kind !== 'word' || valueWords.has(condition.text)) return condition;
  const known = commands.get(condition);
  if (known !== undefined) return known;
  const { text, span } = condition;
  const call: Call = { kind: 'call', span, name: text, nameSpan: span, args: [], parentheses: false };
  commands.set(condition, call);
  return call;
}

/** Whether a node or what is below it reads the return code of what ran before. */
export function readsReturnCode(node: object): boolean {
  let found = false;
  eachNode(node, (one) => {
    if (one.kind === 'variable') found ||= 'pv' in one && isReturnCode((one as Variable).pv);
    else if (one.kind === 'word') found ||= 'text' in one && one.text === 'retcode';
    else if (one.kind === 'string') found ||= (one as StringLiteral).pieces.some(pieceReads);
    // A function that looks at the code by itself.
    else if (one.kind === 'call') found ||= (one as Call).name === 'rc';
  });
  return found;
}

interface Kinded {
  readonly kind: string;
}

function eachNode(node: object, visit: (node: Kinded) => void): void {
  if ('kind' in node && typeof node.kind === 'string') visit(node as Kinded);
  for (const [name, value] of Object.entries(node)) {
    if (name === 'span' || name === 'nameSpan' || name === 'pv' || name === 'pieces') continue;
    if (typeof value === 'object' && value !== null) eachNode(value as object, visit);
  }
}

function pieceReads(piece: FormatPiece): boolean {
  return piece.kind === 'variable' && isReturnCode(piece.pv);
}

const returnCodes: readonly string[] = ['rc', 'retcode', '?'];

/** Whether a variable is the return code, or has it in it. */
export function isReturnCode({ name, argument, index, transformations }: PvSpec): boolean {
  if (returnCodes.includes(name)) return true;
  if (argument?.pieces.some(pieceReads)) return true;
  if (index?.kind === 'variable' && isReturnCode(index.pv)) return true;
  return transformations.some(({ parameters }) => parameters.some(({ pieces }) => pieces.some(pieceReads)));
}
