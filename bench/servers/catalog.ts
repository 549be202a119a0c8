import { hasAorta, startAorta } from './aorta.ts';
import { startCanned } from './canned.ts';
import { kamailioVersion, startKamailio } from './kamailio.ts';
import type { ServerUnderTest } from './server.ts';
import { isStored, type StoredKind, storedKinds, storedServers } from './stored.ts';

/** The servers that the programs can measure; the canned ones only answer, so that the kernel's share is known. */
export const serverKinds = [
  'aorta',
  'aorta-cfg',
  'aorta-dgram',
  'canned',
  'canned-dgram',
  'kamailio-tuned',
  'kamailio',
  ...storedKinds,
] as const;

/** One of `serverKinds`. */
export type ServerKind = (typeof serverKinds)[number];

/** What a measurement needs of its server. */
export interface ServerNeeds {
  readonly core: number;
  readonly users: number;
  readonly transport: 'udp' | 'tcp';
  /** OPTIONS to a user is answered 302. Kamailio's configuration always does that. */
  readonly redirect: boolean;
  /** The URL of a database with its tables, for those that need one: `sqlite:/file`, `postgres://…`. */
  readonly database?: string;
  /** The port to listen on; otherwise one that is free. */
  readonly port?: number;
  /** A user whose binding is in the database from the start. */
  readonly bound?: string;
}

/** Whether this machine has the server. */
export function isPresent(kind: ServerKind): boolean {
  if (kind.startsWith('kamailio')) return kamailioVersion() !== undefined;
  return kind.startsWith('canned') || hasAorta();
}

/** Starts a server and waits until it serves. */
export async function startServer(kind: ServerKind, needs: ServerNeeds): Promise<ServerUnderTest> {
  if (isStored(kind)) return startStored(kind, needs);
  const { database: _, ...rest } = needs;
  return startInMemory(kind, rest);
}

function startStored(kind: StoredKind, { database: url, ...needs }: ServerNeeds): Promise<ServerUnderTest> {
  if (url === undefined) throw new Error(`${kind} needs a database; bench/persistence.ts brings one`);
  const { program, mode, workers } = storedServers[kind];
  const database = { url, mode };
  if (program === 'aorta') return startAorta({ ...needs, driver: 'batched', database });
  return startKamailio({ ...needs, allocator: 'tuned', sanity: false, database, workers });
}

function startInMemory(kind: Exclude<ServerKind, StoredKind>, needs: Omit<ServerNeeds, 'database'>) {
  switch (kind) {
    case 'aorta':
      return startAorta({ ...needs, driver: 'batched' });
    case 'aorta-cfg':
      return startAorta({ ...needs, driver: 'batched', cfg: true });
    case 'aorta-dgram':
      return startAorta({ ...needs, driver: 'dgram' });
    case 'canned':
      return startCanned(needs.core, 'batched');
    case 'canned-dgram':
      return startCanned(needs.core, 'dgram');
    case 'kamailio-tuned':
      return startKamailio({ ...needs, allocator: 'tuned', sanity: false });
    case 'kamailio':
      return startKamailio({ ...needs, allocator: 'package', sanity: false });
  }
}
