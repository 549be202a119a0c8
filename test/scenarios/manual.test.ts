// The registrar's manual, row by row, through real sockets: each parameter at its default and at another value,
// each function by what it does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Logger } from '../../src/base/logger.ts';
import { silentLogger } from '../../src/base/logger.ts';
import type { Routes } from '../../src/modules/routes.ts';
import type { AortaOptions } from '../../src/server/options.ts';
import type { SipResponse } from '../../src/sip/message.ts';
import { entriesAtOnce } from '../../src/testing/at-once.ts';
import { Phone } from '../support/phone.ts';
import { type StartedServer, startServer } from '../support/started-server.ts';

/** A registrar whose other requests are answered with what lookup made of them. */
const probe: Routes = {
  async request(ctx, { registrar, nathelper }) {
    for (const flag of ctx.request.values('x-set-flag')) ctx.flags.set(Number(flag));
    if (ctx.request.has('x-fix-nated')) nathelper.fixNatedRegister(ctx);
    if (ctx.method === 'REGISTER') return registrar.save(ctx);
    if (ctx.method === 'INFO')
      return ctx.reply(200, (await registrar.registered(ctx)) ? 'registered' : 'not-registered');
    const outcome = await registrar.lookup(ctx);
    return ctx.reply(200, outcome, {
      headers: [
        ['X-Uri', ctx.uri],
        ['X-Destination', ctx.destinationUri ?? 'none'],
        ['X-Flags', String(ctx.flags.word)],
        ['X-Branches', ctx.branches.map(({ uri, flags }) => `${uri}|${flags}`).join(' ') || 'none'],
      ],
    });
  },
};

interface Surroundings {
  readonly phone: (user: string, domain?: string) => Promise<Phone>;
  readonly started: StartedServer;
  readonly log: readonly string[];
}

async function run(options: AortaOptions, body: (surroundings: Surroundings) => Promise<void>): Promise<void> {
  const log: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void log.push(message) };
  const started = await startServer({ routes: probe, ...options }, { logger });
  const phones: Phone[] = [];
  const phone = async (user: string, domain?: string): Promise<Phone> => {
    const opened = await Phone.open(user, started.udpPort, domain);
    phones.push(opened);
    return opened;
  };
  try {
    await body({ phone, started, log });
  } finally {
    for (const opened of phones) opened.close();
    await started.server.stop();
  }
}

/** The contacts of a 200 as `uri` → parameters. */
function contactsOf(response: SipResponse): Map<string, string> {
  assert.equal(response.status, 200, `${response.status} ${response.reason}`);
  const found = new Map<string, string>();
  for (const value of response.values('contact')) {
    const end = value.indexOf('>');
    found.set(value.slice(1, end), value.slice(end + 1));
  }
  return found;
}

function only(response: SipResponse): string {
  const contacts = [...contactsOf(response)];
  assert.equal(contacts.length, 1);
  return contacts[0]?.[1] ?? '';
}

const a = '<sip:a@10.0.0.1>';
const b = '<sip:b@10.0.0.2>';

