import { isValid } from '../../location/binding.ts';
import type { RowBatch } from '../../location/persistence/database.ts';

/** A batch without what has expired, whatever the database compared with. */
export function validAt(batch: RowBatch, now: number | undefined): RowBatch {
  if (now === undefined || batch.stored.every(({ binding }) => isValid(binding, now))) return batch;
  return { ...batch, stored: batch.stored.filter(({ binding }) => isValid(binding, now)) };
}
