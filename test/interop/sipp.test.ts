import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { skipWithout } from './peers.ts';
import { contactsOf, register } from './register.ts';
import { freePort, Sipp, type SippOptions } from './sipp.ts';
import { type Server, startServer } from './start-server.ts';

const skip = skipWithout('sipp');
const USERS = 1000;

for (const transport of ['udp', 'tcp'] as const) {
  describe(`sipp over ${transport}`, { skip }, () => {
    let server: Server;
    const running: Sipp[] = [];

    function start(options: Omit<SippOptions, 'server' | 'transport'>): Sipp {
      const sipp = Sipp.start({ server, transport, ...options });
      running.push(sipp);
      return sipp;
    }

    before(async () => {
      server = await startServer();
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((sipp) => sipp.kill()));
    });
    after(async () => {
      await server?.stop();
    });

    test(`RFC 3261 §10.2: ${USERS} users register, refresh, ask and unregister`, async () => {
      const port = await freePort(transport);
      // One run per step, with the same port and Call-IDs, so that all users are registered at once in between.
      const step = async (scenario: string, cseq: number) => {
        const args = ['-cid_str', '%u@interop', '-base_cseq', `${cseq}`];
        await start({ scenario, port, calls: USERS, rate: 250, args }).done();
      };
      await step('register', 1);
      await step('refresh', 10);
      for (const user of ['user1', 'user500', `user${USERS}`]) {
        assert.match((await contactsOf(server, user)).join(), new RegExp(`^<sip:${user}@127\\.0\\.0\\.1:${port}`));
      }
      await step('unregister', 20);
      for (const user of ['user1', 'user500', `user${USERS}`]) assert.deepEqual(await contactsOf(server, user), []);
    });

    for (const [scenario, title] of [
      ['call', 'RFC 3261 §16: INVITE, 180, 200, ACK and BYE pass the proxy'],
      ['cancel', 'RFC 3261 §16.10: CANCEL reaches the callee, 487 the caller'],
    ] as const) {
      test(title, async () => {
        const port = await freePort(transport);
        const calls = 20;
        const callee = start({ scenario: `${scenario}-callee`, port, calls });
        const contact = `<sip:callee@127.0.0.1:${port};transport=${transport}>`;
        assert.equal((await register(server, `${scenario}-callee`, contact)).status, 200);
        const callerPort = await freePort(transport);
        const args = ['-s', `${scenario}-callee`];
        const caller = start({ scenario: `${scenario}-caller`, port: callerPort, calls, rate: 10, args });
        await Promise.all([caller.done(), callee.done()]);
      });
    }
  });
}
