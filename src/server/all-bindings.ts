import type { Binding } from '../location/binding.ts';
import type { LocationEntry, LocationTable } from '../location/location.ts';

type Walk = ReturnType<LocationTable['entries']>;

/** The bindings of tables, one after the other: at once when all of them are in memory. */
export function allBindings(
  tables: readonly Pick<LocationTable, 'entries'>[],
  now: () => number,
): Iterable<Binding> | AsyncIterable<Binding> {
  const walks = tables.map((table) => table.entries(now));
  return walks.every(isInMemory) ? bindingsOf(walks) : bindingsLaterOf(walks);
}

function isInMemory(walk: Walk): walk is Extract<Walk, Iterable<LocationEntry>> {
  return Symbol.iterator in walk;
}

function* bindingsOf(walks: readonly Iterable<LocationEntry>[]): Iterable<Binding> {
  for (const walk of walks) for (const { bindings } of walk) yield* bindings;
}

async function* bindingsLaterOf(walks: readonly Walk[]): AsyncIterable<Binding> {
  for (const walk of walks) for await (const { bindings } of walk) yield* bindings;
}
