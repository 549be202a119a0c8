import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import { placeOf } from '../location/list-order.ts';
import type { Location } from '../location/location.ts';
import { PackedLocation } from '../location/packed-location.ts';
import { DatabaseOnlyLocation } from '../location/persistence/database-only.ts';
import type { PersistentLocation } from '../location/persistence/persistent-location.ts';
import { WriteBackLocation } from '../location/persistence/write-back.ts';
import { WriteThroughLocation } from '../location/persistence/write-through.ts';
import { makeDatabase } from '../stores/open-database.ts';
import { databaseOptions } from './database-options.ts';
import type { ResolvedOptions } from './options.ts';

/** What a location is made of. */
export interface LocationParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** `timer_interval` as it stands now, seconds. */
  readonly timerInterval: () => number;
}

/** The bindings of a server, and what keeps them when something does. */
export interface BuiltLocation {
  readonly location: Location;
  /** Undefined: memory only. */
  readonly persistent: PersistentLocation | undefined;
}

/** Makes the location that the options ask for; nothing is opened yet. */
export function buildLocation({ store, modules }: ResolvedOptions, parts: LocationParts): BuiltLocation {
  const { clock, random, logger, timerInterval } = parts;
  const memory = new PackedLocation({ random, logger });
  if (store.url.kind === 'memory') return { location: memory, persistent: undefined };
  const database = makeDatabase(store.url, databaseOptions({ store, modules }));
  const place = placeOf(modules.registrar.descTimeOrder);
  const all = { memory, database, clock, random, logger, place };
  const persistent =
    store.mode === 'write-back'
      ? new WriteBackLocation({ ...all, intervalSeconds: timerInterval })
      : store.mode === 'db-only'
        ? new DatabaseOnlyLocation(all)
        : new WriteThroughLocation(all);
  return { location: persistent, persistent };
}
