/** When a binding is written: before the REGISTER is answered, or a moment later with others. */
export type DatabaseMode = 'write-through' | 'write-back';

/** A server that keeps its bindings in a database. */
interface StoredServer {
  readonly program: 'aorta' | 'kamailio';
  readonly backend: 'sqlite' | 'postgres';
  readonly mode: DatabaseMode;
  /** How an SQLite file that others made is journalled; Aorta makes its own. */
  readonly journal?: 'delete' | 'wal';
  readonly workers: number;
}

/** One of `storedKinds`. */
export type StoredKind = (typeof storedKinds)[number];

/** The servers that keep their bindings in a database. Those of Kamailio are tuned. */
export const storedKinds = [
  'aorta-sqlite',
  'aorta-write-back',
  'aorta-postgres',
  'kamailio-sqlite',
  'kamailio-sqlite-wal',
  'kamailio-write-back',
  'kamailio-postgres',
  'kamailio-postgres-8',
] as const;

// Kamailio's module leaves a file's journal as it is, which is SQLite's default when its own tools made the file. A good
// operator sets WAL. A worker waits for its commit, so with PostgreSQL an operator has several; SQLite has one writer,
// and a second is refused at once (observed).
export const storedServers: Readonly<Record<StoredKind, StoredServer>> = {
  'aorta-sqlite': { program: 'aorta', backend: 'sqlite', mode: 'write-through', workers: 1 },
  'aorta-write-back': { program: 'aorta', backend: 'sqlite', mode: 'write-back', workers: 1 },
  'aorta-postgres': { program: 'aorta', backend: 'postgres', mode: 'write-through', workers: 1 },
  'kamailio-sqlite': { program: 'kamailio', backend: 'sqlite', mode: 'write-through', journal: 'delete', workers: 1 },
  'kamailio-sqlite-wal': { program: 'kamailio', backend: 'sqlite', mode: 'write-through', journal: 'wal', workers: 1 },
  'kamailio-write-back': { program: 'kamailio', backend: 'sqlite', mode: 'write-back', journal: 'wal', workers: 1 },
  'kamailio-postgres': { program: 'kamailio', backend: 'postgres', mode: 'write-through', workers: 1 },
  'kamailio-postgres-8': { program: 'kamailio', backend: 'postgres', mode: 'write-through', workers: 8 },
};

/** Whether a server keeps its bindings in a database. */
export function isStored(kind: string): kind is StoredKind {
  return Object.hasOwn(storedServers, kind);
}
