import { hasAorta, startAorta } from './aorta.ts';
import { startCanned } from './canned.ts';
import { kamailioVersion, startKamailio } from './kamailio.ts';
import type { ServerUnderTest } from './server.ts';

/** The servers that the programs can measure; the canned ones only answer, so that the kernel's share is known. */
export const serverKinds = [
  'aorta',
  'aorta-cfg',
  'aorta-dgram',
  'canned',
  'canned-dgram',
  'kamailio-tuned',
  'kamailio',
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
}

/** Whether this machine has the server. */
export function isPresent(kind: ServerKind): boolean {
  if (kind.startsWith('kamailio')) return kamailioVersion() !== undefined;
  return kind.startsWith('canned') || hasAorta();
}

/** Starts a server and waits until it serves. */
export function startServer(kind: ServerKind, needs: ServerNeeds): Promise<ServerUnderTest> {
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
