// The traps of the language, from outside.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadCfgText } from '../../../src/cfg/index.ts';
import { formatDiagnostic } from '../../../src/script/diagnostic.ts';
import { errorsOf, withCfg } from './cfg-server.ts';
import { traps } from './traps.ts';

describe('cfg-language §14, the traps', () => {
  for (const { number, title, text, observe } of traps) {
    test(`trap ${number}: ${title}`, () => withCfg(text, observe, { name: `trap-${number}.cfg` }));
  }

  test('all 20 are here', () => {
    assert.deepEqual(
      traps.map(({ number }) => number),
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test('trap 12: the warning of a break says what it does, and where it stands', () => {
    const { diagnostics } = loadCfgText(
      'old.cfg',
      'loadmodule "sl.so"\nroute {\n\tsl_send_reply("200", "OK");\n\tbreak;\n}\n',
    );
    const said = diagnostics.map(formatDiagnostic).filter((text) => /break/.test(text));
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /^old\.cfg:4:2: warning: .*SER/);
  });

  test('trap 13: a module that is not loaded, and a value of the wrong type, are errors', () => {
    const text =
      'loadmodule "registrar.so"\nmodparam("regist", "max_contacts", 1)\nmodparam("registrar", "max_contacts", "ten")\n';
    const errors = errorsOf(loadCfgText('a.cfg', text));
    assert.equal(errors.length, 2, errors.join('\n'));
    assert.match(errors[0] ?? '', /^a\.cfg:2:\d+: error: .*regist/);
    assert.match(errors[1] ?? '', /^a\.cfg:3:\d+: error: .*max_contacts/);
  });
});
