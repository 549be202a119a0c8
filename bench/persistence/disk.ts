import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../subject.ts';

/** File systems without a disk, by their numbers in statfs(2). */
const IN_MEMORY = [0x0102_1994, 0x8584_58f6]; // tmpfs, ramfs
const SYNCS = 200;
const PAGE_BYTES = 4096;

/** Whether files of the folder are on a disk, and not in memory alone. */
export function isOnDisk(folder: string): boolean {
  return !IN_MEMORY.includes(statfsSync(folder).type);
}

/** What a commit waits for, in words: the file system, and how long a page takes to the disk. */
export function diskLine(folder: string): string {
  const kind = execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
  return `databases: in ${folder} (${kind}), where 4 KiB are written and synced in ${syncUs(folder).toFixed(0)} µs`;
}

function syncUs(folder: string): number {
  const file = join(folder, 'sync');
  const fd = openSync(file, 'w');
  const page = Buffer.alloc(PAGE_BYTES, 1);
  const times = Array.from({ length: SYNCS }, () => {
    const before = performance.now();
    writeSync(fd, page);
    fsyncSync(fd);
    return (performance.now() - before) * 1000;
  });
  closeSync(fd);
  rmSync(file);
  return median(times);
}
