// One table of functions feeds both front doors: the configuration's and TypeScript's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { cfgModules } from '../functions/index.ts';
import { functionNames, isRefused } from './function-names.ts';
import { printScriptFunctions } from './print-script-functions.ts';

describe('cfg-modules: the functions of a typed script', () => {
  test('issue 4: script-functions.ts says what the tables say (npm run docs writes it)', () => {
    const written = readFileSync(new URL('./script-functions.ts', import.meta.url), 'utf8');
    assert.ok(written === printScriptFunctions(), 'it is out of date');
  });

  test('issue 4: every function of every module is among them, and the core commands', () => {
    const names = new Set(functionNames().map(({ name }) => name));
    for (const { functions } of cfgModules) {
      for (const { name, returns } of functions) assert.equal(names.has(name), !isRefused(returns), name);
    }
    for (const name of ['setflag', 'rewritehost', 'append_branch', 'forward']) assert.ok(names.has(name), name);
  });

  test('cfg-language §7.1: those whose code may be 0 are the ones that say so', () => {
    const ending = functionNames().filter(({ mayEnd }) => mayEnd);
    const names = ending.map(({ name }) => name);
    for (const name of ['save', 'save_memory', 'save_noreply', 't_newtran', 't_relay', 't_relay_to_udp']) {
      assert.ok(names.includes(name), name);
    }
    assert.ok(
      !names.includes('lookup') && !names.includes('sl_send_reply') && !names.includes('mf_process_maxfwd_header'),
    );
  });
});
