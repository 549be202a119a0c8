import type { AdminSubject } from '../admin/subject.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { ManagementOptions } from '../location/management.ts';
import type { AortaServer } from './server.ts';
import { aortaVersion } from './version.ts';

/** What of a server the admin API sees, beside what everybody does. */
export interface AdminView {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly state: () => AdminSubject['state'];
  /** The registrar's parameters as they are now. */
  readonly management: () => ManagementOptions;
}

/** A server as the admin API sees it. */
export function adminSubject(
  server: AortaServer,
  { clock, random, logger, state, management }: AdminView,
): AdminSubject {
  return {
    version: aortaVersion,
    location: server.location,
    ...{ clock, random, logger },
    get state() {
      return state();
    },
    get management() {
      return management();
    },
    get storeHealth() {
      return server.storeHealth;
    },
    get counted() {
      const { requests, replies, dropped, plainRegisters } = server.stats;
      return {
        ...{ requests: requests.entries(), replies: replies.entries(), dropped: dropped.entries() },
        plainRegisters,
      };
    },
    flush: () => server.flush(),
  };
}
