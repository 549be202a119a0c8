import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { moduleTables } from '../modules/index.ts';
import { type AortaOptions, resolveOptions } from './options.ts';

describe('resolveOptions', () => {
  test('manual 1.3: the defaults are those of the manual', () => {
    const { sockHdrProto, cseqCheck, minExpiresMode, ...manual } = resolveOptions({}).modules.registrar;
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
    assert.deepEqual([sockHdrProto, cseqCheck, minExpiresMode], [false, true, 'raise']);
  });

  const refused: readonly (readonly [AortaOptions, RegExp])[] = [
    [{ registrar: { defaultExpires: -1 } }, /registrar\.defaultExpires: must be a whole number from 0 to 2147483647/],
    [{ registrar: { defaultExpires: 2 ** 31 } }, /registrar\.defaultExpires/],
    [{ registrar: { minExpires: 1.5 } }, /registrar\.minExpires/],
    [{ registrar: { defaultQ: 101 } }, /registrar\.defaultQ: must be a whole number from 0 to 100/],
    [{ registrar: { natFlag: 0 } }, /registrar\.natFlag: must be a whole number from 1 to 31, or -1/],
    [{ registrar: { natFlag: 32 } }, /registrar\.natFlag/],
    [{ registrar: { receivedAvp: 0 } }, /registrar\.receivedAvp/],
    [{ registrar: { receivedParam: 'a;b' } }, /registrar\.receivedParam: must be the name of a header parameter/],
    [{ registrar: { sockHdrName: 'Sock Info' } }, /registrar\.sockHdrName: must be a header name/],
    [{ registrar: { maxContacts: -1 } }, /registrar\.maxContacts/],
    [{ registrar: { retryAfter: Number.NaN } }, /registrar\.retryAfter/],
    [{ set: ['registrar.min_expires_mode=rise'] }, /must be one of raise \(0\), reject \(1\)/],
    [{ set: ['registrar.append_branches=maybe'] }, /must be 0 or 1/],
    [{ set: ['nathelper.sipping_from=nobody'] }, /must be a SIP URI/],
    [{ set: ['nathelper.force_socket=10.0.0.1'] }, /must be one of the listeners/],
    [{ listen: [] }, /listen: must name at least one address/],
    [{ domains: ['exa mple'] }, /is no host name/],
  ];
  for (const [options, expected] of refused) {
    test(`bad options: ${JSON.stringify(options)} is an error that names place and remedy`, () => {
      assert.throws(() => resolveOptions(options), expected);
    });
  }

  test('bad options: every problem is listed, not the first alone', () => {
    assert.throws(
      () => resolveOptions({ registrar: { defaultQ: 500, natFlag: 77 }, domains: ['a b'] }),
      (error: Error) => error.message.split('\n').length === 3,
    );
  });

  test('vector 151: usrloc.use_domain that contradicts the registrar’s is refused; unset, it follows', () => {
    assert.throws(() => resolveOptions({ usrloc: { useDomain: true } }), /set both to the same value/);
    assert.throws(
      () => resolveOptions({ set: ['usrloc.use_domain=0'], registrar: { useDomain: true } }),
      /usrloc\.use_domain/,
    );
    assert.equal(resolveOptions({ registrar: { useDomain: true } }).modules.usrloc.useDomain, true);
  });

  const warned: readonly (readonly [AortaOptions, string])[] = [
    [{ registrar: { sockFlag: 18 } }, 'registrar.sock_flag'],
    [{ registrar: { sockHdrName: 'Sock-Info' } }, 'registrar.sock_hdr_name'],
    [{ registrar: { realmPrefix: 'sip.' } }, 'registrar.realm_prefix'],
    [{ registrar: { maxExpires: 30 } }, 'registrar.max_expires'],
  ];
  for (const [options, place] of warned) {
    test(`options without effect: ${JSON.stringify(options)} starts with a warning that names ${place}`, () => {
      assert.deepEqual(
        resolveOptions(options).warnings.map((warning) => warning.place),
        [place],
      );
    });
  }

  for (const [module, { parameters }] of Object.entries(moduleTables)) {
    test(`docs: every example in the table of ${module} is accepted`, () => {
      for (const [name, { example }] of Object.entries(parameters)) {
        // received_avp must be the same in two modules, use_domain too.
        const both = name === 'received_avp' || name === 'use_domain';
        const modules = both ? Object.keys(moduleTables).filter((other) => hasParameter(other, name)) : [module];
        const value = typeof example === 'boolean' ? Number(example) : example;
        resolveOptions({ set: modules.map((each) => `${each}.${name}=${value}`) });
      }
    });
  }

  test('--set wins over the options, and takes numbers for words as openser.cfg writes them', () => {
    const { registrar } = resolveOptions({
      registrar: { minExpires: 1, minExpiresMode: 'raise' },
      set: [
        'registrar.min_expires=5',
        'registrar.min_expires_mode=1',
        'registrar.realm_prefix=a=b',
        'registrar.use_domain=1',
      ],
    }).modules;
    assert.equal(registrar.minExpires, 5);
    assert.equal(registrar.minExpiresMode, 'reject');
    assert.equal(registrar.realmPrefix, 'a=b');
  });
});

function hasParameter(module: string, name: string): boolean {
  return Object.entries(moduleTables).some(([other, { parameters }]) => other === module && name in parameters);
}