describe('manual 1.3, parameters', () => {
  test('1.3.1 default_expires: 3600 by default, for a REGISTER that names no lifetime', () =>
    run({}, async ({ phone }) => {
      assert.match(only(await (await phone('alice')).register([a])), /;expires=3600$/);
    }));

  test('1.3.1 default_expires: another value is granted when neither header nor parameter says more', () =>
    run({ registrar: { defaultExpires: 1800 } }, async ({ phone }) => {
      const alice = await phone('alice');
      assert.match(only(await alice.register([a])), /;expires=1800$/);
      assert.match(only(await alice.register([a], { headers: [['Expires', '100']] })), /;expires=100$/);
      assert.match(only(await alice.register([`${a};expires=90`])), /;expires=90$/);
    }));

  test('1.3.2 min_expires: 60 by default, a shorter lifetime is raised to it', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      assert.match(only(await alice.register([`${a};expires=1`])), /;expires=60$/);
      assert.match(only(await alice.register([`${a};expires=61`])), /;expires=61$/);
    }));

  test('1.3.2 min_expires: 0 turns the check off, and a removal is never raised', () =>
    run({ registrar: { minExpires: 0 } }, async ({ phone }) => {
      const alice = await phone('alice');
      assert.match(only(await alice.register([`${a};expires=5`])), /;expires=5$/);
      assert.equal(contactsOf(await alice.register([`${a};expires=0`])).size, 0);
    }));

  test('1.3.2 min_expires: with min_expires_mode=1 a shorter lifetime is refused with 423 (decision 12)', () =>
    run({ registrar: { minExpires: 120, minExpiresMode: 'reject' } }, async ({ phone }) => {
      const refused = await (await phone('alice')).register([`${a};expires=60`]);
      assert.equal(refused.status, 423);
      assert.equal(refused.header('min-expires'), '120');
    }));

  test('1.3.3 max_expires: off by default, a long lifetime is granted', () =>
    run({}, async ({ phone }) => {
      assert.match(only(await (await phone('alice')).register([`${a};expires=999999`])), /;expires=999999$/);
    }));

  test('1.3.3 max_expires: a longer lifetime is cut to it', () =>
    run({ registrar: { maxExpires: 120 } }, async ({ phone }) => {
      assert.match(only(await (await phone('alice')).register([`${a};expires=7200`])), /;expires=120$/);
    }));

  test('1.3.4 default_q: 0 by default, for a contact that gives no q', () =>
    run({}, async ({ phone }) => {
      assert.match(only(await (await phone('alice')).register([a])), /^;q=0;/);
    }));

  test('1.3.4 default_q: 38 is q=0.38, and a given q wins', () =>
    run({ registrar: { defaultQ: 38 } }, async ({ phone }) => {
      const alice = await phone('alice');
      assert.match(only(await alice.register([a])), /^;q=0\.38;/);
      assert.match(only(await alice.register([`${a};q=0.5`])), /^;q=0\.5;/);
    }));

  test('1.3.5 nat_flag: -1 by default, lookup sets nothing whatever was set at the REGISTER', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([a], { headers: [['X-Set-Flag', '6']] });
      const found = await alice.ask('MESSAGE', 'sip:alice@example.com');
      assert.equal(found.header('x-flags'), '0');
    }));

  test('1.3.5 nat_flag: set at the REGISTER it is restored by lookup, and cleared by a REGISTER without it', () =>
    run({ registrar: { natFlag: 6 } }, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([a], { headers: [['X-Set-Flag', '6']] });
      assert.equal((await alice.ask('MESSAGE', 'sip:alice@example.com')).header('x-flags'), String(1 << 6));
      await alice.register([a]);
      assert.equal((await alice.ask('MESSAGE', 'sip:alice@example.com')).header('x-flags'), '0');
    }));

  test('1.3.6 sip_natping_flag: -1 by default, no contact is marked', () =>
    run({}, async ({ phone, started }) => {
      await (await phone('alice')).register([a], { headers: [['X-Set-Flag', '7']] });
      assert.equal(flagsStored(started), 0);
    }));

  test('1.3.6 sip_natping_flag: stored with the contact, and not restored by lookup', () =>
    run({ registrar: { sipNatpingFlag: 7 } }, async ({ phone, started }) => {
      const alice = await phone('alice');
      await alice.register([a], { headers: [['X-Set-Flag', '7']] });
      assert.equal(flagsStored(started), 512);
      assert.equal((await alice.ask('MESSAGE', 'sip:alice@example.com')).header('x-flags'), '0');
    }));

  test('1.3.7 realm_prefix: empty by default, a subdomain is a domain of its own', () =>
    run({ registrar: { useDomain: true } }, async ({ phone }) => {
      await (await phone('alice', 'sip.example.com')).register([a]);
      assert.equal(contactsOf(await (await phone('alice', 'example.com')).register([])).size, 0);
    }));

  test('1.3.7 realm_prefix: stripped in any case, by save, lookup and registered alike (decision 21)', () =>
    run({ registrar: { useDomain: true, realmPrefix: 'sip.' } }, async ({ phone }) => {
      const alice = await phone('alice', 'SIP.example.com');
      await alice.register([a]);
      assert.equal(contactsOf(await (await phone('alice', 'example.com')).register([])).size, 1);
      assert.equal((await alice.ask('MESSAGE', 'sip:alice@sip.example.com')).reason, 'found');
      assert.equal((await alice.ask('INFO', 'sip:alice@example.com')).reason, 'registered');
    }));

  test('1.3.8 append_branches: 1 by default, the rest of the contacts are branches', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};q=0.2`, `${b};q=0.9`]);
      const found = await alice.ask('MESSAGE', 'sip:alice@example.com');
      assert.equal(found.header('x-uri'), 'sip:b@10.0.0.2');
      assert.equal(found.header('x-branches'), 'sip:a@10.0.0.1|0');
    }));

  test('1.3.8 append_branches: 0 rewrites the Request-URI only', () =>
    run({ registrar: { appendBranches: false } }, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};q=0.2`, `${b};q=0.9`]);
      const found = await alice.ask('MESSAGE', 'sip:alice@example.com');
      assert.equal(found.header('x-uri'), 'sip:b@10.0.0.2');
      assert.equal(found.header('x-branches'), 'none');
    }));

  test('1.3.9 use_domain: 0 by default, only the user part counts', () =>
    run({}, async ({ phone }) => {
      await (await phone('alice', 'example.com')).register([a]);
      assert.equal(contactsOf(await (await phone('alice', 'example.net')).register([])).size, 1);
    }));

  test('1.3.9 use_domain: 1 makes alice of another domain another user', () =>
    run({ registrar: { useDomain: true } }, async ({ phone }) => {
      await (await phone('alice', 'example.com')).register([a]);
      assert.equal(contactsOf(await (await phone('alice', 'example.net')).register([])).size, 0);
      assert.equal(contactsOf(await (await phone('alice', 'EXAMPLE.com')).register([])).size, 1);
    }));

  test('1.3.10 case_sensitive: 0 by default, Alice is alice', () =>
    run({}, async ({ phone }) => {
      await (await phone('Alice')).register([a]);
      assert.equal(contactsOf(await (await phone('alice')).register([])).size, 1);
    }));

  test('1.3.10 case_sensitive: 1 tells Alice from alice', () =>
    run({ registrar: { caseSensitive: true } }, async ({ phone }) => {
      await (await phone('Alice')).register([a]);
      assert.equal(contactsOf(await (await phone('alice')).register([])).size, 0);
    }));

  test('1.3.11 desc_time_order: 0 by default, contacts stand by descending q', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};q=0.9`]);
      const both = await alice.register([`${b};q=0.1`]);
      assert.deepEqual([...contactsOf(both).keys()], ['sip:a@10.0.0.1', 'sip:b@10.0.0.2']);
    }));

  test('1.3.11 desc_time_order: 1 puts the most recently updated or created contact first', () =>
    run({ registrar: { descTimeOrder: true } }, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};q=0.9`]);
      const created = await alice.register([`${b};q=0.1`]);
      assert.deepEqual([...contactsOf(created).keys()], ['sip:b@10.0.0.2', 'sip:a@10.0.0.1']);
      const refreshed = await alice.register([`${a};q=0.9`]);
      assert.deepEqual([...contactsOf(refreshed).keys()], ['sip:a@10.0.0.1', 'sip:b@10.0.0.2']);
      assert.equal((await alice.ask('MESSAGE', 'sip:alice@example.com')).header('x-uri'), 'sip:a@10.0.0.1');
    }));

  test('1.3.12 received_avp: 42 by default, what fix_nated_register puts there is stored', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      const natted = await alice.register([a], { headers: [['X-Fix-Nated', '1']] });
      assert.ok(only(natted).endsWith(`;received="sip:127.0.0.1:${alice.peer.port}"`));
      const found = await alice.ask('MESSAGE', 'sip:alice@example.com');
      assert.equal(found.header('x-destination'), `sip:127.0.0.1:${alice.peer.port}`);
    }));

  test('1.3.12 received_avp: another number works when nathelper has the same, and is refused when not', () =>
    run({ registrar: { receivedAvp: 43 }, nathelper: { receivedAvp: 43 } }, async ({ phone }) => {
      const natted = await (await phone('alice')).register([a], { headers: [['X-Fix-Nated', '1']] });
      assert.match(only(natted), /;received="sip:127/);
      await assert.rejects(startServer({ registrar: { receivedAvp: 44 } }), /nathelper's is 42/);
    }));

  test('1.3.13 received_param: "received" by default, and only when a received URI is stored', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      assert.doesNotMatch(only(await alice.register([a])), /received/);
      assert.match(only(await alice.register([a], { headers: [['X-Fix-Nated', '1']] })), /;received="/);
    }));

  test('1.3.13 received_param: another name is printed, and read as well as the usual one (decision 2)', () =>
    run({ registrar: { receivedParam: 'rcv' } }, async ({ phone }) => {
      const alice = await phone('alice');
      assert.match(only(await alice.register([a], { headers: [['X-Fix-Nated', '1']] })), /;rcv="sip:127/);
      assert.match(only(await alice.register([`${a};rcv="sip:7.7.7.7:77"`])), /;rcv="sip:7\.7\.7\.7:77"/);
      assert.match(only(await alice.register([`${a};received="sip:8.8.8.8:88"`])), /;rcv="sip:8\.8\.8\.8:88"/);
    }));

  test('1.3.14 max_contacts: 0 by default, any number of contacts', () =>
    run({}, async ({ phone }) => {
      const contacts = Array.from({ length: 50 }, (_, index) => `<sip:a@10.0.0.${index + 1}>`);
      assert.equal(contactsOf(await (await phone('alice')).register(contacts)).size, 50);
    }));

  test('1.3.14 max_contacts: one more than allowed is 503, nothing changes, and a refresh goes on', () =>
    run({ registrar: { maxContacts: 2 } }, async ({ phone }) => {
      const alice = await phone('alice');
      assert.equal(contactsOf(await alice.register([a, b])).size, 2);
      const refused = await alice.register(['<sip:c@10.0.0.3>']);
      assert.equal(`${refused.status} ${refused.reason}`, '503 Service Unavailable');
      assert.equal(refused.header('p-registrar-error'), 'Too many registered contacts');
      assert.equal(refused.values('contact').length, 2);
      assert.equal(contactsOf(await alice.register([a, b])).size, 2);
      assert.equal(contactsOf(await alice.register(['<sip:c@10.0.0.3>', `${a};expires=0`])).size, 2);
    }));

  test('1.3.15 retry_after: 0 by default, a 503 has no Retry-After', () =>
    run({ registrar: { maxContacts: 1 } }, async ({ phone }) => {
      const refused = await (await phone('alice')).register([a, b]);
      assert.equal(refused.status, 503);
      assert.equal(refused.header('retry-after'), undefined);
    }));

  test('1.3.15 retry_after: another value is in every 5xx', () =>
    run({ registrar: { maxContacts: 1, retryAfter: 30 } }, async ({ phone }) => {
      const refused = await (await phone('alice')).register([a, b]);
      assert.equal(refused.header('retry-after'), '30');
    }));

  test('1.3.16 sock_flag: -1 by default, a socket header is not looked at', () =>
    run({}, async ({ phone, started }) => {
      const socket = `tcp:127.0.0.1:${started.tcpPort}`;
      await (await phone('alice')).register([a], {
        headers: [
          ['Sock-Info', socket],
          ['X-Set-Flag', '18'],
        ],
      });
      assert.equal(socketStored(started), `udp:127.0.0.1:${started.udpPort}`);
    }));

  test('1.3.16 sock_flag: set in the message, the socket of the header is stored; not set, the receiving one', () =>
    run({ registrar: { sockFlag: 18, sockHdrName: 'Sock-Info' } }, async ({ phone, started }) => {
      const alice = await phone('alice');
      const socket = `tcp:127.0.0.1:${started.tcpPort}`;
      await alice.register([a], {
        headers: [
          ['Sock-Info', socket],
          ['X-Set-Flag', '18'],
        ],
      });
      assert.equal(socketStored(started), socket);
      await alice.register([a], { headers: [['Sock-Info', socket]] });
      assert.equal(socketStored(started), `udp:127.0.0.1:${started.udpPort}`);
    }));

  test('1.3.17 sock_hdr_name: none by default, sock_flag alone warns and does nothing', () =>
    run({ registrar: { sockFlag: 18 } }, async ({ phone, started, log }) => {
      assert.ok(log.some((line) => line.includes('sock_flag')));
      await (await phone('alice')).register([a], {
        headers: [
          ['Sock-Info', '127.0.0.1:1'],
          ['X-Set-Flag', '18'],
        ],
      });
      assert.equal(socketStored(started), `udp:127.0.0.1:${started.udpPort}`);
    }));

  test('1.3.17 sock_hdr_name: ip:port and the old ip_port are read; a socket that is not ours is not stored, with one warning', () =>
    run({ registrar: { sockFlag: 18, sockHdrName: 'Sock-Info' } }, async ({ phone, started, log }) => {
      const alice = await phone('alice');
      const own = `udp:127.0.0.1:${started.udpPort}`;
      for (const value of [
        `127.0.0.1:${started.udpPort}`,
        `127.0.0.1_${started.udpPort}`,
        '10.9.8.7:5060',
        '10.9.8.7:5060',
      ]) {
        await alice.register([a], {
          headers: [
            ['Sock-Info', value],
            ['X-Set-Flag', '18'],
          ],
        });
        assert.equal(socketStored(started), own);
      }
      assert.equal(log.filter((line) => line.includes('names no socket of this server')).length, 1);
    }));

  test('1.3.18 use_branch_flags: 0 by default, a NATed contact of any branch marks the message', () =>
    run({ registrar: { natFlag: 6 } }, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};q=0.1`], { headers: [['X-Set-Flag', '6']] });
      await alice.register([`${b};q=0.9`]);
      const found = await alice.ask('MESSAGE', 'sip:alice@example.com');
      assert.equal(found.header('x-flags'), String(1 << 6));
      assert.equal(found.header('x-branches'), 'sip:a@10.0.0.1|0');
    }));

  test("1.3.18 use_branch_flags: 1 puts the mark of additional branches into the branch's flags", () =>
    run({ registrar: { natFlag: 6, useBranchFlags: true } }, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};q=0.1`], { headers: [['X-Set-Flag', '6']] });
      await alice.register([`${b};q=0.9`]);
      const found = await alice.ask('MESSAGE', 'sip:alice@example.com');
      assert.equal(found.header('x-flags'), '0');
      assert.equal(found.header('x-branches'), `sip:a@10.0.0.1|${1 << 6}`);
    }));
});

