import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCfgText } from './load-cfg.ts';

const folder = new URL('../../test/cfg/files/', import.meta.url);
const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** Words of the language in any order: most of what comes out can be parsed up to its first mistake. */
const words = fc.constantFrom(
  ...[
    'route',
    'route[1]',
    'failure_route[1]',
    'onreply_route',
    '{',
    '}',
    '(',
    ')',
    ';',
    'if',
    'else',
    'while',
    'switch',
    'case 1:',
  ],
  ...[
    'exit',
    'return',
    'drop',
    'break',
    'save("location")',
    't_relay()',
    'route(1)',
    'uri==myself',
    'method=="INVITE"',
    '&&',
    '!',
  ],
  ...[
    '$var(x)',
    '=',
    '==',
    '=~',
    '+',
    '5',
    '"text"',
    '"$ru"',
    'src_ip',
    '10.0.0.0/8',
    'setflag(5)',
    'loadmodule "registrar.so"',
  ],
  ...[
    'modparam("registrar", "max_contacts", 5)',
    'listen=udp:192.0.2.1',
    'log("x")',
    ',',
    '\n',
    '#!define X 1\n',
    'append_branch()',
  ],
);

test('no text makes loading throw', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), (tokens) => {
      loadCfgText('any.cfg', tokens.join(' '));
    }),
  );
});

test('no damage to a real file makes loading throw, and what broke its syntax is an error', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.string({ maxLength: 6 })), { minLength: 1, maxLength: 4 }),
      (file, damages) => {
        let text = file;
        for (const [at, length, put] of damages) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + put + text.slice(from + length);
        }
        const { diagnostics, hasErrors } = loadCfgText('damaged.cfg', text);
        assert.equal(
          hasErrors,
          diagnostics.some(({ severity }) => severity === 'error'),
        );
      },
    ),
  );
});
