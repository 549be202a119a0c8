import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeyedHash } from '../base/keyed-hash.ts';
import type { Logger } from '../base/logger.ts';
import { FakeRandom } from '../testing/fake-random.ts';
import { locationSuite } from '../testing/location-suite.ts';
import { sampleBinding, sampleNow } from '../testing/sample-binding.ts';
import { type Aor, asAor } from './aor.ts';
import type { Binding } from './binding.ts';
import type { TableInMemory } from './location.ts';
import { slabBytes } from './packed/slabs.ts';
import { PackedLocation } from './packed-location.ts';
import { locationProperties } from './testing/location-properties.ts';
import { checkAccounts } from './testing/packed-accounts.ts';

function packed(logger?: Logger): PackedLocation {
  return new PackedLocation({ random: new FakeRandom(), ...(logger && { logger }) });
}

locationSuite('PackedLocation', packed);
locationProperties('PackedLocation', packed);

const alice = asAor('alice');
const second = 1000;

function store(table: TableInMemory, aor: Aor, bindings: readonly Binding[], now = sampleNow): void {
  table.update(aor, now, () => ({ bindings, result: undefined }));
}

function refresh(table: TableInMemory, aor: Aor, change: Partial<Binding>, now = sampleNow): void {
  table.update(aor, now, (list) => ({
    bindings: list.map((binding) => ({ ...binding, ...change })),
    result: undefined,
  }));
}

describe('records and values', () => {
  test('a binding that was read stays as it was, whatever becomes of its record', () => {
    const table = packed().table('location');
    const original = sampleBinding('a', { callId: 'first-call-id-of-some-length' });
    store(table, alice, [original]);
    const [snapshot] = table.get(alice, sampleNow);
    refresh(table, alice, { cseq: 2, q: 500 });
    refresh(table, alice, { callId: 'other-call-id-of-same-length' });
    refresh(table, alice, { callId: 'x'.repeat(500), userAgent: 'Other' });
    store(table, alice, []);
    store(table, asAor('bob'), [sampleBinding('b', { callId: 'y'.repeat(500) })]);
    assert.deepEqual(snapshot, original);
  });

  test('a list that was stored can be changed by its maker without a trace', () => {
    const table = packed().table('location');
    const list = [sampleBinding('a')];
    store(table, alice, list);
    list.push(sampleBinding('b'));
    assert.deepEqual(table.get(alice, sampleNow), [sampleBinding('a')]);
  });

  test('a binding that cannot be stored is an error of its programmer and changes nothing', () => {
    const location = packed();
    const table = location.table('location');
    const list = [sampleBinding('a'), sampleBinding('b')];
    store(table, alice, list);
    const broken = [{ ...sampleBinding('a'), cseq: 2 }, sampleBinding('b', { cseq: Number.NaN })];
    assert.throws(() => store(table, alice, broken), /number/);
    assert.deepEqual(table.get(alice, sampleNow), list);
    checkAccounts(location, sampleNow);
  });

  test('a decide function that collects is an error of its programmer', () => {
    const location = packed();
    const impure = () => {
      location.collect(sampleNow);
      return { bindings: 'unchanged' as const, result: undefined };
    };
    assert.throws(() => location.table('location').update(alice, sampleNow, impure), /pure/);
  });

  test('texts of 64 characters to 100 KB, Latin-1 or not, come back as they were', () => {
    const location = packed();
    const table = location.table('location');
    const wanted = new Map<Aor, readonly Binding[]>();
    for (const length of [64, 255, 256, 1023, 1024, 8000, 100_000]) {
      for (const unit of ['a', 'é', '\0', '語', '\ud800', '"']) {
        const long = unit.repeat(length);
        const binding = sampleBinding(`r${wanted.size}`, {
          ...{ contact: `sip:${long}`, callId: long, received: long, path: long, instance: long },
          ...{ extension: long, userAgent: long, socket: long },
        });
        wanted.set(asAor(`${long}@example.com`), [binding]);
      }
    }
    for (const [aor, list] of wanted) store(table, aor, list);
    for (const [aor, list] of wanted) assert.deepEqual(table.get(aor, sampleNow), list);
    const entries = [...table.entries(() => sampleNow)].map(({ aor, bindings }) => [aor, bindings] as const);
    assert.deepEqual(new Map(entries), wanted);
    for (const aor of wanted.keys()) store(table, aor, []);
    checkAccounts(location, sampleNow);
    assert.equal(location.memory().records.blocks, 0);
  });

  test('an address-of-record that looks like the stored form of another is another', () => {
    const table = packed().table('location');
    const stored = asAor('"\\u8a9e"');
    store(table, asAor('語'), [sampleBinding('a')]);
    assert.deepEqual(table.get(stored, sampleNow), []);
    store(table, stored, [sampleBinding('b')]);
    assert.equal(table.get(asAor('語'), sampleNow)[0]?.ruid, 'a');
    assert.equal(table.get(stored, sampleNow)[0]?.ruid, 'b');
  });

  test('1000 bindings of one address-of-record: added, refreshed, reordered, expired, removed', () => {
    const location = packed();
    const table = location.table('location');
    const add = (list: readonly Binding[], i: number) => [
      ...list,
      sampleBinding(`r${i}`, { flowId: i % 10, expiresAt: sampleNow + (i + 1) * second }),
    ];
    for (let i = 0; i < 1000; i++) {
      table.update(alice, sampleNow, (list) => ({ bindings: add(list, i), result: undefined }));
    }
    checkAccounts(location, sampleNow);
    refresh(table, alice, { cseq: 7 });
    table.update(alice, sampleNow, (list) => ({ bindings: [...list].reverse(), result: undefined }));
    const list = table.get(alice, sampleNow);
    assert.equal(list.length, 1000);
    assert.ok(list.every(({ ruid, cseq }, i) => ruid === `r${999 - i}` && cseq === 7));
    assert.equal(location.bindingsOfFlow(3).length, 100);
    assert.equal(location.collect(sampleNow + 500 * second), 500);
    assert.equal(location.bindingsOfFlow(3).length, 50);
    checkAccounts(location, sampleNow + 500 * second);
    store(table, alice, [], sampleNow + 500 * second);
    assert.equal(location.memory().records.blocks, 0);
  });
});

