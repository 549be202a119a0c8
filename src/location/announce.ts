import type { Aor } from './aor.ts';
import { type Binding, isValid } from './binding.ts';
import { changesBetween } from './changes.ts';
import type { EventStream } from './event-stream.ts';
import type { LocationEventType } from './location.ts';

/** What happened to one address-of-record: `stored` lost its expired ones to become `valid`, which was made `next`. */
export interface AorChange {
  readonly table: string;
  readonly aor: Aor;
  readonly stored: readonly Binding[];
  readonly valid: readonly Binding[];
  readonly next: readonly Binding[];
  readonly at: number;
}

/** Puts one event for each binding that changed into the stream: first what expired, then what was decided. */
export function announce(events: EventStream, change: AorChange): void {
  if (!events.isHeard) return;
  const { stored, valid, next, at } = change;
  if (stored !== valid) {
    for (const binding of stored) if (!isValid(binding, at)) push(events, 'expire', change, binding, undefined);
  }
  if (valid === next) return;
  for (const { before, after } of changesBetween(valid, next)) {
    push(events, before === undefined ? 'insert' : after === undefined ? 'remove' : 'update', change, before, after);
  }
}

function push(
  events: EventStream,
  type: LocationEventType,
  { table, aor, at }: AorChange,
  before: Binding | undefined,
  after: Binding | undefined,
): void {
  events.push({ sequence: events.nextSequence(), type, table, aor, before, after, at });
}
