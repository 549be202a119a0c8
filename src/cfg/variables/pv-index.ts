import type { CfgRun } from '../run.ts';
import type { CfgValue, Variable } from './template.ts';
import { numberOf, textOf } from './values.ts';

/** An index that was read: a place from the front (0) or the end (-1), all places, or what a variable says. */
export type Index = number | 'all' | Variable;

/** Chooses among the values that an indexed variable has; without an index the first. */
export function choose(values: readonly CfgValue[], index: Index | undefined, run: CfgRun): CfgValue {
  if (index === 'all') return values.length === 0 ? undefined : joined(values);
  return values[placeOf(values.length, index, run)];
}

/** The place that an index means among `length`; -1 when there is none. */
export function placeOf(length: number, index: Exclude<Index, 'all'> | undefined, run: CfgRun): number {
  const wanted = typeof index === 'object' ? numberOf(index.read(run)) : (index ?? 0);
  if (wanted === undefined) return -1;
  const place = wanted < 0 ? length + wanted : wanted;
  return place >= 0 && place < length ? place : -1;
}

/** All values in one text (cfg-language 9). */
export function joined(values: readonly CfgValue[]): string {
  let text = '';
  for (let i = 0; i < values.length; i++) text += i === 0 ? textOf(values[i]) : `,${textOf(values[i])}`;
  return text;
}
