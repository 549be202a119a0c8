import type { StringLiteral } from '../ast.ts';
import { parsed } from './parsed.ts';

/** The first argument of the only call in a route; `TEXT` is defined as a string with a variable. */
export function firstString(call: string): StringLiteral {
  const [item] = parsed(`#!define TEXT "to $ru"\nroute { ${call} }`).script.items;
  const statement = item?.kind === 'route' ? item.body.statements[0] : undefined;
  const argument = statement?.kind === 'call' ? statement.args[0] : undefined;
  if (argument?.kind !== 'string') throw new Error('no string');
  return argument;
}
