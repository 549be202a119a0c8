import assert from 'node:assert/strict';
import type { SipRequest } from '../../../src/sip/message.ts';
import type { Phone } from '../../support/phone.ts';
import { type CfgServer, contactsOf } from './cfg-server.ts';

/** An example of the registrar's manual, in a configuration where its effect is seen. */
export interface Example {
  readonly number: string;
  /** What is to be seen. */
  readonly effect: string;
  /** Verbatim; what it leaves out is `...`. */
  readonly text: string;
  /** What stands at each `...`. */
  readonly around: readonly string[];
  readonly listen?: readonly string[];
  readonly observe: (running: CfgServer) => Promise<void>;
}

/** The example with what it leaves out: a whole file. */
export function completeExample({ text, around }: Example): string {
  const parts = text.split('...');
  assert.equal(parts.length - 1, around.length);
  return parts.map((part, index) => `${part}${around[index] ?? ''}`).join('');
}

const modules = `
debug=3
alias=example.com example.org
loadmodule "/usr/lib/openser/modules/sl.so"
loadmodule "/usr/lib/openser/modules/tm.so"
loadmodule "/usr/lib/openser/modules/maxfwd.so"
loadmodule "/usr/lib/openser/modules/textops.so"
loadmodule "/usr/lib/openser/modules/usrloc.so"
loadmodule "/usr/lib/openser/modules/registrar.so"
loadmodule "/usr/lib/openser/modules/nathelper.so"
`;

/** REGISTER is saved, others are looked up and relayed; headers of the sender set flags and ask for functions. */
const registrar = `
route {
	if (search("^X-Set-Flag: 6")) setflag(6);
	if (search("^X-Set-Flag: 7")) setflag(7);
	if (search("^X-Set-Flag: 18")) setflag(18);
	if (method=="REGISTER") {
		if (search("^X-Nated")) fix_nated_register();
		save("location");
		exit;
	};
	if (!lookup("location")) {
		sl_send_reply("404", "Not Found");
		exit;
	};
	if (isflagset(6)) append_hf("X-Flag: 6\\r\\n");
	if (isflagset(7)) append_hf("X-Flag: 7\\r\\n");
	t_on_branch("1");
	t_relay();
}
branch_route[1] {
	if (isbflagset(6)) append_hf("X-Branch-Flag: 6\\r\\n");
}
`;

const twoSockets = ['udp:127.0.0.1:0', 'udp:127.0.0.1:0'];

const a = '<sip:a@10.0.0.1>';
const b = '<sip:b@10.0.0.2>';

/** The parameters of the only contact that a REGISTER is answered with. */
async function granted(phone: Phone, contact: string): Promise<string> {
  const contacts = [...contactsOf(await phone.register([contact]))];
  assert.equal(contacts.length, 1);
  return contacts[0]?.[1] ?? '';
}

async function uris(phone: Phone): Promise<string[]> {
  return [...contactsOf(await phone.register([])).keys()];
}

/** A MESSAGE to an address of record, as the phones get it; they answer it with `status`. */
async function deliver(running: CfgServer, uri: string, to: readonly Phone[], status = 200) {
  const caller = await running.phone('caller');
  const message = caller.make('MESSAGE', { uri, callId: `to-${uri}-${status}` });
  caller.peer.send(message.toBuffer());
  const received = await Promise.all(to.map((phone) => phone.peer.request('MESSAGE')));
  for (const [index, request] of received.entries()) to[index]?.answer(request, status);
  assert.equal((await caller.peer.finalFor(message)).status, status);
  return received;
}

function flagged(flag: number): { headers: [string, string][] } {
  return { headers: [['X-Set-Flag', String(flag)]] };
}

/** The port that a request was sent from, by its topmost Via. */
function sentFrom(request: SipRequest | undefined): number {
  return Number(/:(\d+)/.exec(request?.values('via')[0] ?? '')?.[1]);
}