describe('options beside the manual', () => {
  test('decision 9, cseq_check: with the same Call-ID an equal CSeq changes nothing and a lower one is 400', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};expires=100`], { cseq: 10 });
      assert.match(only(await alice.register([`${a};expires=200`], { cseq: 10 })), /;expires=100$/);
      const late = await alice.register([`${a};expires=300`], { cseq: 9 });
      assert.equal(`${late.status} ${late.reason}`, '400 Invalid CSeq number');
      assert.match(late.header('contact') ?? '', /;expires=100$/);
    }));

  test('decision 9, cseq_check: off, the latest REGISTER wins', () =>
    run({ registrar: { cseqCheck: false } }, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};expires=100`], { cseq: 10 });
      assert.match(only(await alice.register([`${a};expires=200`], { cseq: 9 })), /;expires=200$/);
    }));

  test('decision 8, matching_mode: by URI comparison an equivalent contact is the same, by bytes another one', async () => {
    const other = '<sip:a@10.0.0.1;user=phone>';
    const same = '<sip:%61@10.0.0.1>';
    await run({}, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([a]);
      assert.equal(contactsOf(await alice.register([same])).size, 1);
      assert.equal(contactsOf(await alice.register([other])).size, 2);
    });
    await run({ usrloc: { matchingMode: 'bytes' } }, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([a]);
      assert.equal(contactsOf(await alice.register([same])).size, 2);
    });
  });
});

