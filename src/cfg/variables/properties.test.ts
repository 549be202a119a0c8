import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseFormat, parsePv } from '../../script/pv-syntax.ts';
import { SipRequest } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parser.ts';
import { CfgBench } from '../testing/cfg-bench.ts';
import { VariableFixture } from '../testing/variable-fixture.ts';
import { isVariableProblem } from './problem.ts';
import { templateOf, variableOf } from './resolve.ts';
import { VariableScope } from './scope.ts';
import { variableGroups } from './table.ts';
import type { CfgValue } from './template.ts';
import { transformationTable } from './transformations.ts';

const entries = variableGroups.flatMap(({ variables }) => variables).filter(({ name }) => name !== 'sel');

/** Every variable in the simplest way of writing it, and those with an index in all ways. */
const written = entries.flatMap(({ name, argument, argumentOptional, indexed }) => {
  const plain = argument === undefined || argumentOptional ? [`$${name}`] : [];
  const called = argument === undefined ? [] : [`$${name}(${argument})`];
  const inner = argument === undefined ? name : `${name}(${argument})`;
  const places =
    !indexed || /^xav/.test(name) ? [] : name === 'branch' ? ['0', '-1'] : ['0', '-1', '3', '*', '$var(i)'];
  return [...plain, ...called, ...places.map((place) => `$(${inner}[${place}])`)];
});

/** A transformation with parameters of the right number. */
const transformation = fc.constantFrom(...transformationTable).chain(({ name, arity = [0, 0] }) =>
  name === 're.subst'
    ? fc.constantFrom('re.subst,/a*/x/g', 're.subst,/(.)(.)/\\2\\1$ru/')
    : fc
        .array(fc.constantFrom('0', '1', '-1', '7', 'a', ';', 'transport', '$rU'), {
          minLength: arity[0],
          maxLength: arity[1],
        })
        .map((parameters) => [name, ...parameters].join(',')),
);

/** Bytes that a stranger may send: lines that are nearly those of a request. */
const hostileLine = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .tuple(
      fc.constantFrom(
        'From',
        'To',
        'Contact',
        'm',
        'Via',
        'CSeq',
        'Call-ID',
        'Authorization',
        'Refer-To',
        'Diversion',
        'Content-Length',
        'Expires',
        'X',
      ),
      fc.string({ unit: fc.constantFrom(...'<>"@;:,=? \tsip1a\u00ff%[]\\*'), maxLength: 40 }),
    )
    .map(([name, value]) => `${name}: ${value}`),
);
const hostileUri = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'sip:telsa@b.c;=?&%[]0#'), maxLength: 30 }),
  fc.constantFrom('sip:', 'sip:@', 'sip:a@', 'tel:', 'x', 'sip:a@[::1', 'sips:a:b@c:99999'),
);

function hostileRequest(uri: string, lines: readonly string[], body: string): SipRequest | undefined {
  const head = [`INVITE ${uri} SIP/2.0`, 'Via: SIP/2.0/UDP 192.0.2.50;branch=z9hG4bK1', ...lines];
  const message = parseMessage(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  return message instanceof SipRequest ? message : undefined;
}

describe('properties of variables', () => {
  test('the text of any variable is a problem or a variable', () => {
    const text = fc.oneof(
      fc
        .string({ unit: fc.constantFrom(...'$(){}[]*=>,.:;ruavphdis_07- \\/'), maxLength: 20 })
        .map((rest) => `$${rest}`),
      fc
        .tuple(fc.constantFrom(...written), fc.string({ unit: fc.constantFrom(...'(){}[]*.,s$'), maxLength: 6 }))
        .map(([a, b]) => a + b),
      fc
        .tuple(fc.constantFrom(...entries), fc.string({ unit: fc.constantFrom(...'$is:a[0]=>*-., '), maxLength: 12 }))
        .map(([{ name }, argument]) => `$(${name}(${argument}))`),
    );
    const scope = new VariableScope();
    const run = new CfgBench().requestRun();
    fc.assert(
      fc.property(text, (written) => {
        const pv = parsePv(written);
        if ('problem' in pv) return;
        const made = variableOf(pv, scope);
        if (isVariableProblem(made)) assert.ok(made.problem.length > 0);
        else assertValue(made.read(run));
      }),
      { numRuns: 4000 },
    );
  });

  test('any text is a template or a problem with its place', () => {
    const scope = new VariableScope();
    const run = new CfgBench().requestRun();
    const text = fc.array(
      fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...written, '$', '$$', '$(', '$nosuch')),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        const made = templateOf(parseFormat(whole), scope);
        if (!isVariableProblem(made)) {
          assert.equal(typeof made.text(run), 'string');
          return;
        }
        const { start = -1, end = -1 } = made;
        assert.ok(start >= 0 && start < end && end <= whole.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('every variable, and any transformation of it, reads a value from any message, and none throws', () => {
    const variables = new VariableFixture();
    const plain = written.map((text) => variables.variable(text));
    const bench = new CfgBench();
    fc.assert(
      fc.property(
        hostileUri,
        fc.array(hostileLine, { maxLength: 8 }),
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom(...written),
        fc.array(transformation, { minLength: 1, maxLength: 3 }),
        (uri, lines, body, name, chain) => {
          const request = hostileRequest(uri, lines, body);
          if (request === undefined) return;
          const run = bench.requestRun(request);
          for (const variable of plain) assertValue(variable.read(run));
          const inner = name.startsWith('$(') ? name.slice(2, -1) : name.slice(1);
          assertValue(variables.read(run, `$(${inner}${chain.map((step) => `{${step}}`).join('')})`));
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('an assignment takes any value or says why not, and leaves a request that can go out', () => {
    const variables = new VariableFixture();
    const bench = new CfgBench();
    const writable = written.filter((text) => variables.variable(text).write !== undefined);
    const value: fc.Arbitrary<CfgValue> = fc.oneof(
      fc.constant(undefined),
      fc.integer({ min: -5, max: 70_000 }),
      fc.string({ maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      hostileUri,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...writable), value), { maxLength: 6 }), (assignments) => {
        const run = bench.requestRun();
        for (const [name, assigned] of assignments) {
          const problem = variables.write(run, name, assigned);
          assert.ok(problem === undefined || problem.length > 0);
          assertValue(variables.read(run, name));
        }
        const { uri, destinationUri = '' } = run.context;
        assert.ok(!/[\r\n ]/.test(uri + destinationUri), 'no assignment makes two lines of one');
        assert.equal(variables.read(run, '$ru'), uri);
      }),
      { numRuns: 2000 },
    );
  });

  test('cfg-language 8: what is put into a part of the Request-URI is read from it again', () => {
    const variables = new VariableFixture();
    const bench = new CfgBench();
    const user = fc.string({ unit: fc.constantFrom(...'abc019-_.!~*()&=+$,;?/'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(user, fc.integer({ min: 1, max: 65_535 }), fc.domain(), (name, port, host) => {
        const run = bench.requestRun({ uri: 'sip:bob@example.org;transport=tcp' });
        for (const [variable, part] of [
          ['$rU', name],
          ['$rp', port],
          ['$rd', host],
        ] as const) {
          assert.equal(variables.write(run, variable, part), undefined);
        }
        assert.equal(run.context.uri, `sip:${name}@${host}:${port};transport=tcp`);
        assert.deepEqual(
          [variables.read(run, '$rU'), variables.read(run, '$rd'), variables.read(run, '$rp')],
          [name, host, port],
        );
      }),
    );
  });
});

function assertValue(value: CfgValue): void {
  assert.ok(
    value === undefined || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)),
    String(value),
  );
}
