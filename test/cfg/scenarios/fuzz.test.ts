// Mutants of every configuration of the tests, through all that `aorta check` does; those without an error are run.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AortaError } from '../../../src/base/errors.ts';
import type { Logger } from '../../../src/base/logger.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import { type LoadedCfg, loadCfgText } from '../../../src/cfg/index.ts';
import { diagnosticToJson, formatDiagnostic } from '../../../src/script/diagnostic.ts';
import { createServer } from '../../../src/server/server.ts';
import { mutate } from '../../fuzz/mutate.ts';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { cfgFiles } from '../files.ts';
import { errorsOf, optionsOfCfg } from './cfg-server.ts';
import { stockKamailioCfg } from './kamailio-package.ts';
import { completeExample, examples } from './manual-examples.ts';
import { fileText } from './scenario.ts';
import { traps } from './traps.ts';

/** `AORTA_FUZZ=100` makes a hundred times as many, for a night. */
const times = Number(process.env.AORTA_FUZZ ?? 1);

const corpus: readonly (readonly [string, string])[] = [
  ...cfgFiles.map(({ name, text }) => [name, text] as const),
  ...[
    'stock.cfg',
    'nathelper.cfg',
    'replicated.cfg',
    'failure-route.cfg',
    'kamailio-nat.cfg',
    'ser.cfg',
    'opensips.cfg',
  ].map((name) => [name, fileText(name)] as const),
  ['the examples of the manual', examples.map(completeExample).join('\n')],
  ['the traps', traps.map(({ text }) => text).join('\n')],
  ...(existsSync(stockKamailioCfg) ? [['kamailio.cfg', readFileSync(stockKamailioCfg, 'utf8')] as const] : []),
];
const texts = corpus.map(([, text]) => Buffer.from(text));

const requests = ['REGISTER', 'OPTIONS', 'INVITE'].map((method) =>
  Buffer.from(
    [
      `${method} sip:example.com SIP/2.0`,
      'Via: SIP/2.0/TCP 10.0.0.1:5060;branch=z9hG4bKfuzz',
      'Max-Forwards: 5',
      'From: <sip:alice@example.com>;tag=1',
      'To: <sip:alice@example.com>',
      `Call-ID: ${method}`,
      `CSeq: 1 ${method}`,
      'Contact: <sip:alice@10.0.0.1;transport=tcp>',
      'Content-Length: 0\r\n\r\n',
    ].join('\r\n'),
  ),
);

/** The mutator repeats parts; more than this of them tells nothing new. */
const longest = 60_000;

/** Loads a text; what is said of it has its place, and what has no error is run. */
async function survive(mutant: string, about: string): Promise<void> {
  const text = mutant.slice(0, longest);
  const loaded = loadCfgText('fuzz.cfg', text, { readFile: (path) => (path.endsWith('.inc') ? text : undefined) });
  for (const diagnostic of loaded.diagnostics) {
    const { span } = diagnostic;
    assert.ok(span.start >= 0 && span.start <= span.end && span.end <= span.file.text.length, about);
    assert.match(formatDiagnostic(diagnostic), /^[^\n]*:\d+:\d+: (error|warning|info): ./, about);
    assert.ok(diagnosticToJson(diagnostic), about);
  }
  assert.equal(loaded.hasErrors, errorsOf(loaded).length > 0, about);
  if (!loaded.hasErrors) await run(loaded, about);
}

/** Gives a server that has it three requests; whatever it does with them, it does not fail. */
async function run(loaded: LoadedCfg, about: string): Promise<void> {
  const failures: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (message, fields) => void failures.push(`${message} ${fields?.error ?? ''}`),
  };
  try {
    const server = createServer(optionsOfCfg(loaded), { logger });
    const answers = requests.map((request) => server.inject(request).catch(() => undefined));
    await new Promise(setImmediate);
    await server.stop();
    await Promise.all(answers);
  } catch (error) {
    // Parameters of two modules may contradict each other.
    assert.ok(error instanceof AortaError, `${about}: ${error}`);
  }
  assert.deepEqual(
    failures.filter((failure) => /(Type|Range|Reference|Assertion)Error/.test(failure)),
    [],
    about,
  );
}

describe('issue 4, bad input: mutants of configurations end in diagnostics with their places', () => {
  for (const [index, [name, text]] of corpus.entries()) {
    test(`bytes of ${name}`, async () => {
      const bytes = Buffer.from(text);
      for (let number = 0; number < 40 * times; number++) {
        const seed = index * 1_000_003 + number;
        await survive(mutate(bytes, texts, new SeededRandom(seed)).toString('utf8'), `seed ${seed}`);
      }
    });

    test(`tokens of ${name}`, async () => {
      const tokens = text.split(/(\b|[{}();,"])/);
      for (let number = 0; number < 40 * times; number++) {
        const seed = index * 2_000_003 + number;
        await survive(mutateTokens(tokens, new SeededRandom(seed)), `seed ${seed}`);
      }
    });
  }

  test('parts of several files put together', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...corpus), fc.nat(), fc.nat(400)), { maxLength: 6 }),
        (parts) =>
          survive(
            parts.map(([[, text], at, length]) => text.slice(at % text.length, (at % text.length) + length)).join('\n'),
            'parts',
          ),
      ),
      { numRuns: 200 * times, seed: 3261 },
    ));
});

/** Drops, doubles and exchanges one to three tokens: most of these are syntactically right. */
function mutateTokens(tokens: readonly string[], random: SeededRandom): string {
  const mutant = [...tokens];
  for (let change = random.below(3); change >= 0; change--) {
    const at = random.below(mutant.length);
    const other = mutant[random.below(mutant.length)] ?? '';
    const replacement = [[], [mutant[at] ?? '', mutant[at] ?? ''], [other], [other, mutant[at] ?? '']];
    mutant.splice(at, 1, ...random.pick(replacement));
  }
  return mutant.join('');
}
