import type { Step } from './route-bench.ts';

/** A configuration, and requests that show what it does. */
export interface Behaviour {
  readonly title: string;
  readonly cfg: string;
  readonly steps: readonly Step[];
}

const modules = ['sl', 'tm', 'rr', 'maxfwd', 'usrloc', 'registrar', 'textops', 'xlog', 'nathelper', 'avpops']
  .map((name) => `loadmodule "${name}.so"`)
  .join('\n');

const invite: Step = { request: { uri: 'sip:bob@192.0.2.60' } };
const called: Step = { request: { uri: 'sip:bob@example.org', branch: 'z9hG4bKcalled', callId: 'called' } };
const register = (contact: string): Step => ({
  request: {
    method: 'REGISTER',
    uri: 'sip:example.org',
    headers: [`Contact: ${contact}`],
    branch: 'z9hG4bKregister',
    callId: 'register',
  },
});
const registered = register('<sip:bob@192.0.2.60>;expires=60');

function say(text: string): string {
  return `xlog("L_INFO", "${text} $rc\\n");`;
}

function behaviour(title: string, cfg: string, steps: readonly Step[] = [invite]): Behaviour {
  return { title, cfg: `${modules}\nalias=example.org\n${cfg}`, steps };
}

/** Each construct of the language, where it could come out differently. */
export const behaviours: readonly Behaviour[] = [
  behaviour(
    'exit in a called route ends the script',
    `route { route(1); ${say('after')} } route[1] { ${say('in')} if (method=="INVITE") exit; ${say('not')} }`,
    [invite, { request: { method: 'OPTIONS', uri: 'sip:bob@192.0.2.60' } }],
  ),
  behaviour(
    'exit two routes deep ends the script',
    `route { ${say('before')} route(1); ${say('after')} } route[1] { route(2); ${say('not')} } route[2] { exit; }`,
  ),
  behaviour(
    'return codes are truths, and $rc is what was returned',
    `route { if (route(1)) { ${say('yes')} } else { ${say('no')} }
      if (!route(2)) { ${say('negative')} }
      route(3); ${say('three')}
      route(2); ${say('two')} }
     route[1] { return(5); } route[2] { return(-7); } route[3] { ${say('falls off')} }`,
  ),
  behaviour('return(0) is exit', `route { ${say('before')} route(1); ${say('after')} } route[1] { return(0); }`),
  behaviour(
    'the result of a route is that of its last statement',
    `route { if (route(1)) { ${say('true')} } else { ${say('false')} } if (route(2)) { ${say('true')} } else { ${say('false')} } }
     route[1] { search("nothing like this"); } route[2] { if (method=="OPTIONS") { search("x"); } }`,
  ),
  behaviour(
    'an if that does nothing sets $rc to 0, an empty body to 1',
    `route { search("nothing like this"); if (method=="OPTIONS") { log("x"); } ${say('skipped')}
      search("nothing like this"); if (method=="INVITE") { } ${say('empty')} }`,
  ),
  behaviour(
    'route(n) in a condition that ends the script',
    `route { ${say('before')} if (route(1) || route(2)) { ${say('a')} } ${say('b')} } route[1] { exit; } route[2] { ${say('not')} return(1); }`,
  ),
  behaviour(
    'and, or, not and the order in which they ask',
    `route { if (route(1) && !route(2) || route(3)) { ${say('yes')} } else { ${say('no')} }
      if (!(route(1) && route(2))) { ${say('yes')} } else { ${say('no')} } }
     route[1] { ${say('one')} return(1); } route[2] { ${say('two')} return(1); } route[3] { ${say('three')} return(-1); }`,
  ),
  behaviour(
    'a comparison without an answer ends an or, and is not turned by a not',
    `route { if ($var(n) < 5 || method=="INVITE") { ${say('yes')} } else { ${say('no')} }
      if ($avp(s:none) < 5 || method=="INVITE") { ${say('yes')} } else { ${say('no')} }
      if (!($avp(s:none) < 5)) { ${say('yes')} } else { ${say('no')} }
      if (method=="INVITE" && $avp(s:none) < 5 || $var(n) == 0) { ${say('yes')} } else { ${say('no')} }
      if (!($avp(s:none) < 5 && method=="INVITE")) { ${say('yes')} } else { ${say('no')} }
      if (!isflagset(1) && $avp(s:none) < 5 || method=="INVITE") { ${say('yes')} } else { ${say('no')} }
      if (isflagset(1) && $avp(s:none) < 5 || method=="INVITE") { ${say('yes')} } else { ${say('no')} }
      if ($avp(s:none) =~ "$avp(s:none)" || $var(n) != 0 && $avp(s:none) > 2 || method=="INVITE") { ${say('yes')} } else { ${say('no')} } }`,
  ),
  behaviour(
    'a switch falls through until a break',
    `route { $var(n) = 1; route(1); $var(n) = 2; route(1); $var(n) = 3; route(1); $var(n) = 9; route(1); }
     route[1] { switch ($var(n)) { case 1: ${say('one')} case 2: ${say('two')} break; case 3: default: ${say('other')} } ${say('end')} }`,
  ),
  behaviour(
    'a switch with a return and an exit in it',
    `route { route(1); ${say('after')} $var(n) = 2; route(1); ${say('not')} }
     route[1] { switch ($var(n)) { case 2: exit; default: return(-3); } }`,
  ),
  behaviour(
    'a switch over texts and regular expressions',
    `#!KAMAILIO
     request_route { $var(x) = "abc"; route(ONE); $var(x) = "5"; route(ONE); $var(x) = "xyz"; route(ONE); $var(x) = $null; route(ONE); }
     route[ONE] { switch ($var(x)) { case "abc": ${say('abc')} break; case 5: ${say('five')} case /^X/i: ${say('pattern')} break; default: ${say('other')} } }`,
  ),
  behaviour(
    'a while loop, break and a return out of it',
    `route { $var(i) = 0; while ($var(i) < 10) { $var(i) = $var(i) + 1; if ($var(i) == 2) { switch ($var(i)) { case 2: break; } } if ($var(i) == 4) break; ${say('round $var(i)')} }
      route(1); ${say('done $var(i)')} }
     route[1] { while (1) { $var(i) = $var(i) + 1; if ($var(i) > 6) return(-2); } }`,
  ),
  behaviour(
    'an endless loop is ended, and the request answered 500',
    `max_while_loops=5\nroute { while (method=="INVITE") { ${say('round')} } ${say('not')} }`,
  ),
  behaviour(
    'routes that call themselves are ended, and the request answered 500',
    `route { route(1); ${say('not')} } route[1] { route(1); }`,
  ),
  behaviour(
    'a route whose name is known only when it runs',
    `#!KAMAILIO
     request_route { $var(name) = "ONE"; route("$var(name)"); ${say('after')} $var(name) = "NONE"; route("$var(name)"); ${say('after')} }
     route[ONE] { ${say('in')} return(3); }`,
  ),
  behaviour(
    'variables, arithmetic, texts and null',
    `route { $var(a) = 3; $var(a) += 4; $var(b) = $var(a) * 2 - 1; $var(c) = "x" + $var(b) + $fU;
      $avp(s:one) = "first"; $avp(s:one) = "second"; $avp(i:7) = $var(b) % 4;
      $ru = "sip:" + $rU + "@192.0.2.60"; $var(d) = $var(b) & 5 | 8;
      if ($avp(s:one) == "SECOND") { ${say('same')} } if ($avp(s:two) == $null) { ${say('null')} }
      xlog("L_INFO", "$var(a) $var(b) $var(c) $var(d) $avp(s:one) $(avp(s:one)[1]) $avp(i:7) $ru $fU@$fd $(fU{s.len})\\n"); }`,
  ),
  behaviour(
    'an absent variable as an argument, in quotes and not',
    `#!KAMAILIO
     loadmodule "siputils.so"
     request_route { if (is_numeric($rU)) { ${say('number')} } if (is_numeric("$rU")) { ${say('number')} } if (is_numeric($var(x))) { ${say('zero')} } }`,
  ),
  behaviour(
    'the return code, compared inside of a comparison',
    `route { route(1); if ($rc == 2) { search("nothing like this"); if ($rc == -1) { ${say('not found')} } switch ($retcode) { case -1: search("INVITE"); if ($? == 1) { ${say('found')} } } } }
     route[1] { return(2); }`,
  ),
  behaviour(
    'what is never reached',
    `route { if (method=="OPTIONS" && 0) { route(1); } ${say('before')} route(2); exit; route(3); ${say('not')} } route[1] { route(4); } route[2] { } route[3] { exit; } route[4] { exit; }`,
  ),
  behaviour(
    'flags and branch flags',
    `route { setflag(3); setflag(31); resetflag(3); setbflag(6); if (isflagset(31) && !isflagset(3) && isbflagset(6)) { ${say('set')} } setflag(0); }`,
  ),
  behaviour(
    'the words of a message',
    `route { if (method==invite && uri=~"^SIP:bob@" && src_ip==192.0.2.0/24 && dst_port==5060 && src_port!=5061) { ${say('yes')} }
      if (src_ip==192.0.2.50 && !(dst_ip==192.0.2.9) && proto==UDP && af==INET && msg:len > 10) { ${say('yes')} }
      if (from_uri=~"alice@example.com" && to_uri=="sip:bob@example.org" && uri==myself) { ${say('no')} } else { ${say('not myself')} } }`,
  ),
  behaviour(
    'edits of the message and replies',
    `route { append_hf("P-One: 1\\r\\n"); remove_hf("Contact"); subst("/Alice/Carol/"); if (search("Max-Forwards: 7")) { ${say('found')} } append_to_reply("P-Reply: $fU\\r\\n"); if (!t_relay()) { sl_reply_error(); } }`,
    [invite, { request: { uri: 'sip:bob@nowhere.invalid', branch: 'z9hG4bKsecond' } }],
  ),
  behaviour(
    'a REGISTER, its refusal, which ends the script, and a lookup',
    `route { if (method=="REGISTER") { save("location"); ${say('saved')} exit; }
      if (!lookup("location")) { switch ($retcode) { case -1: sl_send_reply("404", "Not Found"); exit; case -2: sl_send_reply("405", "No"); exit; } }
      ${say('found')} record_route(); t_relay(); }`,
    [called, register('<sip:bob@192.0.2.60>;expires=bad'), registered, { ...called, answers: [180, 200] }],
  ),
  behaviour(
    'save and lookup in conditions, and what does not fit',
    `route { if (method=="REGISTER") { if (!save("location")) { ${say('not')} } ${say('saved')} return; }
      if (registered("location")) { ${say('registered')} } if (lookup("location")) { ${say('found')} t_relay(); } else { ${say('none')} sl_send_reply("480", "Away"); } }`,
    [called, register('*'), registered, { ...called, answers: [486] }],
  ),
  behaviour(
    'a failure route tries another place',
    `route { t_on_failure("1"); t_on_branch("1"); t_on_reply("1"); setflag(5); t_relay(); }
     failure_route[1] { ${say('failed')} if (t_was_cancelled()) return; if (t_check_status("486|408")) { t_on_failure("2"); seturi("sip:mail@192.0.2.60"); append_branch(); t_relay(); } }
     failure_route[2] { ${say('again $ru')} t_reply("480", "Nobody"); }
     branch_route[1] { ${say('branch $ru')} append_hf("P-Branch: yes\\r\\n"); if (isflagset(5)) setbflag(2); }
     onreply_route[1] { ${say('reply')} if (status=~"^18") { append_hf("P-Ringing: $rs\\r\\n"); } if (status=="183") drop; }
     onreply_route { if (!(method=="INVITE")) { ${say('not')} } else { ${say('not either')} } log("every reply"); }`,
    [{ ...invite, answers: [180, 183, 486, 486] }],
  ),
  behaviour(
    'drop in a branch route keeps the branch back',
    `route { append_branch("sip:other@192.0.2.61"); t_on_branch("1"); t_relay(); } branch_route[1] { if ($rU == "other") { drop(); } route(1); } route[1] { ${say('kept')} if ($rU == "bob") return; drop; }`,
    [{ ...invite, answers: [200] }],
  ),
  behaviour(
    'a route means something else where a function cannot be used',
    `route { route(1); t_on_failure("1"); t_relay(); } failure_route[1] { route(1); ${say('after')} }
     route[1] { if (nat_uac_test("19")) { ${say('nat')} } if (record_route()) { ${say('recorded')} } else { ${say('not recorded')} } }`,
    [{ ...invite, answers: [486] }],
  ),
  behaviour(
    'avpops',
    `route { avp_write("i:1", "$avp(i:20)"); avp_printf("$avp(s:who)", "$fU"); if (avp_check("$avp(s:who)", "eq/alice/i")) { ${say('alice')} } avp_delete("i:20"); avp_pushto("$ruri/username", "$avp(s:who)"); t_relay(); }`,
  ),
  behaviour(
    'SER: break and a 0 leave only the route that they stand in',
    `route { route(1); log(1, "after\\n"); if (method=="REGISTER") { save("location"); log(1, "saved\\n"); break; }; route(2); log(1, "last\\n"); }
     route[1] { if (method=="OPTIONS") { break; }; log(1, "in\\n"); drop; }
     route[2] { if (!t_newtran()) { log(1, "old\\n"); break; }; log(1, "new\\n"); exit; }`,
    [
      invite,
      invite,
      register('<sip:bob@192.0.2.60>;expires=bad'),
      { request: { method: 'OPTIONS', uri: 'sip:bob@192.0.2.60', branch: 'z9hG4bKo' } },
    ],
  ),
  behaviour(
    'a retransmission ends the script where its transaction is made',
    `route { if (t_newtran()) { ${say('new')} } else { ${say('not')} } ${say('after')} }`,
    [invite, invite],
  ),
  behaviour(
    'Kamailio compares texts by their letters, the old words without regard to case',
    `#!KAMAILIO
     request_route { if ($fU == "ALICE") { ${say('no')} } if ($fU == "alice") { ${say('yes')} } $var(m) = "invite"; if (method == $var(m)) { ${say('word')} } if (defined $avp(x) || !defined $avp(y)) { ${say('defined')} } $var(i) = (int)"17" + 1; ${say('$var(i)')} }`,
  ),
  behaviour(
    'OpenSIPS gives flags names',
    `socket=udp:127.0.0.1:5060
     route { setflag(SEEN); setbflag(NAT); if (isflagset(SEEN) && !isflagset(OTHER)) { xlog("L_INFO", "seen\\n"); } }`,
  ),
  behaviour(
    'nothing can be smuggled into a format by way of a value',
    `route { $var(x) = "$" + "fU"; xlog("L_INFO", "$var(x)\\n"); append_hf("P-X: $var(x)\\r\\n"); if ($var(x) == "$$fU") { ${say('same')} } t_relay(); }`,
  ),
];

