import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { asAor } from '../../src/location/aor.ts';
import { type AortaServer, createServer } from '../../src/server/server.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';

const hour = 3_600_000;
const startAt = 1_800_000_000_000;

function register(cseq: number): string {
  return [
    'REGISTER sip:example.com SIP/2.0',
    `Via: SIP/2.0/TCP 192.0.2.7:5060;branch=z9hG4bK-${cseq}`,
    'Max-Forwards: 70',
    'From: <sip:alice@example.com>;tag=1',
    'To: <sip:alice@example.com>',
    'Call-ID: alice@192.0.2.7',
    `CSeq: ${cseq} REGISTER`,
    'Contact: <sip:alice@192.0.2.7>;expires=3600',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

describe('a clock that jumps', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'aorta-clock-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function startServer(clock: FakeClock): Promise<AortaServer> {
    const db = `sqlite:${join(folder, 'location.db')}`;
    const server = createServer({ listen: ['udp:127.0.0.1:0'], db }, { clock });
    await server.start();
    return server;
  }

  async function contacts(server: AortaServer, clock: FakeClock): Promise<number> {
    return (await server.location.table('location').get(asAor('alice'), clock.now())).length;
  }

  test('back or forth: a binding lives until the instant it was given, refreshes go on, and a restart agrees', async () => {
    const clock = new FakeClock(startAt);
    const server = await startServer(clock);
    assert.equal((await server.inject(register(1))).status, 200);
    clock.advance(hour / 2);
    assert.equal((await server.inject(register(2))).status, 200);
    await server.stop();

    // The machine's clock was a day ahead, and was put right.
    const earlier = new FakeClock(startAt - 24 * hour);
    const second = await startServer(earlier);
    assert.equal(await contacts(second, earlier), 1);
    assert.equal((await second.inject(register(3))).status, 200);
    earlier.advance(hour / 2);
    assert.equal(await contacts(second, earlier), 1);
    await second.stop();

    const later = new FakeClock(startAt + 48 * hour);
    const third = await startServer(later);
    assert.equal(await contacts(third, later), 0);
    assert.equal((await third.inject(register(4))).status, 200);
    assert.equal(await contacts(third, later), 1);
    await third.stop();
  });
});