export const examples: readonly Example[] = [
  {
    number: '1-1',
    effect: 'a contact without a lifetime gets 1800 seconds',
    text: `...
modparam("registrar", "default_expires", 1800)
...`,
    around: [modules, registrar],
    async observe(running) {
      const alice = await running.phone('alice');
      assert.match(await granted(alice, a), /;expires=1800$/);
      assert.match(await granted(alice, `${a};expires=90`), /;expires=90$/);
    },
  },
  {
    number: '1-2',
    effect: 'a lifetime of 10 seconds is raised to 60',
    text: `...
modparam("registrar", "min_expires", 60)
...`,
    around: [`${modules}modparam("registrar", "min_expires", 5)`, registrar],
    async observe(running) {
      const alice = await running.phone('alice');
      assert.match(await granted(alice, `${a};expires=10`), /;expires=60$/);
      assert.match(await granted(alice, `${a};expires=61`), /;expires=61$/);
    },
  },
  {
    number: '1-3',
    effect: 'a lifetime of 7200 seconds is cut to 120',
    text: `...
modparam("registrar", "max_expires", 120)
...`,
    around: [modules, registrar],
    async observe(running) {
      assert.match(await granted(await running.phone('alice'), `${a};expires=7200`), /;expires=120$/);
    },
  },
  {
    number: '1-4',
    effect: 'a contact without q gets q=1, and comes before one of q=0.5',
    text: `...
modparam("registrar", "default_q", 100)
...`,
    around: [modules, registrar],
    async observe(running) {
      const alice = await running.phone('alice');
      assert.match(await granted(alice, a), /^;q=1;/);
      const both = contactsOf(await alice.register([`${b};q=0.5`]));
      assert.deepEqual([...both.keys()], ['sip:a@10.0.0.1', 'sip:b@10.0.0.2']);
    },
  },
  {
    number: '1-5',
    effect: 'flag 6 set at the REGISTER is set again by lookup, and only for whoever had it',
    text: `...
modparam("registrar", "nat_flag", 6)
...`,
    around: [modules, registrar],
    async observe(running) {
      const [nated, plain] = [await running.phone('nated'), await running.phone('plain')];
      await nated.register(undefined, flagged(6));
      await plain.register();
      const [toNated] = await deliver(running, 'sip:nated@example.com', [nated]);
      assert.equal(toNated?.header('x-flag'), '6');
      const [toPlain] = await deliver(running, 'sip:plain@example.com', [plain]);
      assert.equal(toPlain?.header('x-flag'), undefined);
    },
  },
  {
    number: '1-6',
    effect: 'a contact registered with flag 7 is pinged by OPTIONS, another is not; lookup does not set the flag',
    text: `...
modparam("registrar", "sip_natping_flag", 7)
...`,
    around: [
      modules,
      `modparam("nathelper", "natping_interval", 1)
modparam("nathelper", "sipping_from", "sip:pinger@example.com")${registrar}`,
    ],
    async observe(running) {
      const [bySip, byDatagram] = [await running.phone('bysip'), await running.phone('bydatagram')];
      await byDatagram.register();
      await bySip.register(undefined, flagged(7));
      const ping = await bySip.peer.request('OPTIONS');
      assert.match(ping.header('from') ?? '', /<sip:pinger@example\.com>/);
      const [received] = await deliver(running, 'sip:bysip@example.com', [bySip]);
      assert.equal(received?.header('x-flag'), undefined);
      assert.deepEqual(byDatagram.peer.unread, []);
    },
  },
  {
    number: '1-7',
    effect: 'sip.example.com is the same domain as example.com',
    text: `...
modparam("registrar", "realm_prefix", "sip.")
...`,
    around: [`${modules}modparam("usrloc|registrar", "use_domain", 1)`, registrar],
    async observe(running) {
      const alice = await running.phone('alice');
      await alice.register([a], { to: '<sip:alice@sip.example.com>' });
      assert.deepEqual(await uris(alice), ['sip:a@10.0.0.1']);
      const elsewhere = await running.phone('alice', { domain: 'www.example.com' });
      assert.deepEqual(await uris(elsewhere), []);
    },
  },
  {
    number: '1-8',
    effect: 'of two contacts only the one with the highest q is called',
    text: `...
modparam("registrar", "append_branches", 0)
...`,
    around: [modules, registrar],
    async observe(running) {
      const [first, second] = [await running.phone('bob'), await running.phone('bob')];
      await second.register([`<${second.contact}>;q=0.4`]);
      await first.register([`<${first.contact}>;q=0.8`]);
      await deliver(running, 'sip:bob@example.com', [first], 486);
      assert.deepEqual(second.peer.unread, []);
    },
  },
  {
    number: '1-9',
    effect: 'the users of two domains are two',
    text: `...
modparam("registrar", "use_domain", 1)
...`,
    around: [modules, registrar],
    async observe(running) {
      const com = await running.phone('alice');
      const org = await running.phone('alice', { domain: 'example.org' });
      await com.register([a]);
      await org.register([b]);
      assert.deepEqual(await uris(com), ['sip:a@10.0.0.1']);
      assert.deepEqual(await uris(org), ['sip:b@10.0.0.2']);
    },
  },
  {
    number: '1-10',
    effect: 'alice and ALICE are two users',
    text: `...
modparam("registrar", "case_sensitive", 1)
...`,
    around: [modules, registrar],
    async observe(running) {
      await (await running.phone('alice')).register([a]);
      assert.deepEqual(await uris(await running.phone('ALICE')), []);
    },
  },
  {
    number: '1-11',
    effect: 'the contact that was registered last comes first, whatever its q',
    text: `...
modparam("registrar", "desc_time_order", 1)
...`,
    around: [modules, registrar],
    async observe(running) {
      const alice = await running.phone('alice');
      await alice.register([`${a};q=1`]);
      await alice.register([`${b};q=0.1`]);
      assert.deepEqual(await uris(alice), ['sip:b@10.0.0.2', 'sip:a@10.0.0.1']);
    },
  },
  {
    number: '1-12',
    effect: 'what fix_nated_register left in AVP 43 is stored, and where the phone is called',
    text: `...
modparam("registrar", "received_avp", 43)
...`,
    around: [modules, `modparam("nathelper", "received_avp", 43)${registrar}`],
    async observe(running) {
      const alice = await running.phone('alice');
      const reply = await alice.register(['<sip:alice@10.9.9.9>'], { headers: [['X-Nated', 'yes']] });
      const received = `;received="sip:127.0.0.1:${alice.peer.port}"`;
      assert.ok(contactsOf(reply).get('sip:alice@10.9.9.9')?.endsWith(received));
      const [message] = await deliver(running, 'sip:alice@example.com', [alice]);
      assert.equal(message?.uriText, 'sip:alice@10.9.9.9');
    },
  },
  {
    number: '1-13',
    effect: 'a 200 tells the received URI by that name',
    text: `...
modparam("registrar", "received_param", "rcv")
...`,
    around: [modules, registrar],
    async observe(running) {
      const alice = await running.phone('alice');
      const reply = await alice.register(['<sip:alice@10.9.9.9>'], { headers: [['X-Nated', 'yes']] });
      const received = `;rcv="sip:127.0.0.1:${alice.peer.port}"`;
      assert.ok(contactsOf(reply).get('sip:alice@10.9.9.9')?.endsWith(received));
    },
  },
  {
    number: '1-14',
    effect: 'ten contacts are taken, an eleventh is refused with 503',
    text: `...
# Allow no more than 10 contacts per AOR
modparam("registrar", "max_contacts", 10)
...
`,
    around: [modules, registrar],
    async observe(running) {
      const alice = await running.phone('alice');
      const ten = Array.from({ length: 10 }, (_, index) => `<sip:a${index}@10.0.0.1>`);
      assert.equal(contactsOf(await alice.register(ten)).size, 10);
      assert.equal((await alice.register(['<sip:one-more@10.0.0.1>'])).status, 503);
      assert.equal((await uris(alice)).length, 10);
    },
  },
  {
    number: '1-15',
    effect: 'the 503 has Retry-After: 30',
    text: `...
modparam("registrar", "retry_after", 30)
...
`,
    around: [`${modules}modparam("registrar", "max_contacts", 1)`, registrar],
    async observe(running) {
      const refused = await (await running.phone('alice')).register([a, b]);
      assert.equal(refused.status, 503);
      assert.equal(refused.header('retry-after'), '30');
    },
  },
  {
    number: '1-16',
    effect: 'with flag 18 the socket comes from the header, and calls leave by it',
    text: `...
modparam("registrar", "sock_flag", 18)
...
`,
    around: [modules, `modparam("registrar", "sock_hdr_name", "Sock-Info")${registrar}`],
    listen: twoSockets,
    async observe(running) {
      const alice = await running.phone('alice');
      const other = running.server.listeners[1]?.port ?? 0;
      const socket: [string, string] = ['Sock-Info', `127.0.0.1:${other}`];
      await alice.register(undefined, { headers: [['X-Set-Flag', '18'], socket] });
      const [byHeader] = await deliver(running, 'sip:alice@example.com', [alice]);
      assert.equal(sentFrom(byHeader), other);
      await alice.register(undefined, { headers: [socket] });
      const [without] = await deliver(running, 'sip:alice@example.com', [alice], 202);
      assert.equal(sentFrom(without), running.udpPort);
    },
  },
  {
    number: '1-17',
    effect: 'the header of that name is the one that is read',
    text: `...
modparam("registrar", "sock_hdr_name", "Sock-Info")
...
`,
    around: [modules, `modparam("registrar", "sock_flag", 18)${registrar}`],
    listen: twoSockets,
    async observe(running) {
      const alice = await running.phone('alice');
      const other = running.server.listeners[1]?.port ?? 0;
      const flag: [string, string] = ['X-Set-Flag', '18'];
      await alice.register(undefined, { headers: [flag, ['Sock-Inf', `127.0.0.1:${other}`]] });
      const [wrongName] = await deliver(running, 'sip:alice@example.com', [alice]);
      assert.equal(sentFrom(wrongName), running.udpPort);
      await alice.register(undefined, { headers: [flag, ['Sock-Info', `127.0.0.1:${other}`]] });
      const [named] = await deliver(running, 'sip:alice@example.com', [alice], 202);
      assert.equal(sentFrom(named), other);
    },
  },
  {
    number: '1-18',
    effect: "the mark of a further contact is in its branch's flags, not in the message's",
    text: `...
modparam("registrar", "use_branch_flags", 1)
...
`,
    around: [modules, `modparam("registrar", "nat_flag", 6)${registrar}`],
    async observe(running) {
      const [first, second] = [await running.phone('bob'), await running.phone('bob')];
      await first.register([`<${first.contact}>;q=0.9`]);
      await second.register([`<${second.contact}>;q=0.1`], flagged(6));
      const [toFirst, toSecond] = await deliver(running, 'sip:bob@example.com', [first, second], 486);
      assert.equal(toFirst?.header('x-flag'), undefined);
      assert.equal(toFirst?.header('x-branch-flag'), undefined);
      assert.equal(toSecond?.header('x-flag'), undefined);
      assert.equal(toSecond?.header('x-branch-flag'), '6');
    },
  },
  {
    number: '1-19',
    effect: 'a REGISTER is stored and answered 200 with all contacts',
    text: `...
save("location");
...`,
    around: [`${modules}route { if (!method=="REGISTER") { sl_send_reply("405", "Only REGISTER"); exit; };`, '}'],
    async observe(running) {
      const alice = await running.phone('alice');
      assert.deepEqual([...contactsOf(await alice.register([a])).keys()], ['sip:a@10.0.0.1']);
      assert.deepEqual([...contactsOf(await alice.register([b])).keys()], ['sip:a@10.0.0.1', 'sip:b@10.0.0.2']);
      const wrong = await alice.register(['*'], { headers: [['Expires', '5']] });
      assert.equal(wrong.status, 400);
    },
  },
  {
    number: '1-20',
    effect: 'a REGISTER is stored, and the answer is what the script sends',
    text: `...
save_noreply("location");
...`,
    around: [
      `${modules}route { if (search("^X-Query")) { save("location"); exit; };`,
      'sl_send_reply("202", "Stored"); }',
    ],
    async observe(running) {
      const alice = await running.phone('alice');
      const reply = await alice.register([a]);
      assert.equal(`${reply.status} ${reply.reason}`, '202 Stored');
      const query = await alice.register([], { headers: [['X-Query', 'yes']] });
      assert.deepEqual([...contactsOf(query).keys()], ['sip:a@10.0.0.1']);
      // The query's answer came after it, so there is no second one.
      assert.deepEqual(alice.peer.unread, []);
    },
  },
  {
    number: '1-21',
    effect: 'a REGISTER is stored in memory and answered 200',
    text: `...
save_memory("location");
...`,
    around: [`${modules}route {`, '}'],
    async observe(running) {
      const alice = await running.phone('alice');
      assert.match(await granted(alice, a), /;expires=3600$/);
      assert.deepEqual(await uris(alice), ['sip:a@10.0.0.1']);
    },
  },
  {
    number: '1-22',
    effect: 'the Request-URI is rewritten to the best contact, the others are branches; nobody is -1',
    text: `...
lookup("location");
...`,
    around: [
      `${modules}route { if (method=="REGISTER") { save("location"); exit; };`,
      `switch (retcode) { case 1: t_relay(); break; case -1: sl_send_reply("480", "Nobody"); break; }; }`,
    ],
    async observe(running) {
      const [first, second] = [await running.phone('bob'), await running.phone('bob')];
      await first.register([`<${first.contact}>;q=0.9`]);
      await second.register([`<${second.contact}>;q=0.1`]);
      const received = await deliver(running, 'sip:bob@example.com', [first, second], 486);
      assert.deepEqual(
        received.map(({ uriText }) => uriText),
        [first.contact, second.contact],
      );
      assert.equal((await first.ask('MESSAGE', 'sip:nobody@example.com')).reason, 'Nobody');
    },
  },
  {
    number: '1-23',
    effect: 'whoever is registered gets the 100, the request stays as it is; others do not',
    text: `...
if (registered("location")) {
	sl_send_reply("100", "Trying");
	...
};
...`,
    around: [
      `${modules}route { if (method=="REGISTER") { save("location"); exit; };`,
      'append_to_reply("X-Uri: $ru\\r\\n"); sl_send_reply("200", "Here"); exit;',
      'sl_send_reply("404", "Not here"); }',
    ],
    async observe(running) {
      const alice = await running.phone('alice');
      await alice.register([a]);
      const ask = alice.make('MESSAGE', { uri: 'sip:alice@example.com' });
      alice.peer.send(ask.toBuffer());
      assert.equal((await alice.peer.response()).reason, 'Trying');
      const reply = await alice.peer.finalFor(ask);
      assert.equal(`${reply.status} ${reply.reason}`, '200 Here');
      assert.equal(reply.header('x-uri'), 'sip:alice@example.com');
      assert.equal((await alice.ask('MESSAGE', 'sip:bob@example.com')).reason, 'Not here');
      assert.deepEqual(alice.peer.unread, []);
    },
  },
  {
    number: '1-24',
    effect: 'the REGISTER goes on with a header that names the socket it came in on',
    text: `...
add_sock_hdr("Sock-Info");
...`,
    around: [`${modules}route { if (method=="REGISTER") {`, '}; t_relay(); }'],
    async observe(running) {
      const [alice, next] = [await running.phone('alice'), await running.phone('next')];
      const register = alice.make('REGISTER', { uri: `sip:127.0.0.1:${next.peer.port}` });
      alice.peer.send(register.toBuffer());
      const received = await next.peer.request('REGISTER');
      assert.equal(received.header('sock-info'), `127.0.0.1:${running.udpPort}`);
      next.answer(received, 200);
      assert.equal((await alice.peer.finalFor(register)).status, 200);
    },
  },
];
