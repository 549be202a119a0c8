import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { loadCfgText } from '../../src/cfg/index.ts';
import type { AortaOptions } from '../../src/server/options.ts';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { RegisterGenerator } from './generate-register.ts';
import { type Source, TwoWays } from './two-ways.ts';

/** Requests in all; `AORTA_FUZZ=100` makes a hundred times as many, for a night. */
const requests = 100_000 * Number(process.env.AORTA_FUZZ ?? 1);

const listen = ['udp:127.0.0.1:5060', 'udp:[::1]:5060'];
const domains = ['example.com', 'sip.example.com'];

/** Options that change what a REGISTER does or how it is answered. */
const optionSets: Readonly<Record<string, AortaOptions>> = {
  'the defaults': {},
  'our domains named': { domains },
  use_domain: { registrar: { useDomain: true } },
  'use_domain and our domains named': { registrar: { useDomain: true }, domains },
  'realm_prefix sip.': { registrar: { useDomain: true, realmPrefix: 'sip.' }, domains },
  case_sensitive: { registrar: { caseSensitive: true } },
  'lifetimes between 10 and 120 s': { registrar: { minExpires: 10, maxExpires: 120, defaultExpires: 90 } },
  'no lifetime too short': { registrar: { minExpires: 0, defaultExpires: 0 } },
  'min_expires_mode 1': { registrar: { minExpires: 60, minExpiresMode: 'reject' }, domains },
  'max_contacts 1': { registrar: { maxContacts: 1, retryAfter: 30 } },
  'max_contacts 3': { registrar: { maxContacts: 3, useDomain: true } },
  'default_q 50': { registrar: { defaultQ: 50 } },
  desc_time_order: { registrar: { descTimeOrder: true } },
  'received_param rcv': { registrar: { receivedParam: 'rcv' } },
  'cseq_check off': { registrar: { cseqCheck: false } },
  'matching_mode bytes': { usrloc: { matchingMode: 'bytes' } },
  'matching_mode uri+callid': { usrloc: { matchingMode: 'uri+callid' } },
  'matching_mode callid': { usrloc: { matchingMode: 'callid' }, domains },
  'matching_mode uri+path': { usrloc: { matchingMode: 'uri+path' } },
};

/** A route as people write it, in openser.cfg. */
const { options: cfgOptions, routes: cfgRoutes } = loadCfgText(
  'differential.cfg',
  `loadmodule "sl.so" loadmodule "maxfwd.so" loadmodule "registrar.so" loadmodule "textops.so"
   modparam("registrar", "nat_flag", 6)
   alias=example.com
   route {
     if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; };
     if (uri==myself || uri=~"sip:sip") {
       if (src_ip==127.0.0.1 && is_present_hf("X-Nat")) setflag(6);
       if (method=="REGISTER") { save("location"); exit; };
     };
     sl_send_reply("404", "Not Here");
   }`,
);

/** Its requests are objects before they are saved. */
const readsFirst = 'a route that reads the request first, and then again';

/** Routes of a configuration, which see a REGISTER before it is an object. */
const routeSets: Readonly<Record<string, AortaOptions>> = {
  'a route in TypeScript': {
    routes: {
      request: (context, { registrar }) =>
        context.method === 'REGISTER' ? registrar.save(context) : context.reply(404),
    },
  },
  'a route that marks what it saves': {
    registrar: { natFlag: 5, receivedAvp: 42 },
    routes: {
      request: (context, { registrar, maxfwd }) => {
        if (maxfwd.process(context) === 'exhausted') return context.reply(483);
        if (context.uri.includes('sip.')) context.flags.set(5);
        if (context.flow.remotePort % 2 === 0) context.avps.add(42, `sip:192.0.2.9:${context.flow.remotePort}`);
        if (context.flow.remotePort % 3 === 0) context.appendToReply('X-More', 'yes');
        return registrar.save(context, { table: context.flow.remotePort % 5 === 0 ? 'other' : 'location' });
      },
    },
  },
  [readsFirst]: {
    routes: {
      request: (context, { registrar, maxfwd }) => {
        maxfwd.process(context, 10);
        const { callId } = context.request;
        if (typeof callId === 'string' && callId.length % 2 === 0) context.forceRport();
        const saved = registrar.save(context);
        return context.request.header('max-forwards') === '0' ? context.drop() : saved;
      },
    },
  },
  'openser.cfg': { ...cfgOptions, routes: cfgRoutes },
};
const allSets = { ...optionSets, ...routeSets };
const setNames = Object.keys(allSets);

const captures = messagesIn('captures/', '.sip');
const lookAlikes = messagesIn('look-alikes/', '.sip');
const torture = ['rfc4475/', 'rfc5118/'].flatMap((folder) => messagesIn(`../torture/data/${folder}`, '.dat'));

