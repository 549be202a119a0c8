import type { CfgFunction, CfgModule } from '../cfg-function.ts';
import { fails, requestOnly, succeeds } from './arguments.ts';
import { missingFunction } from './missing-function.ts';

// A configuration that asks for passwords must not run where nobody checks them.
const notYet = 'this version does not verify digest credentials yet, and must not pretend to';

/** What is left of a call that finds nothing verified. */
const consume: CfgFunction = {
  name: 'consume_credentials',
  arity: [0, 0],
  blocks: requestOnly,
  doc: 'Removes the credentials that were verified; nothing is verified in this version.',
  returns: '-1',
  bind: () => fails,
};

/** Challenges. */
export const authFunctions: CfgModule = {
  name: 'auth',
  functions: [
    consume,
    {
      name: 'append_rpid_hf',
      arity: [0, 2],
      blocks: ['request', 'failure', 'branch'],
      doc: 'Adds the Remote-Party-ID that credentials came with; there are none in this version.',
      returns: '1',
      bind: () => succeeds,
    },
    {
      name: 'is_rpid_user_e164',
      arity: [0, 0],
      blocks: requestOnly,
      doc: 'Whether the Remote-Party-ID that credentials came with is a number; there is none in this version.',
      returns: '-1',
      bind: () => fails,
    },
    ...[
      'www_challenge',
      'proxy_challenge',
      'auth_challenge',
      'auth_get_www_authenticate',
      'has_credentials',
      'pv_www_authenticate',
      'pv_proxy_authenticate',
      'pv_auth_check',
    ].map((name) => missingFunction(name, notYet)),
  ],
};

/** Credentials of a database. */
export const authDbFunctions: CfgModule = {
  name: 'auth_db',
  functions: [
    'www_authorize',
    'proxy_authorize',
    'www_authenticate',
    'proxy_authenticate',
    'auth_check',
    'is_subscriber',
  ].map((name) => missingFunction(name, notYet)),
};
