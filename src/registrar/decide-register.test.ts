import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Binding } from '../location/binding.ts';
import { RegistrarFixture, registerRequest } from '../testing/registrar-fixture.ts';

/** One contact of a generated REGISTER; malformed ones make some requests fail. */
const contact = fc.record({
  user: fc.constantFrom('a', 'b', 'c', 'd', 'e', '%61'),
  parameter: fc.constantFrom('', ';x=1', ';x=2', ';transport=tcp'),
  expires: fc.constantFrom('', ';expires=0', ';expires=60', ';expires=90', ';expires=abc'),
  q: fc.constantFrom('', ';q=0', ';q=0.5', ';q=1', ';q=0.5', ';q=7'),
});

const request = fc.oneof(
  { weight: 12, arbitrary: fc.array(contact, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constant('*' as const) },
);

const run = fc.array(
  fc.record({
    contacts: request,
    callId: fc.constantFrom('one@h', 'two@h'),
    cseqStep: fc.constantFrom(-1, 0, 1, 1, 1, 1),
    wait: fc.constantFrom(0, 1, 59, 60),
  }),
  { minLength: 1, maxLength: 20 },
);

const options = fc.record({
  maxContacts: fc.constantFrom(0, 1, 2, 3),
  descTimeOrder: fc.boolean(),
  cseqCheck: fc.boolean(),
  matchingMode: fc.constantFrom('uri' as const, 'bytes' as const, 'uri+callid' as const, 'callid' as const),
});

type Lines = readonly string[];

function linesOf(contacts: typeof request extends fc.Arbitrary<infer T> ? T : never): Lines {
  if (contacts === '*') return ['Contact: *', 'Expires: 0'];
  return contacts.map(({ user, parameter, expires, q }) => `Contact: <sip:${user}@10.0.0.1${parameter}>${expires}${q}`);
}

/** Plays a run and shows each step with the bindings before and after it. */
function play(
  steps: typeof run extends fc.Arbitrary<infer T> ? T : never,
  registrar: RegistrarFixture,
  check: (result: ReturnType<RegistrarFixture['save']>, before: readonly Binding[]) => void,
): void {
  let cseq = 100;
  for (const { contacts, callId, cseqStep, wait } of steps) {
    registrar.now += wait * 1000;
    cseq += cseqStep;
    const before = registrar.bindings;
    check(registrar.save(registerRequest(linesOf(contacts), cseq, callId)), before);
  }
}

test('decision 10: a refused request leaves the very same list, an accepted one stores what it says', () => {
  fc.assert(
    fc.property(run, options, (steps, different) => {
      const registrar = new RegistrarFixture(different);
      play(steps, registrar, (result, before) => {
        if (!result.ok || result.outcome === 'unchanged' || result.outcome === 'fetched') {
          assert.deepEqual(registrar.bindings, before);
        }
        assert.deepEqual(result.bindings, registrar.bindings);
      });
    }),
  );
});

test('decision 15: a registration never leaves more new bindings than max_contacts allows', () => {
  fc.assert(
    fc.property(run, options, (steps, different) => {
      const registrar = new RegistrarFixture(different);
      play(steps, registrar, () => {
        if (different.maxContacts > 0) assert.ok(registrar.bindings.length <= different.maxContacts);
      });
    }),
  );
});

test('style 4.11: an address of record has 1000 contacts at most, also when max_contacts is off', () => {
  const registrar = new RegistrarFixture({ maxContacts: 0 });
  for (let i = 0; i < 20; i++) {
    const contacts = Array.from({ length: 50 }, (_, j) => `<sip:a@10.0.${i}.${j}>`);
    assert.ok(registrar.register([`Contact: ${contacts.join(', ')}`]).ok);
  }
  const refused = registrar.reply(registrar.register(['Contact: <sip:one@10.1.0.1>']));
  assert.equal(refused.status, 503);
  assert.equal(registrar.bindings.length, 1000);
  assert.ok(registrar.register(['Contact: <sip:a@10.0.0.0>;expires=60']).ok, 'a refresh goes on');
});

test('decision 15: lowering max_contacts below what is stored still allows every refresh and removal', () => {
  const registrar = new RegistrarFixture();
  const contacts = ['a', 'b', 'c', 'd'].map((user) => `Contact: <sip:${user}@10.0.0.1>`);
  registrar.register(contacts);
  const limited = new RegistrarFixture({ maxContacts: 2 });
  const [aor] = [...registrar.table.entries(() => registrar.now)];
  assert.ok(aor);
  limited.table.update(aor.aor, limited.now, () => ({ bindings: aor.bindings, result: undefined }));
  assert.equal(limited.register(contacts, {}, 'other@h').ok, true);
  assert.equal(limited.register([`${contacts[0]};expires=0`], {}, 'other@h').ok, true);
  assert.equal(limited.register(['Contact: <sip:e@10.0.0.1>'], {}, 'other@h').ok, false);
  assert.equal(limited.bindings.length, 3);
});

test('decisions 6 and 7: after any run the list is in descending q, or in descending time of modification', () => {
  fc.assert(
    fc.property(run, options, (steps, different) => {
      const registrar = new RegistrarFixture(different);
      play(steps, registrar, () => {
        const keys = registrar.bindings.map(({ q, lastModifiedAt }) => (different.descTimeOrder ? lastModifiedAt : q));
        assert.deepEqual(
          keys,
          keys.toSorted((x, y) => y - x),
        );
      });
    }),
  );
});

test('decisions 8 and 14: after any run no two bindings have the same text or identity', () => {
  fc.assert(
    fc.property(run, options, (steps, different) => {
      const registrar = new RegistrarFixture({ ...different, matchingMode: 'uri' });
      play(steps, registrar, () => {
        const texts = registrar.bindings.map(({ contact: text }) => text);
        assert.equal(new Set(texts).size, texts.length);
        const ruids = registrar.bindings.map(({ ruid }) => ruid);
        assert.equal(new Set(ruids).size, ruids.length);
      });
    }),
  );
});

test('§10.3 step 7, §19.1.4: a removal is about every binding that its URI is equivalent to, so that it can be sent twice', () => {
  const registrar = new RegistrarFixture();
  registrar.save(registerRequest(['Contact: <sip:a@h;x=1>, <sip:a@h;x=2>'], 1));
  assert.equal(registrar.bindings.length, 2);
  registrar.save(registerRequest(['Contact: <sip:a@h>;expires=0'], 2));
  assert.deepEqual(registrar.bindings, []);
});

test('decision 9: a request sent twice is answered the same and changes nothing the second time', () => {
  fc.assert(
    fc.property(run, options, (steps, different) => {
      const registrar = new RegistrarFixture({ ...different, cseqCheck: true });
      let cseq = 0;
      for (const { contacts, callId } of steps) {
        cseq += 1;
        const sent = registerRequest(linesOf(contacts), cseq, callId);
        const first = registrar.save(sent);
        const after = registrar.bindings;
        const second = registrar.save(sent);
        assert.equal(second.ok, first.ok);
        if (contacts === '*' || new Set(contacts.map(({ user }) => user)).size === contacts.length) {
          assert.deepEqual(registrar.bindings, after);
        }
      }
    }),
  );
});
