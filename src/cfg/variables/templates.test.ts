import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFormat } from '../../script/pv-syntax.ts';
import { CfgBench } from '../testing/cfg-bench.ts';
import { VariableFixture } from '../testing/variable-fixture.ts';
import { avpAliasesOf } from './avp-names.ts';
import { isVariableProblem } from './problem.ts';
import { templateOf } from './resolve.ts';
import { VariableScope } from './scope.ts';
import { literalTemplate } from './templates.ts';
import { numberOf, textOf } from './values.ts';

describe('cfg-language 9: texts with variables', () => {
  const variables = new VariableFixture();
  const run = new CfgBench().requestRun({ method: 'REGISTER' });

  const texts: readonly (readonly [string, string])[] = [
    ['', ''],
    ['plain', 'plain'],
    ['$rm', 'REGISTER'],
    ['<$rm> from $fU@$fd:$sp', '<REGISTER> from alice@example.com:5060'],
    ['$$rm', '$rm'],
    ['100$', '100$'],
    ['absent $hdr(X)!', 'absent <null>!'],
    ['empty [$du]', 'empty []'],
    ['$rU$rd', 'bobexample.org'],
    ['$(rU)x', 'bobx'],
    ['$Cbxtext$Cxx.', 'text.'],
    ['$C(bx)text$C(xx).', 'text.'],
    ['\u00fc $rU', '\u00c3\u00bc bob'],
  ];
  for (const [text, expected] of texts) {
    test(JSON.stringify(text), () => assert.equal(variables.expand(run, text), expected));
  }

  test('a text that is one variable keeps its number and its absence', () => {
    assert.equal(variables.template('$sp').value(run), 5060);
    assert.equal(variables.template('$sp').text(run), '5060');
    assert.equal(variables.template('$hdr(X)').value(run), undefined);
    assert.equal(variables.template('$du').value(run), undefined);
    assert.equal(variables.template('$sp ').value(run), '5060 ');
    assert.equal(variables.template('5060').value(run), '5060');
  });

  test('a literal has no variables, and its letters become bytes of the wire', () => {
    const literal = literalTemplate('$rm \u00fc');
    assert.equal(literal.text(run), '$rm \u00c3\u00bc');
    assert.equal(literal.value(run), '$rm \u00c3\u00bc');
  });

  test('the first thing that is wrong is said with its place', () => {
    const scope = new VariableScope();
    for (const [text, start, end, message] of [
      ['ab $nosuchvariable x', 3, 18, /no variable/],
      ['ab $hdr(Via', 3, 11, /not closed/],
      ['$ru $(ru{s.x})', 4, 14, /no transformation/],
    ] as const) {
      const made = templateOf(parseFormat(text), scope);
      assert(isVariableProblem(made));
      assert.match(made.problem, message);
      assert.deepEqual([made.start, made.end], [start, end]);
    }
  });
});

describe('cfg-language 10: avp_aliases', () => {
  test('names for ids, strings and other aliases', () => {
    assert.deepEqual(
      avpAliasesOf(' email=s:email_address ; caller=i:9;again=$caller;bare=x; '),
      new Map<string, number | string>([
        ['email', 'email_address'],
        ['caller', 9],
        ['again', 9],
        ['bare', 'x'],
      ]),
    );
  });

  for (const [text, message] of [
    ['email', /defines no AVP alias/],
    ['=i:7', /defines no AVP alias/],
    ['a b=i:7', /defines no AVP alias/],
    ['a=i:0', /AVP id/],
    ['a=', /no name of an AVP/],
    ['a=$b', /no AVP alias '\$b'/],
    ['caller=i:9;a=$calle', /did you mean '\$caller'/],
  ] as const) {
    test(JSON.stringify(text), () => {
      const aliases = avpAliasesOf(text);
      assert(isVariableProblem(aliases));
      assert.match(aliases.problem, message);
    });
  }
});

describe('values', () => {
  test('a number is what is one as a whole', () => {
    for (const [value, number] of [
      [7, 7],
      ['7', 7],
      ['-7', -7],
      ['+7', 7],
      ['007', 7],
      ['', undefined],
      ['-', undefined],
      ['7a', undefined],
      [' 7', undefined],
      ['0x7', undefined],
      ['1'.repeat(16), undefined],
      [undefined, undefined],
    ] as const) {
      assert.equal(numberOf(value), number, String(value));
    }
  });

  test('an absent value is <null> in a text', () => {
    assert.equal(textOf(undefined), '<null>');
    assert.equal(textOf(-7), '-7');
    assert.equal(textOf(''), '');
  });
});
