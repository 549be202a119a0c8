import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRandom } from '../testing/fake-random.ts';
import { sampleNow } from '../testing/sample-binding.ts';
import { asAor } from './aor.ts';
import { bindingFlags } from './binding.ts';
import {
  type AddCommand,
  addContact,
  type ManagementOptions,
  managedAor,
  removeAor,
  removeContact,
  showContacts,
} from './management.ts';
import { MemoryLocation } from './memory-location.ts';

const options: ManagementOptions = { useDomain: false, caseSensitive: false, descTimeOrder: false };
const contact = 'sip:a@10.0.0.1';
const command: AddCommand = { table: 'location', aor: 'alice', contact, expires: 60, q: -1, flags: 0 };

function setup() {
  const location = new MemoryLocation();
  const table = location.table('location');
  const random = new FakeRandom();
  const add = (different: Partial<AddCommand> = {}, now = sampleNow) =>
    addContact(location, { ...command, ...different }, options, now, () => random.token());
  return { location, table, add };
}

test('usrloc 10, ul_add: a static user is added with expires 0 and the flag permanent, and stays', async () => {
  const { table, add } = setup();
  assert.deepEqual(await add({ expires: 0, q: 1000, flags: bindingFlags.permanent }), { ok: true, outcome: 'added' });
  const [binding] = table.get(asAor('alice'), sampleNow + 1e12);
  assert.equal(binding?.contact, contact);
  assert.equal(binding?.q, 1000);
});

test('usrloc 10, ul_add: an update adds flags, takes none away and keeps the identity', async () => {
  const { table, add } = setup();
  await add({ flags: bindingFlags.permanent });
  const before = table.get(asAor('alice'), sampleNow)[0];
  assert.deepEqual(await add({ flags: bindingFlags.nat, expires: 90 }), { ok: true, outcome: 'updated' });
  const [after] = table.get(asAor('alice'), sampleNow);
  assert.equal(after?.ruid, before?.ruid);
  assert.equal(after?.flags, bindingFlags.permanent | bindingFlags.nat);
  assert.equal(after?.expiresAt, sampleNow + 90_000);
});

test('usrloc 10, ul_add: an equivalent URI is the same contact (RFC 3261 §19.1.4)', async () => {
  const { table, add } = setup();
  await add();
  assert.deepEqual(await add({ contact: 'SIP:a@10.0.0.1' }), { ok: true, outcome: 'updated' });
  assert.equal(table.get(asAor('alice'), sampleNow).length, 1);
});

test('usrloc 10, ul_add: the new contact takes its place by q', async () => {
  const { table, add } = setup();
  await add({ q: 100 });
  await add({ contact: 'sip:b@10.0.0.1', q: 900 });
  assert.deepEqual(
    table.get(asAor('alice'), sampleNow).map(({ q }) => q),
    [900, 100],
  );
});

for (const [different, problem] of [
  [{ table: 'nowhere' }, 'table-not-found'],
  [{ expires: -1 }, 'invalid-expires'],
  [{ expires: 1.5 }, 'invalid-expires'],
  [{ q: 1001 }, 'invalid-q'],
  [{ q: Number.NaN }, 'invalid-q'],
  [{ flags: -1 }, 'invalid-flags'],
  [{ contact: 'not a uri' }, 'invalid-contact'],
  [{ expires: 0 }, 'already-expired'],
] as const) {
  test(`usrloc 10, ul_add: ${JSON.stringify(different)} is refused as ${problem} and stores nothing`, async () => {
    const { location, add } = setup();
    assert.deepEqual(await add(different), { ok: false, problem });
    assert.equal(location.stats().registeredUsers, 0);
  });
}

test('usrloc 10, ul_rm: removes an address-of-record, and succeeds when there is none', async () => {
  const { location, table, add } = setup();
  await add();
  await add({ contact: 'sip:b@10.0.0.1' });
  assert.deepEqual(await removeAor(location, 'location', 'Alice@any', options, sampleNow), { ok: true, removed: 2 });
  assert.deepEqual(await removeAor(location, 'location', 'alice', options, sampleNow), { ok: true, removed: 0 });
  assert.deepEqual(await removeAor(location, 'x', 'alice', options, sampleNow), {
    ok: false,
    problem: 'table-not-found',
  });
  assert.deepEqual(table.get(asAor('alice'), sampleNow), []);
});

test('usrloc 10, ul_rm_contact: removes one contact, and says what is missing otherwise', async () => {
  const { location, table, add } = setup();
  const remove = (aor: string, uri: string) => removeContact(location, 'location', aor, uri, options, sampleNow);
  assert.deepEqual(await remove('alice', contact), { ok: false, problem: 'aor-not-found' });
  await add();
  await add({ contact: 'sip:b@10.0.0.1' });
  assert.deepEqual(await remove('alice', 'sip:c@10.0.0.1'), { ok: false, problem: 'contact-not-found' });
  const removed = await remove('alice', contact);
  assert.equal(removed.ok && removed.removed.contact, contact);
  assert.equal(table.get(asAor('alice'), sampleNow).length, 1);
});

test('usrloc 10, ul_show_contact: lists the valid contacts', async () => {
  const { location, add } = setup();
  await add({ expires: 60 });
  const show = (now: number) => showContacts(location, 'location', 'ALICE', options, now);
  const shown = await show(sampleNow);
  assert.equal(shown.ok && shown.bindings.length, 1);
  assert.deepEqual(await show(sampleNow + 60_000), { ok: false, problem: 'aor-not-found' });
});

test('usrloc 10: with use_domain the address needs its domain; without, the domain is cut', () => {
  const domain = { ...options, useDomain: true };
  assert.equal(managedAor('Alice', domain), undefined);
  assert.equal(managedAor('Alice@Example.com', domain), 'alice@example.com');
  assert.equal(managedAor('@Example.com', domain), 'example.com');
  assert.equal(managedAor('Alice@Example.com', options), 'alice');
  assert.equal(managedAor('Alice@Example.com', { ...domain, caseSensitive: true }), 'Alice@example.com');
});
