// A lookup in TypeScript is a promise, so the INVITE has its transaction meanwhile: the route must not notice.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadCfgText } from '../../../src/cfg/index.ts';
import type { AortaOptions } from '../../../src/index.ts';
import { createServer } from '../../../src/index.ts';
import { request } from '../../../src/proxy/testing/proxy-bench.ts';
import { adaptedOptions } from './adapted-options.ts';

async function replyOf(options: AortaOptions): Promise<string> {
  const server = createServer({ ...options, listen: ['udp:127.0.0.1:0'] });
  await server.start();
  try {
    const { status, reason } = await server.inject(request().toWire());
    return `${status} ${reason}`;
  } finally {
    await server.stop();
  }
}

const loaded = (statements: string) =>
  loadCfgText(
    'openser.cfg',
    `loadmodule "sl.so"\nloadmodule "tm.so"\nloadmodule "usrloc.so"\nloadmodule "registrar.so"\nroute {\n lookup("location");\n${statements}\n}`,
  );

const cases = [
  [
    't_newtran makes it all the same',
    'if (t_newtran()) sl_send_reply("404", "New"); else sl_send_reply("404", "Old");',
    '404 New',
  ],
  ['t_newtran finds it the second time', 't_newtran(); if (!t_newtran()) sl_send_reply("404", "Old");', '404 Old'],
  ['t_reply has none before t_newtran', 'if (!t_reply("404", "By it")) sl_send_reply("500", "None");', '500 None'],
  ['t_reply has one after t_newtran', 't_newtran(); t_reply("404", "By it");', '404 By it'],
  ['t_release ends only what t_newtran made', 'if (!t_release()) sl_send_reply("404", "None");', '404 None'],
] as const;

describe('cfg-modules §2: the transaction of an INVITE whose route waits', () => {
  for (const [title, statements, reply] of cases) {
    test(`cfg-modules §2: ${title}`, async () => {
      const cfg = loaded(statements);
      assert.equal(await replyOf({ ...cfg.options, routes: cfg.routes }), reply);
      assert.equal(await replyOf(await adaptedOptions(cfg)), reply);
    });
  }
});
