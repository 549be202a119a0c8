import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { rounds, seed, users } from './effort.ts';
import { RegisterLoad } from './register-load.ts';
import { Servers } from './servers.ts';

describe('kill -9 in the middle of REGISTERs', () => {
  const servers = new Servers();
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'aorta-kill-'));
  });
  after(async () => {
    await servers.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test(`write-through to SQLite: what was acknowledged is there, what was removed stays away (${rounds} times)`, async () => {
    const random = new SeededRandom(seed);
    const load = new RegisterLoad({ users, outstanding: 200, seed });
    const db = `sqlite:${join(folder, 'location.db')}`;
    let { aorta, port } = await servers.serve(db);
    for (let round = 1; round <= rounds; round++) {
      await load.begin(port);
      await load.acknowledge(users + random.below(4_000));
      await aorta.stop('SIGKILL');
      load.halt();
      ({ aorta, port } = await servers.serve(db));
      assert.deepEqual(await load.check(port), [], `round ${round}`);
    }
    await aorta.stop();
    assert.deepEqual([...load.answers.keys()], [200]);
  });

  test('SIGTERM in the middle of REGISTERs loses nothing either', async () => {
    const load = new RegisterLoad({ users, outstanding: 200, seed });
    for (const mode of ['write-through', 'write-back']) {
      const db = `sqlite:${join(folder, `${mode}.db`)}`;
      const { aorta, port } = await servers.serve(db, ['--db-mode', mode]);
      await load.begin(port);
      await load.acknowledge(2 * users);
      const { code } = await aorta.stop('SIGTERM');
      assert.equal(code, 0);
      load.halt();
      const again = await servers.serve(db);
      assert.deepEqual(await load.check(again.port), [], mode);
      await again.aorta.stop();
      load.forget();
    }
  });
});
