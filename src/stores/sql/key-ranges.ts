/**
 * Walks over a table by ranges of a growing key: the next rows are asked for before those that came are handed out, so
 * that server and client work at the same time.
 *
 * @param ask for the rows behind a key, at most `limit`; `undefined`: from the start
 * @param keyOf the key of a row
 */
export async function* byKeyRanges<R, K>(
  ask: (after: K | undefined) => Promise<readonly R[]>,
  keyOf: (row: R) => K,
  limit: number,
): AsyncGenerator<readonly R[]> {
  let next: Promise<readonly R[]> | undefined = ask(undefined);
  while (next !== undefined) {
    const rows: readonly R[] = await next;
    const last = rows.at(-1);
    if (last === undefined) return;
    next = rows.length < limit ? undefined : ask(keyOf(last));
    // Whoever leaves early does not hear of its failure.
    next?.catch(() => undefined);
    yield rows;
  }
}
