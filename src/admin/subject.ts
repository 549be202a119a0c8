import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Location } from '../location/location.ts';
import type { ManagementOptions } from '../location/management.ts';
import type { StoreHealth } from '../location/persistence/persistent-location.ts';

/** What a server has counted since its start, by name. */
export interface Counted {
  readonly requests: ReadonlyMap<string, number>;
  readonly replies: ReadonlyMap<string, number>;
  readonly dropped: ReadonlyMap<string, number>;
  readonly plainRegisters: number;
}

/** What the admin API needs of the server that it is of. What may change while it runs is asked for each time. */
export interface AdminSubject {
  readonly version: string;
  readonly location: Location;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly state: 'starting' | 'running' | 'stopping';
  readonly management: ManagementOptions;
  /** Undefined when bindings are kept in memory only. */
  readonly storeHealth: StoreHealth | undefined;
  readonly counted: Counted;

  /**
   * Collects what has expired and writes what waits (`ul_flush`).
   *
   * @returns how many bindings had expired
   */
  flush(): Promise<number>;
}