/** Phones whose REGISTER goes the long way: they come by WebSocket. */
const longPhones: ReadonlySet<string> = new Set(['jssip', 'sipjs']);

const sources: readonly Source[] = [
  { transport: 'udp', address: '192.0.2.7', port: 5060 },
  { transport: 'udp', address: '127.0.0.1', port: 5097 },
  { transport: 'tcp', address: '192.0.2.7', port: 40_000 },
];

describe('the short way of a REGISTER has the effect of the long one', () => {
  for (const [index, [name, options]] of Object.entries(allSets).entries()) {
    it(`generated requests: ${name}`, async () => {
      // Every second one without a listener, for then a location goes another way too.
      const ways = await TwoWays.start({ ...options, listen }, index % 2 === 0);
      const random = new SeededRandom(index * 7919 + 1);
      const generator = new RegisterGenerator(random);
      const count = Math.ceil(requests / setNames.length);
      for (let done = 1; done <= count; done++) {
        const { bytes, source } = generator.next();
        ways.exchange(bytes, source);
        if (random.below(8) === 0) ways.advance(random.pick([1, 999, 1000, 5000, 30_000]));
        if (done % 100 === 0) ways.compareState();
      }
      ways.compareState();
      // Neither way may be tested on nothing: with max_contacts most requests are refused, with the defaults few are.
      if (name === readsFirst) assert.equal(ways.plainRegisters, 0);
      else assert.ok(ways.plainRegisters > count / 10, `${ways.plainRegisters} of ${count} went the short way`);
      assert.ok(ways.replies('200') > ways.plainRegisters * 1.1, 'the long way grants something too');
      assert.ok(ways.replies('400') > count / 10, `${ways.replies('400')} of ${count} were malformed`);
      assert.ok(ways.stored().length > 0);
      await ways.stop();
    });
  }

  for (const name of ['the defaults', 'realm_prefix sip.', 'cseq_check off', 'openser.cfg']) {
    it(`torture messages and real phones: ${name}`, async () => {
      const ways = await TwoWays.start({ ...allSets[name], listen }, true);
      for (const source of sources) {
        for (const { bytes } of [...torture, ...captures, ...lookAlikes]) {
          ways.exchange(bytes, source);
          // And at once again, as retransmissions come.
          ways.exchange(bytes, source);
          ways.compareState();
        }
      }
      await ways.stop();
    });
  }
});

describe('replies that cannot be sent, requests that fail inside, requests within requests', () => {
  const request = captures.find(({ name }) => name === 'kamailio-uac')?.bytes as Buffer;

  for (const result of ['closed', 'overflow'] as const) {
    it(`RFC 3261 §18.2.2: the connection is ${result}; nothing is applied twice`, async () => {
      const ways = await TwoWays.start({ listen, registrar: { cseqCheck: false } }, true);
      const source: Source = { transport: 'tcp', address: '192.0.2.7', port: 5060 };
      ways.exchange(request, source);
      ways.failConnections(result);
      ways.exchange(request, source);
      ways.compareState();
      assert.equal(ways.plainRegisters, 2);
      await ways.stop();
    });
  }

  it('a listener that brings in another request spoils neither', async () => {
    const ways = await TwoWays.start({ listen }, true);
    const [source, other] = sources as [Source, Source];
    for (const { bytes } of lookAlikes) {
      ways.react(bytes, other);
      ways.exchange(request, source);
      ways.exchange(bytes, source);
      ways.compareState();
    }
    assert.ok(ways.stored().length > 3);
    await ways.stop();
  });

  it('a decision that throws is answered 500 in both ways, and changes nothing', async () => {
    const ways = await TwoWays.start({ listen }, true);
    ways.failRandomness();
    ways.exchange(request, { transport: 'udp', address: '127.0.0.1', port: 5097 });
    ways.compareState();
    assert.deepEqual([ways.replies('500'), ways.stored().length, ways.plainRegisters], [1, 0, 0]);
    await ways.stop();
  });
});

describe('what the short way is for', () => {
  for (const { name, bytes } of [...captures, ...lookAlikes]) {
    const isPlain = !longPhones.has(name);
    it(`${name} goes the ${isPlain ? 'short' : 'long'} way`, async () => {
      const ways = await TwoWays.start({ listen }, false);
      for (const source of sources) ways.exchange(bytes, source);
      assert.equal(ways.plainRegisters, isPlain ? sources.length : 0);
      await ways.stop();
    });
  }
});

function messagesIn(folder: string, ending: string): readonly { readonly name: string; readonly bytes: Buffer }[] {
  const url = new URL(folder, import.meta.url);
  const files = readdirSync(url).filter((file) => file.endsWith(ending));
  assert.ok(files.length > 0);
  return files.map((file) => ({ name: file.slice(0, -ending.length), bytes: readFileSync(new URL(file, url)) }));
}
