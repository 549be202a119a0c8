import assert from 'node:assert/strict';
import type { Phone } from '../../support/phone.ts';
import { ring } from './call.ts';
import type { CfgServer } from './cfg-server.ts';

/** A trap of the language, in a file that would do something else for whoever fell into it. */
export interface Trap {
  /** By its number in cfg-language §14. */
  readonly number: number;
  readonly title: string;
  readonly text: string;
  readonly observe: (running: CfgServer) => Promise<void>;
}

const modules = `alias=example.com
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
`;

const header = (name: string, value: string): { headers: [string, string][] } => ({ headers: [[name, value]] });

/** The reason that a request to the server is answered with; there is no other answer. */
async function reason(phone: Phone, method: string, uri = 'sip:example.com', parts = {}): Promise<string> {
  const reply = await phone.ask(method, uri, parts);
  assert.deepEqual(phone.peer.unread, []);
  return reply.reason;
}

/** A MESSAGE to somebody registered, as their phone gets it. */
async function relayed(running: CfgServer, to: Phone, parts = {}) {
  const caller = await running.phone('caller');
  const message = caller.make('MESSAGE', { uri: `sip:${to.user}@example.com`, ...parts });
  caller.peer.send(message.toBuffer());
  const received = await to.peer.request('MESSAGE');
  to.answer(received, 200, 'OK');
  assert.equal((await caller.peer.finalFor(message)).status, 200);
  return received;
}

const registrar = 'if (method=="REGISTER") { save("location"); exit; };';