describe('growth and shrinking', () => {
  test('addresses-of-record whose 32-bit hashes are equal are told apart', () => {
    const hash = new KeyedHash(new FakeRandom());
    const byHash = new Map<number, string>();
    const pairs: [string, string][] = [];
    for (let i = 0; pairs.length < 3; i++) {
      const text = `user${i}`;
      const other = byHash.get(hash.of(text));
      if (other === undefined) byHash.set(hash.of(text), text);
      else pairs.push([other, text]);
    }
    // Made with the same key as the hash above.
    const table = packed().table('location');
    for (const [one, other] of pairs) {
      store(table, asAor(one), [sampleBinding(one)]);
      assert.deepEqual(table.get(asAor(other), sampleNow), []);
      store(table, asAor(other), [sampleBinding(other)]);
      store(table, asAor(one), []);
      assert.deepEqual(table.get(asAor(one), sampleNow), []);
      assert.deepEqual(table.get(asAor(other), sampleNow), [sampleBinding(other)]);
    }
  });

  test('one more address-of-record takes a few slabs more at most: nothing is copied as a whole', () => {
    const location = packed();
    const table = location.table('location');
    let before = location.memory().bytes;
    for (let i = 0; i < 20_000; i++) {
      store(table, asAor(`user${i}`), [sampleBinding(`r${i}`)]);
      if (i % 16 !== 0) continue;
      const { bytes } = location.memory();
      assert.ok(bytes - before <= 4 * slabBytes, `${i}`);
      before = bytes;
    }
    checkAccounts(location, sampleNow);
  });

  test('after nine of ten have gone, a quarter of the memory is left at most', () => {
    const location = packed();
    const table = location.table('location');
    for (let i = 0; i < 30_000; i++) store(table, asAor(`user${i}`), [sampleBinding(`r${i}`)]);
    const full = location.memory().bytes;
    for (let i = 0; i < 30_000; i++) if (i % 10 !== 0) store(table, asAor(`user${i}`), []);
    checkAccounts(location, sampleNow);
    assert.ok(location.memory().bytes < full / 4 + 10 * slabBytes);
    for (let i = 0; i < 30_000; i += 10) assert.equal(table.get(asAor(`user${i}`), sampleNow)[0]?.ruid, `r${i}`);
  });
});

