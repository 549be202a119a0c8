import type { Blocks, BlocksReport } from './blocks.ts';
import type { FlowChains } from './flow-chains.ts';
import type { PackedWheel } from './packed-wheel.ts';
import type { IndexReport, RefIndex } from './ref-index.ts';
import type { Slabs } from './slabs.ts';
import type { TextPool, TextPoolReport } from './text-pool.ts';

/** Where every byte of a packed location's memory is. All but the wheel lies in slabs, and the parts add up to them. */
export interface MemoryReport {
  /** All of it. */
  readonly bytes: number;
  readonly slabBytes: number;
  /** Empty slabs that wait for the next need. */
  readonly reserveBytes: number;
  readonly wheelBytes: number;
  readonly records: BlocksReport & {
    /** What the records have in use of `blockBytes`; the rest is lost by rounding up to size classes. */
    readonly usedBytes: number;
  };
  readonly texts: TextPoolReport;
  readonly aorIndex: IndexReport;
  readonly flowIndex: IndexReport;
}

/** What a report is about. */
export interface Reported {
  readonly slabs: Slabs;
  readonly blocks: Blocks;
  readonly usedBytes: number;
  readonly index: RefIndex<string>;
  readonly flows: FlowChains;
  readonly texts: TextPool;
  readonly wheel: PackedWheel;
}

/** Asks each part for its bytes. */
export function memoryReport({ slabs, blocks, usedBytes, index, flows, texts, wheel }: Reported): MemoryReport {
  return {
    bytes: slabs.bytes + wheel.bytes,
    slabBytes: slabs.bytes,
    reserveBytes: slabs.reserveBytes,
    wheelBytes: wheel.bytes,
    records: { ...blocks.report(), usedBytes },
    texts: texts.report(),
    aorIndex: index.report(),
    flowIndex: flows.report(),
  };
}