/** What phones send: to a configuration that nothing else is known of. */
export const usualSteps: readonly Step[] = [
  called,
  registered,
  { ...called, answers: [180, 200] },
  { request: { uri: 'sip:bob@example.org', branch: 'z9hG4bKbusy', callId: 'busy' }, answers: [183, 486] },
  { request: { uri: 'sip:911@192.0.2.1', branch: 'z9hG4bKnumber', callId: 'number' } },
  { request: { uri: 'sip:carol@elsewhere.example', branch: 'z9hG4bKoutside', callId: 'outside' } },
  { request: { method: 'OPTIONS', uri: 'sip:192.0.2.1', branch: 'z9hG4bKoptions', callId: 'options' } },
  { request: { method: 'MESSAGE', uri: 'sip:bob@192.0.2.1', branch: 'z9hG4bKmessage', callId: 'message' } },
  { request: { method: 'INVITE', maxForwards: 0, branch: 'z9hG4bKhops', callId: 'hops' } },
  { request: { method: 'SUBSCRIBE', headers: ['Event: message-summary'], branch: 'z9hG4bKevent', callId: 'event' } },
  {
    request: {
      method: 'BYE',
      uri: 'sip:bob@192.0.2.60',
      toTag: 'b1',
      headers: ['Route: <sip:192.0.2.1;lr>'],
      branch: 'z9hG4bKbye',
      callId: 'bye',
    },
    answers: [200],
  },
  { request: { method: 'ACK', uri: 'sip:bob@192.0.2.60', toTag: 'b1', branch: 'z9hG4bKack', callId: 'ack' } },
  { request: { headers: ['User-Agent: friendly-scanner'], branch: 'z9hG4bKscan', callId: 'scan' } },
  register('*'),
];
