import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RegistrarOptions, registrarDefaults, registrarProblems } from './options.ts';

test('manual 1.3: the defaults are those of the manual and have no problems', () => {
  assert.deepEqual(registrarProblems(registrarDefaults), []);
  const { cseqCheck, minExpiresMode, sockHdrProto, matchingMode, ...manual } = registrarDefaults;
  assert.deepEqual(manual, {
    defaultExpires: 3600,
    minExpires: 60,
    maxExpires: 0,
    defaultQ: 0,
    natFlag: -1,
    sipNatpingFlag: -1,
    realmPrefix: '',
    appendBranches: true,
    useDomain: false,
    caseSensitive: false,
    descTimeOrder: false,
    receivedAvp: 42,
    receivedParam: 'received',
    maxContacts: 0,
    retryAfter: 0,
    sockFlag: -1,
    sockHdrName: '',
    useBranchFlags: false,
  });
  assert.deepEqual([cseqCheck, minExpiresMode, sockHdrProto, matchingMode], [true, 'raise', false, 'uri']);
});

for (const [different, severity, option] of [
  [{ defaultExpires: -1 }, 'error', 'defaultExpires'],
  [{ defaultExpires: 2 ** 31 }, 'error', 'defaultExpires'],
  [{ minExpires: 1.5 }, 'error', 'minExpires'],
  [{ maxExpires: -5 }, 'error', 'maxExpires'],
  [{ defaultQ: 101 }, 'error', 'defaultQ'],
  [{ natFlag: 0 }, 'error', 'natFlag'],
  [{ natFlag: 32 }, 'error', 'natFlag'],
  [{ sipNatpingFlag: -2 }, 'error', 'sipNatpingFlag'],
  [{ sockFlag: 99, sockHdrName: 'Sock-Info' }, 'error', 'sockFlag'],
  [{ receivedAvp: 0 }, 'error', 'receivedAvp'],
  [{ receivedParam: '' }, 'error', 'receivedParam'],
  [{ receivedParam: 'a;b' }, 'error', 'receivedParam'],
  [{ sockFlag: 18, sockHdrName: 'Sock Info' }, 'error', 'sockHdrName'],
  [{ maxContacts: -1 }, 'error', 'maxContacts'],
  [{ retryAfter: Number.NaN }, 'error', 'retryAfter'],
  [{ sockHdrName: 'Sock-Info' }, 'warning', 'sockHdrName'],
  [{ sockFlag: 18 }, 'warning', 'sockFlag'],
  [{ realmPrefix: 'sip.' }, 'warning', 'realmPrefix'],
  [{ maxExpires: 30 }, 'warning', 'maxExpires'],
] as const satisfies readonly (readonly [Partial<RegistrarOptions>, string, keyof RegistrarOptions])[]) {
  test(`${JSON.stringify(different)} is a ${severity} that names ${option}`, () => {
    const problems = registrarProblems({ ...registrarDefaults, ...different });
    assert.deepEqual(
      problems.map((problem) => [problem.severity, problem.option]),
      [[severity, option]],
    );
    assert.ok(problems[0]?.message.startsWith(`${option} `));
  });
}

test('every problem is listed, not the first alone', () => {
  const problems = registrarProblems({ ...registrarDefaults, defaultQ: 500, natFlag: 77, maxContacts: -1 });
  assert.equal(problems.length, 3);
});