export const traps: readonly Trap[] = [
  {
    number: 1,
    title: '!uri==myself is not (uri == myself), !method=="REGISTER" not (method == "REGISTER")',
    text: `${modules}route {
	if (!uri==myself) { sl_send_reply("403", "Foreign"); exit; };
	if (!method=="REGISTER") { sl_send_reply("200", "Ours"); exit; };
	sl_send_reply("200", "A REGISTER of ours");
}`,
    async observe(running) {
      const alice = await running.phone('alice');
      assert.equal(await reason(alice, 'OPTIONS', 'sip:elsewhere.test'), 'Foreign');
      assert.equal(await reason(alice, 'OPTIONS'), 'Ours');
      assert.equal(await reason(alice, 'REGISTER'), 'A REGISTER of ours');
    },
  },
  {
    number: 2,
    title: 'a single & and | are logical and stop early',
    text: `${modules}route {
	if (method=="OPTIONS" & 2 & 1) { sl_send_reply("200", "Logical"); exit; };
	if (method=="INFO" | route(1)) { sl_send_reply("200", "Short"); exit; };
	sl_send_reply("200", "Long");
}
route[1] { append_to_reply("X-Asked: yes\\r\\n"); return(-1); }`,
    async observe(running) {
      const alice = await running.phone('alice');
      assert.equal(await reason(alice, 'OPTIONS'), 'Logical');
      const short = await alice.ask('INFO', 'sip:example.com');
      assert.equal(short.reason, 'Short');
      assert.equal(short.header('x-asked'), undefined);
      const long = await alice.ask('MESSAGE', 'sip:example.com');
      assert.equal(long.reason, 'Long');
      assert.equal(long.header('x-asked'), 'yes');
    },
  },
  {
    number: 3,
    title: 'what returns 0 ends the whole script: save after its error reply, return(0) in a route; -1 does not',
    text: `${modules}route {
	if (method=="REGISTER") { save("location"); };
	if (method=="OPTIONS") { route(1); };
	if (method=="INFO") { route(2); };
	log(1, "after\\n");
	sl_send_reply("202", "After");
}
route[1] { return(0); }
route[2] { return(-1); }`,
    async observe(running) {
      const alice = await running.phone('alice');
      const refused = await alice.register(['*'], header('Expires', '5'));
      assert.equal(refused.status, 400);
      alice.peer.send(alice.make('OPTIONS', { uri: 'sip:example.com' }).toBuffer());
      assert.equal(await reason(alice, 'INFO'), 'After');
      assert.equal(running.logged(/^warn: after/).length, 1);
    },
  },
  {
    number: 4,
    title: 'what falls off the end of route is not answered at all',
    text: `${modules}route { if (method=="OPTIONS") { sl_send_reply("200", "Asked"); }; }`,
    async observe(running) {
      const alice = await running.phone('alice');
      alice.peer.send(alice.make('MESSAGE', { uri: 'sip:example.com' }).toBuffer());
      assert.equal(await reason(alice, 'OPTIONS'), 'Asked');
      assert.equal(await reason(alice, 'OPTIONS'), 'Asked');
    },
  },
  {
    number: 5,
    title: '};  an if without it, commands with and without (), an if without parentheses',
    text: `${modules}route {
	force_rport;
	;;
	if (isdsturiset || !force_rport) { sl_send_reply("500", "A word is true"); exit; };
	if uri==myself { setflag(1); }
	if (isflagset(1)) { append_to_reply("X-Flag: 1\\r\\n"); } else { drop(); };
	if (method=="INFO") sl_send_reply("200", "Info"); else if (method=="OPTIONS") { sl_send_reply("200", "Options"); }
	else sl_send_reply("200", "Other");
	exit();
	sl_send_reply("500", "Never");
};`,
    async observe(running) {
      const alice = await running.phone('alice');
      assert.equal(await reason(alice, 'INFO'), 'Info');
      assert.equal(await reason(alice, 'OPTIONS'), 'Options');
      const other = await alice.ask('MESSAGE', 'sip:example.com');
      assert.equal(other.reason, 'Other');
      assert.equal(other.header('x-flag'), '1');
    },
  },
  {
    number: 6,
    title: 'status in a request is the Request-URI, uri in a reply the status',
    text: `${modules}route {
	${registrar}
	if (!status=~"^sip:called@example") { sl_send_reply("500", "Not the Request-URI"); exit; };
	lookup("location");
	t_on_reply("1");
	t_relay();
}
onreply_route[1] { if (uri=~"^200$") append_hf("X-Status: 200\\r\\n"); }`,
    async observe(running) {
      const called = await running.registered('called');
      const caller = await running.phone('caller');
      const message = caller.make('MESSAGE', { uri: 'sip:called@example.com' });
      caller.peer.send(message.toBuffer());
      called.answer(await called.peer.request('MESSAGE'), 200, 'OK');
      assert.equal((await caller.peer.finalFor(message)).header('x-status'), '200');
    },
  },
  {
    number: 7,
    title: 'tests do not see what was appended, and append_hf carries its own line ends',
    text: `${modules}route {
	${registrar}
	lookup("location");
	append_hf("X-One: 1\\r\\nX-Two: 2\\r\\n");
	if (is_present_hf("X-One") || search("X-Two")) append_hf("X-Seen: yes\\r\\n");
	t_relay();
}`,
    async observe(running) {
      const received = await relayed(running, await running.registered('called'));
      assert.equal(received.header('x-one'), '1');
      assert.equal(received.header('x-two'), '2');
      assert.equal(received.header('x-seen'), undefined);
    },
  },
  {
    number: 8,
    title: 'retcode behind an if is not what the function in its condition returned',
    text: `${modules}route {
	if (method=="INFO") {
		lookup("location");
		if (retcode==-1) { sl_send_reply("404", "Of lookup"); exit; };
	};
	if (!lookup("location")) { setflag(1); };
	if (retcode==-1) sl_send_reply("404", "Of lookup");
	else if (retcode==1) sl_send_reply("404", "Of setflag");
	else sl_send_reply("404", "Of something else");
}`,
    async observe(running) {
      const alice = await running.phone('alice');
      assert.equal(await reason(alice, 'INFO', 'sip:nobody@example.com'), 'Of lookup');
      assert.equal(await reason(alice, 'MESSAGE', 'sip:nobody@example.com'), 'Of setflag');
    },
  },
  {
    number: 9,
    title: 'uri==myself without a port means port 5060; an alias takes any',
    text: `${modules}route {
	if (uri==myself) sl_send_reply("200", "Ours"); else sl_send_reply("200", "Foreign");
}`,
    async observe(running) {
      const alice = await running.phone('alice');
      assert.notEqual(running.udpPort, 5060);
      assert.equal(await reason(alice, 'OPTIONS', 'sip:127.0.0.1'), 'Foreign');
      assert.equal(await reason(alice, 'OPTIONS', `sip:127.0.0.1:${running.udpPort}`), 'Ours');
      assert.equal(await reason(alice, 'OPTIONS', 'sip:EXAMPLE.com:5070'), 'Ours');
    },
  },
  {
    number: 10,
    title: 'a failure_route sends appended branches alone: a new Request-URI is not called',
    text: `${modules}route { ${registrar} lookup("location"); t_on_failure("1"); t_relay(); }
failure_route[1] {
	seturi("sip:other@example.com");
	lookup("location");
	if (search("^X-Append: yes")) append_branch();
	if (!t_relay()) t_reply("480", "Nothing was sent");
}`,
    async observe(running) {
      const caller = await running.phone('caller');
      const called = await running.registered('called');
      const other = await running.registered('other');
      const without = await ring(caller, 'sip:called@example.com', [called]);
      called.answer(without.received[0] ?? assert.fail(), 486, 'Busy Here');
      assert.equal((await caller.peer.finalFor(without.invite)).reason, 'Nothing was sent');
      assert.deepEqual(other.peer.unread, []);
      const appended = await ring(caller, 'sip:called@example.com', [called], header('X-Append', 'yes'));
      called.answer(appended.received[0] ?? assert.fail(), 486, 'Busy Here');
      other.answer(await other.peer.request('INVITE'), 603, 'Decline');
      assert.equal((await caller.peer.finalFor(appended.invite)).status, 603);
    },
  },
  {
    number: 11,
    title: 't_on_failure disarms itself: the second failure goes to the caller',
    text: `${modules}route { ${registrar} lookup("location"); t_on_failure("1"); t_relay(); }
failure_route[1] {
	if (t_check_status("404")) { t_reply("500", "Armed still"); exit; };
	rewriteuri("sip:other@example.com");
	lookup("location");
	append_branch();
	t_relay();
}`,
    async observe(running) {
      const caller = await running.phone('caller');
      const called = await running.registered('called');
      const other = await running.registered('other');
      const { invite, received } = await ring(caller, 'sip:called@example.com', [called]);
      called.answer(received[0] ?? assert.fail(), 486, 'Busy Here');
      other.answer(await other.peer.request('INVITE'), 404, 'Of the phone');
      assert.notEqual((await caller.peer.finalFor(invite)).reason, 'Armed still');
    },
  },
  {
    number: 12,
    title: "break outside of a switch makes a file SER's, with a warning: it leaves only its route, as 0 does",
    text: `${modules}route {
	route(1);
	log(1, "the caller goes on\\n");
	sl_send_reply("200", "The caller");
}
route[1] {
	if (method=="OPTIONS") break;
	if (method=="REGISTER") save("location");
	append_to_reply("X-Left: at its end\\r\\n");
}`,
    async observe(running) {
      const alice = await running.phone('alice');
      const left = await alice.ask('OPTIONS', 'sip:example.com');
      assert.equal(left.reason, 'The caller');
      assert.equal(left.header('x-left'), undefined);
      assert.equal((await alice.ask('INFO', 'sip:example.com')).header('x-left'), 'at its end');
      assert.equal((await alice.register(['*'], header('Expires', '5'))).status, 400);
      assert.equal(running.logged(/^warn: the caller goes on/).length, 3);
    },
  },
  {
    number: 13,
    title: 'the first argument of modparam is a regular expression over whole names of modules',
    text: `${modules}modparam("reg.*|usrl[o]c", "use_domain", 1)
modparam("REGISTRAR", "default_expires", 777)
route { save("location"); }`,
    async observe(running) {
      const alice = await running.phone('alice');
      assert.match((await alice.register()).header('contact') ?? '', /;expires=777$/);
      const elsewhere = await running.phone('alice', { domain: 'example.org' });
      assert.equal((await elsewhere.register([])).header('contact'), undefined);
    },
  },
  {
    number: 14,
    title: "=~ and textops ignore case, and ^ is a line's start in textops; subst does not ignore case without i",
    text: `${modules}route {
	if (method=="REGISTER") { save("location"); exit; };
	if (!uri=~"^SIP:CALLED@") { sl_send_reply("500", "Case of =~"); exit; };
	if (!search("^x-letters: ABC")) { sl_send_reply("500", "Case or line of search"); exit; };
	lookup("location");
	subst("/^X-Letters: ABC/X-Letters: wrong/");
	subst("/^X-OTHER: abc(.*)$/X-Other: right\\1/i");
	t_relay();
}`,
    async observe(running) {
      const called = await running.registered('called');
      const headers = [
        ['X-Letters', 'abc'],
        ['X-Other', 'ABCdef'],
      ];
      const received = await relayed(running, called, { headers });
      assert.equal(received.header('x-letters'), 'abc');
      assert.equal(received.header('x-other'), 'rightdef');
    },
  },
  {
    number: 15,
    title: "lookup's destination URI outlives a later change of the Request-URI",
    text: `${modules}route {
	if (method=="REGISTER") { fix_nated_register(); save("location"); exit; };
	lookup("location");
	rewritehostport("192.0.2.99:5099");
	t_relay();
}`,
    async observe(running) {
      const called = await running.registered('called', () => '<sip:called@10.1.1.1>');
      assert.equal((await relayed(running, called)).uriText, 'sip:called@192.0.2.99:5099');
    },
  },
  {
    number: 16,
    title: '\'...\' has no escapes, and an unknown one in "..." keeps its backslash',
    text: `${modules}route {
	if (method=="OPTIONS") sl_send_reply("200", 'a\\tb');
	else if (search("^CSeq: \\d+ INFO") || search("^CSeq: \\x31\\.")) sl_send_reply("200", "Digits");
	else sl_send_reply("200", "a\\d\\"b\\x41");
}`,
    async observe(running) {
      const alice = await running.phone('alice');
      assert.equal(await reason(alice, 'OPTIONS'), 'a\\tb');
      assert.equal(await reason(alice, 'MESSAGE'), 'a\\d"bA');
    },
  },
  {
    number: 17,
    title: 'yes, no, on, off are numbers anywhere',
    text: `dns=no
rev_dns=off
${modules}route {
	if (no) { sl_send_reply("500", "No"); exit; };
	setflag(on);
	if (isflagset(1) && yes) sl_send_reply("200", "Numbers");
}`,
    async observe(running) {
      assert.equal(await reason(await running.phone('alice'), 'OPTIONS'), 'Numbers');
    },
  },
  {
    number: 18,
    title: 'a number with a leading 0 is octal, in an address too',
    text: `${modules}route {
	setflag(012);
	if (!isflagset(10)) { sl_send_reply("500", "Decimal"); exit; };
	if (src_ip==077.0.0.0/2) { sl_send_reply("500", "Decimal in an address"); exit; };
	sl_send_reply("200", "Octal");
}`,
    async observe(running) {
      assert.equal(await reason(await running.phone('alice'), 'OPTIONS'), 'Octal');
    },
  },
  {
    number: 19,
    title: 'debug=9 is legal, and log() without a level is only for debugging',
    text: `debug=9
${modules}route {
	log("without a level\\n");
	log(1, "of a warning\\n");
	log(-1, "of an error\\n");
	sl_send_reply("200", "Logged");
}`,
    async observe(running) {
      assert.equal(await reason(await running.phone('alice'), 'OPTIONS'), 'Logged');
      assert.equal(running.logged(/^debug: without a level/).length, 1);
      assert.equal(running.logged(/^warn: of a warning/).length, 1);
      assert.equal(running.logged(/^error: of an error/).length, 1);
    },
  },
  {
    number: 20,
    title: 'comments nest, and a string holds none',
    text: `${modules}route {
	/* one /* two */ sl_send_reply("500", "Inside"); exit; */
	sl_send_reply("200", "Outside # /* of it"); # exit; /*
	exit;
}`,
    async observe(running) {
      assert.equal(await reason(await running.phone('alice'), 'OPTIONS'), 'Outside # /* of it');
    },
  },
];
