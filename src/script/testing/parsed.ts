import type { Expression, IfStatement, Script, Statement } from '../ast.ts';
import { formatDiagnostic } from '../diagnostic.ts';
import { type ParsedScript, type ParseOptions, parseScript } from '../parser.ts';
import { printScript } from '../print.ts';

/** Every diagnostic as people see it. The file is called `f`. */
export function problemsOf(text: string, options: ParseOptions = {}): readonly string[] {
  return parseScript('f', text, options).diagnostics.map(formatDiagnostic);
}

/** A text that must be right. */
export function parsed(text: string, options: ParseOptions = {}): ParsedScript {
  const result = parseScript('f', text, options);
  if (result.diagnostics.length > 0) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result;
}

/** The normal form of a text that must be right, without its last line break. */
export function normalForm(text: string, options: ParseOptions = {}): string {
  return printScript(parsed(text, options).script).trimEnd();
}

/** The statements of the only block of a text that must be right. */
export function statementsOf(text: string): readonly Statement[] {
  return onlyBlock(parsed(`route {\n${text}\n}`).script);
}

/** The condition of `if (text) ...`. */
export function conditionOf(text: string): Expression {
  const [statement] = statementsOf(`if (${text}) exit;`);
  if (statement?.kind !== 'if') throw new Error('no if');
  return firstCondition(statement);
}

/** The normal form of one statement, on one line. */
export function statementForm(text: string): string {
  const lines = normalForm(`route {\n${text}\n}`).split('\n').slice(1, -1);
  return lines.map((line) => line.trim()).join(' ');
}

/** The normal form of a condition. */
export function conditionForm(text: string): string {
  const form = statementForm(`if (${text}) exit;`);
  return form.slice('if ('.length, form.lastIndexOf(') { exit; }'));
}

function onlyBlock(script: Script): readonly Statement[] {
  const [block] = script.items;
  if (block?.kind !== 'route') throw new Error('no route');
  return block.body.statements;
}

function firstCondition(statement: IfStatement): Expression {
  const [branch] = statement.branches;
  if (branch === undefined) throw new Error('no branch');
  return branch.condition;
}
