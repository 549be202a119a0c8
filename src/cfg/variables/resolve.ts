import { didYouMean } from '../../base/did-you-mean.ts';
import type { FormatPiece, PvIndex, PvSpec, PvText } from '../../script/pv-syntax.ts';
import { textToWire } from '../../sip/wire-text.ts';
import type { Resolver, VariableEntry } from './entry.ts';
import { isVariableProblem, malformed, type VariableProblem } from './problem.ts';
import type { Index } from './pv-index.ts';
import type { VariableScope } from './scope.ts';
import { findVariable, notHere, variableNames } from './table.ts';
import type { Template, Variable } from './template.ts';
import { type ResolvedVariable, templateOfParts } from './templates.ts';
import { transformed } from './transformations.ts';
import { nullText } from './values.ts';

/** Finds a variable in the table and makes it ready for one place of the configuration. */
export function variableOf(pv: PvSpec, scope: VariableScope): Variable | VariableProblem {
  const resolved = resolve(pv, scope);
  return isVariableProblem(resolved) ? resolved : resolved.variable;
}

/** Makes a text with variables ready; the first piece that is wrong is the problem. */
export function templateOf(pieces: readonly FormatPiece[], scope: VariableScope): Template | VariableProblem {
  const parts: (string | ResolvedVariable)[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'problem') {
      return { kind: 'malformed', problem: piece.message, start: piece.start, end: piece.end };
    }
    if (piece.kind === 'text') {
      append(parts, textToWire(piece.text));
      continue;
    }
    const colour = colourOf(piece.pv);
    if (colour !== undefined) {
      append(parts, colour);
      continue;
    }
    const resolved = resolve(piece.pv, scope);
    if (isVariableProblem(resolved)) return { ...resolved, start: piece.start, end: piece.end };
    parts.push(resolved);
  }
  return templateOfParts(parts);
}

function append(parts: (string | ResolvedVariable)[], text: string): void {
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else parts.push(text);
}

/**
 * `$Cxy`, later `$C(xy)`, changes the colour of a terminal. The first form has no end of its own: what follows its two
 * letters is text. A log is no terminal here, so the colour is nothing (cfg-language 9).
 */
function colourOf({ name, argument }: PvSpec): string | undefined {
  if (argument !== undefined) return name === 'C' ? '' : undefined;
  return /^C[xsrgybpcw]{2}/i.test(name) ? name.slice(3) : undefined;
}

/** As `variableOf`, for a place in a text. */
function resolve(pv: PvSpec, scope: VariableScope): ResolvedVariable | VariableProblem {
  const entry = findVariable(pv.name);
  if (entry === undefined) return unknown(pv.name);
  const made = make(entry, pv, scope);
  if (isVariableProblem(made)) return made;
  const absentText = entry.emptyWhenAbsent ? '' : nullText;
  if (pv.transformations.length === 0) return { variable: made, absentText };
  const variable = transformed(made, pv.transformations, resolverOf(scope));
  return isVariableProblem(variable) ? variable : { variable, absentText };
}

function make(entry: VariableEntry, pv: PvSpec, scope: VariableScope): Variable | VariableProblem {
  const { name } = entry;
  if (entry.argument === undefined && pv.argument !== undefined) {
    return malformed(`$${name} takes nothing in parentheses`);
  }
  if (entry.argument !== undefined && pv.argument === undefined && !entry.argumentOptional) {
    return malformed(`$${name} needs something in parentheses: $${name}(${entry.argument})`);
  }
  const argument = pv.argument && argumentOf(entry, pv.argument, scope);
  if (argument !== undefined && isVariableProblem(argument)) return argument;
  const index = indexOf(entry, pv.index, scope);
  if (typeof index === 'object' && isVariableProblem(index)) return index;
  const argumentText = pv.argument?.pieces.every(({ kind }) => kind === 'text') ? pv.argument.text.trim() : undefined;
  return entry.make({ pv, scope, argument, argumentText, index, resolver: resolverOf(scope) });
}

/** What reads its argument by itself gets no template: an AVP's alias and the name of another variable have a dollar. */
function argumentOf(
  entry: VariableEntry,
  argument: PvText,
  scope: VariableScope,
): Template | VariableProblem | undefined {
  if (argument.text.trim() === '')
    return malformed(`$${entry.name}() names nothing: $${entry.name}(${entry.argument})`);
  return entry.readsArgument ? undefined : templateOf(argument.pieces, scope);
}

function indexOf(
  entry: VariableEntry,
  index: PvIndex | undefined,
  scope: VariableScope,
): Index | VariableProblem | undefined {
  if (index === undefined) return undefined;
  if (!entry.indexed) return malformed(`$${entry.name} has one value, so it takes no index`);
  if (index.kind === 'variable') return variableOf(index.pv, scope);
  return index.kind === 'all' ? 'all' : index.value;
}

function unknown(name: string): VariableProblem {
  const elsewhere = notHere(name);
  if (elsewhere !== undefined) return { kind: 'unsupported', problem: `$${name} is not available here: ${elsewhere}` };
  const known = name.length > 2 ? findVariable(name.slice(0, 2)) : undefined;
  // OpenSER 1.0 read two letters and took the rest for text.
  const split =
    known && known.argument === undefined ? `; write $(${known.name}) to put text behind $${known.name}` : '';
  const meant = didYouMean(name, variableNames());
  const hint = meant === undefined ? split : `; did you mean $${meant}?`;
  return { kind: 'unknown', problem: `there is no variable $${name}${hint}` };
}

function resolverOf(scope: VariableScope): Resolver {
  return {
    variable: (pv) => variableOf(pv, scope),
    template: (pieces) => templateOf(pieces, scope),
  };
}