describe('collecting with a limit', () => {
  test('a second in which 5000 expire is worked off in calls of 1000, each of them removed once', () => {
    const location = packed();
    const table = location.table('location');
    const due = { expiresAt: sampleNow + 60 * second };
    for (let i = 0; i < 5000; i++) store(table, asAor(`user${i}`), [sampleBinding(`r${i}`, due)]);
    const expired = new Set<string>();
    location.onEvent(({ before }) => expired.add(before?.ruid ?? ''));
    location.collect(sampleNow + 59 * second, 1000);
    while (location.isCollecting) location.collect(sampleNow + 59 * second, 1000);
    const counts: number[] = [];
    do counts.push(location.collect(sampleNow + 60 * second, 1000));
    while (location.isCollecting);
    assert.deepEqual(
      counts.filter((count) => count > 0),
      [1000, 1000, 1000, 1000, 1000],
    );
    assert.equal(expired.size, 5000);
    assert.equal(location.stats().registeredUsers, 0);
  });

  test('what waits to be collected is invisible, and may be registered anew', () => {
    const location = packed();
    const table = location.table('location');
    location.collect(sampleNow);
    for (let i = 0; i < 10; i++) {
      store(table, asAor(`user${i}`), [sampleBinding(`r${i}`, { expiresAt: sampleNow + second })]);
    }
    const later = sampleNow + second;
    assert.equal(location.collect(later, 3), 3);
    for (let i = 0; i < 10; i++) assert.deepEqual(table.get(asAor(`user${i}`), later), []);
    for (let i = 0; i < 10; i++) store(table, asAor(`user${i}`), [sampleBinding(`n${i}`)], later);
    while (location.isCollecting) location.collect(later, 3);
    assert.deepEqual(table.statistics(), { users: 10, contacts: 10, expires: 10 });
    checkAccounts(location, later);
  });
});

describe('iteration over records that move', () => {
  test('removals between the steps move records, and every one that stays is seen once, in its order', () => {
    const table = packed().table('location');
    const names = Array.from({ length: 1000 }, (_, i) => `user${i}`);
    for (const name of names) store(table, asAor(name), [sampleBinding(name)]);
    const seen: string[] = [];
    let removed = 0;
    for (const { aor } of table.entries(() => sampleNow)) {
      seen.push(aor);
      // From both ends of what was seen and what is to come.
      if (seen.length % 3 !== 0) continue;
      store(table, asAor(`user${999 - removed}`), []);
      store(table, asAor(`user${removed}`), []);
      removed += 1;
    }
    assert.deepEqual(seen, names.slice(0, seen.length));
    assert.equal(seen.length, 1000 - removed);
  });

  test('a walk that was given up half-way hinders nobody', () => {
    const table = packed().table('location');
    for (const name of ['a', 'b', 'c']) store(table, asAor(name), [sampleBinding(name)]);
    assert.equal(table.entries(() => sampleNow).next().value?.aor, 'a');
    for (const { aor } of table.entries(() => sampleNow)) if (aor === 'b') break;
    for (const name of ['a', 'b', 'c']) store(table, asAor(name), []);
    assert.deepEqual([...table.entries(() => sampleNow)], []);
  });
});
