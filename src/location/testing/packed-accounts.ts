import assert from 'node:assert/strict';
import type { Binding } from '../binding.ts';
import { slabBytes } from '../packed/slabs.ts';
import type { PackedLocation } from '../packed-location.ts';

const word = 4;
const recordHead = 8 * word;
const bindingHead = 5 * word;

/**
 * Holds the memory report of a location against what is stored: every byte is named, what records use is what their
 * texts and numbers need, and free places stay within the bound of docs/location.md.
 */
export function checkAccounts(location: PackedLocation, now: number): void {
  const { bytes, slabBytes: all, reserveBytes, wheelBytes, records, texts, aorIndex, flowIndex } = location.memory();
  const named = (part: typeof records | typeof texts.blocks) => part.blockBytes + part.vacantBytes + part.tailBytes;
  const indexes = aorIndex.bytes + flowIndex.bytes + texts.index.bytes;
  assert.equal(all, named(records) + named(texts.blocks) + texts.idBytes + indexes + reserveBytes);
  assert.equal(bytes, all + wheelBytes);

  const { registeredUsers } = location.stats();
  assert.equal(records.blocks, registeredUsers);
  assert.equal(aorIndex.entries, registeredUsers);
  assert.equal(texts.blocks.blocks, texts.texts);

  let used = 0;
  const shared = new Map<string, number>();
  const flows = new Set<number>();
  for (const table of location.tables()) {
    for (const { aor, bindings } of table.entries(() => now)) {
      used += recordHead + padded(aor);
      for (const binding of bindings) {
        used += bindingBytes(binding);
        for (const text of [binding.userAgent, binding.socket ?? ''])
          if (text !== '') shared.set(text, 16 + text.length);
        if (binding.flowId !== undefined) flows.add(binding.flowId);
      }
    }
  }
  assert.equal(records.usedBytes, used);
  assert.equal(texts.texts, shared.size);
  assert.equal(
    texts.usedBytes,
    [...shared.values()].reduce((sum, length) => sum + length, 0),
  );
  assert.equal(flowIndex.entries, flows.size);

  for (const { blocks, blockBytes, vacantBytes, tailBytes } of [records, texts.blocks]) {
    const usedBytes = blocks === records.blocks ? records.usedBytes : texts.usedBytes;
    assert.ok(blockBytes <= usedBytes * 1.125 + blocks * 8, 'rounding up to a size class costs an eighth, or 8 bytes');
    assert.ok(vacantBytes < 96 * slabBytes, 'free places are in the last slab of each of the 96 classes');
    assert.ok(tailBytes <= (blockBytes + vacantBytes) * 0.125, 'the end of a slab is an eighth of it at most');
  }
}

/** For Latin-1 texts and usual numbers; docs/location.md has the layout. */
function bindingBytes(binding: Binding): number {
  const { path, received, instance, extension, socket, methods, flowId } = binding;
  let words = 0;
  for (const optional of [path, received, instance, socket, methods]) if (optional !== undefined) words += 1;
  for (const text of [extension, binding.userAgent]) if (text !== '') words += 1;
  for (const number of [binding.flags, binding.branchFlags, binding.regId]) if (number !== 0) words += 1;
  if (flowId !== undefined) words += 3;
  const texts = [binding.ruid, binding.contact, binding.callId, path ?? '', received ?? '', instance ?? '', extension];
  return bindingHead + words * word + padded(texts.join(''));
}

function padded(text: string): number {
  return Math.ceil(text.length / word) * word;
}
