import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readArguments } from '../arguments.ts';
import type { UlCommand } from './arguments.ts';

function commandOf(...args: readonly string[]): UlCommand {
  const read = readArguments(['ul', ...args]);
  assert.equal(read.name, 'ul', JSON.stringify(read));
  return (read as Extract<typeof read, { name: 'ul' }>).ul.command;
}

describe('aorta ul', () => {
  const contact = 'sip:alice@10.0.0.9';
  const place = { table: 'location', aor: 'alice' };
  const added = (expires: number, q: number | null, flags: object = {}) => ({
    ...{ name: 'add', ...place },
    contact: { contact, expires, q, flags },
  });

  const good: readonly (readonly [readonly string[], object])[] = [
    [['dump'], { name: 'dump', table: undefined }],
    [['dump', 'aliases'], { name: 'dump', table: 'aliases' }],
    [['show', 'location', 'alice'], { name: 'show', ...place }],
    [['rm', 'location', 'alice'], { name: 'rm', ...place }],
    [['rm-contact', 'location', 'alice', contact], { name: 'rm-contact', ...place, contact }],
    [['flush'], { name: 'flush' }],
    [['stats', '--json'], { name: 'stats' }],
    [['add', 'location', 'alice', contact, '0', '1.00', '128'], added(0, 1, { permanent: true })],
    [['add', 'location', 'alice', contact, '0', '1.00', '0', '128'], added(0, 1, { permanent: true })],
    [['add', 'location', 'alice', contact, '0', '1.00', '1', '128'], added(0, 1, { permanent: true })],
    [['add', 'location', 'alice', contact, '60', '0.5'], added(60, 0.5)],
    [['add', 'location', 'alice', contact, '60', '.5', '0'], added(60, 0.5)],
    [['add', 'location', 'alice', contact, '60', 'none', '129'], added(60, null, { permanent: true, nat: true })],
  ];
  for (const [args, expected] of good) {
    test(`spec 10: ${args.join(' ')}`, () => assert.deepEqual(commandOf(...args), expected));
  }

  const wrong: readonly (readonly [readonly string[], readonly RegExp[]])[] = [
    [[], [/^ul: needs a command: dump, show, add/]],
    [['dmp'], [/^ul dmp: there is no such command; did you mean dump\?/]],
    [['show'], [/TABLE is missing: aorta ul show TABLE AOR/, /AOR is missing/]],
    [['flush', 'now'], [/^ul flush: "now" is one argument too many/]],
    [
      ['dump', 'a', 'b', 'c'],
      [/"b" is one argument too many/, /"c" is one/],
    ],
    [
      ['add', 'location', 'alice', contact],
      [/EXPIRES is missing/, /Q is missing/],
    ],
    [
      ['add', 'location', 'alice', contact, '-', '1.5', 'permanent'],
      [/^EXPIRES: must be seconds from 0/, /^Q: must be from 0 to 1/, /^FLAGS: must be a sum of 1 nat, 128 permanent/],
    ],
    [['add', 'location', 'alice', contact, '2147483648', '1'], [/^EXPIRES/]],
    [['add', 'location', 'alice', contact, '1e3', '1'], [/^EXPIRES/]],
    [['add', 'location', 'alice', contact, '60', '0.5555'], [/^Q/]],
    [['add', 'location', 'alice', contact, '60', '1.01'], [/^Q/]],
    [['add', 'location', 'alice', contact, '60', '1', '2'], [/^FLAGS/]],
    [['add', 'location', 'alice', contact, '60', '1', '4294967424'], [/^FLAGS/]],
    [['add', 'location', 'alice', contact, '60', '1', '2', '128'], [/^ul add: REPLICATE, between Q and FLAGS/]],
    [
      ['add', 'location', 'alice', contact, '60', '1', '0', '128', '9'],
      [/one argument too many/, /one argument too many/],
    ],
    [['show', 'location', 'sip:alice@example.org'], [/^AOR: is written without sip:, as in alice@example\.org/]],
    [
      ['rm', '', ''],
      [/^TABLE: is empty/, /^AOR: is empty/],
    ],
    [['rm-contact', 'location', 'alice', `<${contact}>`], [/^CONTACT: is written without angle brackets/]],
    [['stats', '--jsn'], [/^--jsn: no such option; did you mean --json\?/]],
    [['stats', '--admin', 'nowhere'], [/^--admin: "nowhere" is no IP address/]],
    [['stats', '--admin', '127.0.0.1:0'], [/^--admin: port 0 is nowhere/]],
    [['stats', '--admin', 'off'], [/^--admin: "off" is no IP address/]],
  ];
  for (const [args, expected] of wrong) {
    test(`bad input: ul ${args.join(' ')} names each problem`, () => {
      const read = readArguments(['ul', ...args]);
      assert.ok(read.name === 'wrong', JSON.stringify(read));
      const lines = read.problems.map(({ place: where, message }) => `${where}: ${message}`);
      assert.equal(lines.length, expected.length, lines.join('\n'));
      for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? '', pattern);
    });
  }
});
