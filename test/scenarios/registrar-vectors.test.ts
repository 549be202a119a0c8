import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { camelCase } from '../../src/routing/parameter.ts';
import { resolveOptions } from '../../src/server/options.ts';
import { startPureDriver } from './pure-driver.ts';
import { laterVectors, registrarVectors, runVector, startVectors } from './registrar-vectors.ts';
import { startServerDriver } from './server-driver.ts';

describe('the registrar vectors over save and lookup', () => {
  for (const vector of registrarVectors) {
    const decided = vector.decisions.length > 0 ? ` (decisions ${vector.decisions.join(', ')})` : '';
    test(`vector ${vector.number}: ${vector.title}${decided}`, () => runVector(vector, startPureDriver));
  }
});

describe('the registrar vectors through real sockets against a whole server', () => {
  for (const vector of registrarVectors) {
    test(`vector ${vector.number}: ${vector.title}`, () => runVector(vector, startServerDriver));
  }
});

describe('the registrar vectors of the start', () => {
  for (const vector of startVectors) {
    test(`vector ${vector.number}: ${vector.title}`, () => {
      const start = () => resolveOptions({ registrar: vector.options });
      for (const option of vector.errors) assert.throws(start, new RegExp(`registrar\\.${option}: `));
      if (vector.errors.length > 0) return;
      const places = start().warnings.map(({ place }) => camelCase(place.replace('registrar.', '')));
      assert.deepEqual(places, vector.warnings);
    });
  }
});

test('every vector from 1 to 157 has a row', () => {
  const numbers = new Set(
    [...registrarVectors, ...startVectors, ...laterVectors].map(({ number }) => number.replace(/-.*$/, '')),
  );
  const wanted = Array.from({ length: 157 }, (_, i) => String(i + 1));
  const missing = [...wanted, '24a', '92a', '92b', '156a', '156b'].filter((number) => !numbers.has(number));
  assert.deepEqual(missing, []);
});