describe('manual 1.4, functions', () => {
  test('1.4.1 save: 200 lists all contacts; it adds, modifies and removes; an error says why in its reason phrase', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      const added = await alice.register([`${a};expires=100`, `${b};expires=200`]);
      assert.deepEqual([...contactsOf(added).values()], [';q=0;expires=100', ';q=0;expires=200']);
      const changed = await alice.register([`${a};expires=300`, `${b};expires=0`]);
      assert.deepEqual([...contactsOf(changed)], [['sip:a@10.0.0.1', ';q=0;expires=300']]);
      const refused = await alice.register([`${a};q=7`]);
      assert.equal(`${refused.status} ${refused.reason}`, '400 Invalid q param in contact');
      assert.equal(refused.values('contact').length, 1);
    }));

  test('1.4.2 save_noreply: applied without a reply; the script answers by itself', () =>
    run(
      {
        routes: {
          async request(ctx, { registrar }) {
            const saved = await registrar.saveNoreply(ctx);
            return ctx.reply(202, saved.ok ? 'Stored' : `Refused ${saved.status}`);
          },
        },
      },
      async ({ phone, started }) => {
        const alice = await phone('alice');
        const stored = await alice.register([a]);
        assert.equal(`${stored.status} ${stored.reason}`, '202 Stored');
        assert.equal(stored.header('contact'), undefined);
        assert.equal(socketStored(started), `udp:127.0.0.1:${started.udpPort}`);
        assert.equal((await alice.register([`${a};q=7`])).reason, 'Refused 400');
        assert.equal(alice.peer.unread.length, 0);
      },
    ));

  test('1.4.3 save_memory: replies like save and marks the binding for memory only', () =>
    run({ routes: { request: (ctx, { registrar }) => registrar.saveMemory(ctx) } }, async ({ phone, started }) => {
      assert.equal(contactsOf(await (await phone('alice')).register([a])).size, 1);
      assert.equal(flagsStored(started), 256);
    }));

  test('1.4.4 lookup: the highest q becomes the Request-URI, the rest branches; no contacts is -1', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([`${a};q=0.1`, `${b};q=0.9`]);
      const found = await alice.ask('MESSAGE', 'sip:alice@example.com');
      assert.equal(found.reason, 'found');
      assert.equal(found.header('x-uri'), 'sip:b@10.0.0.2');
      const none = await alice.ask('MESSAGE', 'sip:nobody@example.com');
      assert.equal(none.reason, 'not-found');
      assert.equal(none.header('x-uri'), 'sip:nobody@example.com');
    }));

  test('1.4.5 registered: true for a registered address of record; nothing is modified', () =>
    run({}, async ({ phone }) => {
      const alice = await phone('alice');
      await alice.register([a]);
      assert.equal((await alice.ask('INFO', 'sip:alice@example.com')).reason, 'registered');
      assert.equal((await alice.ask('INFO', 'sip:nobody@example.com')).reason, 'not-registered');
    }));

  test('1.4.6 add_sock_hdr: the forwarded copy tells the receiving socket as ip:port', async () => {
    const next = await Phone.open('next', 0);
    const port = next.peer.port;
    const routes: Routes = {
      request(ctx, { registrar, tm }) {
        registrar.addSockHdr(ctx, 'Sock-Info');
        tm.replicate(ctx, { host: '127.0.0.1', port });
        return registrar.save(ctx);
      },
    };
    await run({ routes }, async ({ phone, started }) => {
      await (await phone('alice')).register([a]);
      const copy = await next.peer.request('REGISTER');
      assert.equal(copy.header('sock-info'), `127.0.0.1:${started.udpPort}`);
      assert.equal(copy.headerFields().at(-1)?.name, 'sock-info');
    });
    await run({ routes, registrar: { sockHdrProto: true } }, async ({ phone, started }) => {
      await (await phone('bob')).register([a]);
      const copy = await next.peer.request('REGISTER');
      assert.equal(copy.header('sock-info'), `udp:127.0.0.1:${started.udpPort}`);
    });
    next.close();
  });
});

function stored(started: StartedServer) {
  const [entry] = entriesAtOnce(started.server.location.table('location'), () => 0);
  const [binding] = entry?.bindings ?? [];
  assert.ok(binding);
  return binding;
}

function flagsStored(started: StartedServer): number {
  return stored(started).flags;
}

function socketStored(started: StartedServer): string | undefined {
  return stored(started).socket;
}
