// Every example of the registrar's manual, verbatim in a whole file that a server runs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withCfg } from './cfg-server.ts';
import { completeExample, examples } from './manual-examples.ts';

describe('the examples of the registrar manual', () => {
  for (const example of examples) {
    test(`example ${example.number}: ${example.effect}`, () =>
      withCfg(completeExample(example), (running) => example.observe(running), {
        name: `example-${example.number}.cfg`,
        ...(example.listen && { listen: example.listen }),
      }));
  }

  test('all 24 are here', () => {
    assert.deepEqual(
      examples.map(({ number }) => number),
      Array.from({ length: 24 }, (_, index) => `1-${index + 1}`),
    );
  });
});
