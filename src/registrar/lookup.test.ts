import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asAor } from '../location/aor.ts';
import { type Binding, bindingFlags } from '../location/binding.ts';
import { MemoryLocation } from '../location/memory-location.ts';
import { atOnce } from '../testing/at-once.ts';
import { registrarDefaults } from '../testing/registrar-defaults.ts';
import { sampleBinding, sampleNow } from '../testing/sample-binding.ts';
import { lookup, natMarks, registered } from './lookup.ts';
import { methodMask } from './method-mask.ts';

const alice = asAor('alice');

function tableWith(...bindings: readonly Binding[]) {
  const table = new MemoryLocation().table('location');
  table.update(alice, sampleNow, () => ({ bindings, result: undefined }));
  return table;
}

test('manual 1.4.4: lookup changes nothing', () => {
  const table = tableWith(sampleBinding('a'), sampleBinding('b'));
  const before = table.get(alice, sampleNow);
  atOnce(lookup(alice, table, registrarDefaults, sampleNow, 'INVITE'));
  assert.equal(table.get(alice, sampleNow), before);
});

test('decision 17: contacts that do not take the method are passed over', () => {
  const table = tableWith(
    sampleBinding('a', { methods: methodMask('INVITE,BYE') }),
    sampleBinding('b', { methods: methodMask('INVITE,MESSAGE') }),
    sampleBinding('c'),
  );
  const found = (method: string) =>
    atOnce(lookup(alice, table, registrarDefaults, sampleNow, method)).targets.map(({ ruid }) => ruid);
  assert.deepEqual(found('INVITE'), ['a', 'b', 'c']);
  assert.deepEqual(found('MESSAGE'), ['b', 'c']);
});

test('decision 17: none that takes the method is not the same as none', () => {
  const table = tableWith(sampleBinding('a', { methods: methodMask('INVITE') }));
  assert.equal(atOnce(lookup(alice, table, registrarDefaults, sampleNow, 'MESSAGE')).outcome, 'method-not-allowed');
  assert.equal(atOnce(lookup(asAor('bob'), table, registrarDefaults, sampleNow, 'MESSAGE')).outcome, 'not-found');
});

test('decision 17: at most 12 targets, and the number left out for one warning', () => {
  const table = tableWith(...Array.from({ length: 15 }, (_, i) => sampleBinding(`r${i}`)));
  const result = atOnce(lookup(alice, table, registrarDefaults, sampleNow, 'INVITE'));
  assert.equal(result.targets.length, 12);
  assert.equal(result.dropped, 3);
});

test('manual 1.3.8: without append_branches there is one target and nothing to warn of', () => {
  const table = tableWith(...Array.from({ length: 15 }, (_, i) => sampleBinding(`r${i}`)));
  const result = atOnce(lookup(alice, table, { ...registrarDefaults, appendBranches: false }, sampleNow, 'INVITE'));
  assert.deepEqual([result.targets.length, result.dropped], [1, 0]);
});

test('decisions 17 and 18: an expired contact neither is found nor counts as registered', () => {
  const table = tableWith(sampleBinding('a', { expiresAt: sampleNow + 60_000 }));
  assert.equal(registered(alice, table, sampleNow + 59_000), true);
  assert.equal(registered(alice, table, sampleNow + 60_000), false);
  assert.equal(atOnce(lookup(alice, table, registrarDefaults, sampleNow + 60_000, 'INVITE')).outcome, 'not-found');
});

test('decision 19: with nat_flag -1 nothing is set, whatever a stored contact carries', () => {
  const targets = [sampleBinding('a', { flags: bindingFlags.nat }), sampleBinding('b', { flags: bindingFlags.nat })];
  assert.deepEqual(natMarks(targets, registrarDefaults), { messageFlags: 0, branchFlags: [0, 0] });
  const marked = natMarks(targets, { ...registrarDefaults, useBranchFlags: true });
  assert.deepEqual(marked, { messageFlags: 0, branchFlags: [0, 0] });
});

test('stored branch flags come back with their branch', () => {
  const targets = [sampleBinding('a', { branchFlags: 4 }), sampleBinding('b', { branchFlags: 8, flags: 1 })];
  const marks = natMarks(targets, { ...registrarDefaults, natFlag: 6, useBranchFlags: true });
  assert.deepEqual(marks, { messageFlags: 0, branchFlags: [4, 8 | (1 << 6)] });
});
