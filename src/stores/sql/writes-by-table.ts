import type { BindingChange } from '../../location/persistence/database.ts';
import type { Row } from './columns.ts';
import type { RefreshRow, RowCodec } from './row-codec.ts';

/** What is to be written to one table. */
export interface TableWrites {
  readonly table: string;
  /** Rows to insert or to overwrite. */
  readonly puts: Row[];
  /** Numbers to write into rows that are there. */
  readonly refreshes: RefreshRow[];
  /** The `ruid`s of rows to remove. */
  readonly removals: string[];
}

/** Sorts changes by what has to be done: most are refreshes, which write three numbers. */
export class WritesByTable {
  readonly #codec: RowCodec;
  readonly #tables: Map<string, TableWrites>;

  constructor(codec: RowCodec) {
    this.#codec = codec;
    this.#tables = new Map();
  }

  add({ table, aor, ruid, before, after }: BindingChange): void {
    const { puts, refreshes, removals } = this.of(table);
    if (after === undefined) {
      removals.push(ruid);
      return;
    }
    const isKnown = before !== undefined && before !== 'unknown';
    const refresh = isKnown ? this.#codec.refresh(before, after) : undefined;
    if (refresh !== undefined) refreshes.push(refresh);
    else puts.push(this.#codec.encode(aor, after));
  }

  /** What is to be written to that table. */
  of(table: string): TableWrites {
    let writes = this.#tables.get(table);
    if (writes === undefined) {
      writes = { table, puts: [], refreshes: [], removals: [] };
      this.#tables.set(table, writes);
    }
    return writes;
  }

  tables(): readonly TableWrites[] {
    return [...this.#tables.values()];
  }
}
