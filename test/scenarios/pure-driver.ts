import assert from 'node:assert/strict';
import { asAor } from '../../src/location/aor.ts';
import { addContact } from '../../src/location/management.ts';
import { MemoryLocation } from '../../src/location/memory-location.ts';
import { aorOf } from '../../src/registrar/aor.ts';
import { lookup, natMarks, registered } from '../../src/registrar/lookup.ts';
import type { RegistrarOptions } from '../../src/registrar/options.ts';
import { registerReply } from '../../src/registrar/register-reply.ts';
import { save } from '../../src/registrar/registrar.ts';
import { type SocketDescription, socketToStore } from '../../src/registrar/socket-header.ts';
import { createResponse } from '../../src/sip/create-response.ts';
import { SipRequest, SipResponse } from '../../src/sip/message.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError } from '../../src/sip/sip-error.ts';
import { parseUri } from '../../src/sip/uri.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { FakeRandom } from '../../src/testing/fake-random.ts';
import { registrarDefaults } from '../../src/testing/registrar-defaults.ts';
import type { Script } from './vector.ts';
import type { Driver, LookupReport } from './vector-runner.ts';

const source = '127.0.0.1:15065';
const sockets = { udp: 'udp:127.0.0.1:5060', tcp: 'tcp:127.0.0.1:5060', other: 'udp:127.0.0.1:5070' } as const;

/** `save`, `lookup` and `registered` over a memory location, without a server. */
export async function startPureDriver(different: Partial<RegistrarOptions>): Promise<Driver> {
  const options: RegistrarOptions = { ...registrarDefaults, ...different };
  const location = new MemoryLocation();
  const table = location.table('location');
  const clock = new FakeClock();
  const random = new FakeRandom();
  const ruid = () => random.token();

  const aorOfText = (text: string) => {
    const uri = parseUri(text);
    const aor = isSipError(uri) ? undefined : aorOf(uri, options);
    return typeof aor === 'string' ? aor : undefined;
  };

  return {
    tokens: {
      source,
      receiving: sockets.udp,
      other: sockets.other,
      'other.address': '127.0.0.1:5070',
      'other.old': '127.0.0.1_5070',
    },
    checksRequestsFirst: false,
    makesTags: false,

    async register(text: string, script: Script): Promise<SipResponse | undefined> {
      const request = parseMessage(Buffer.from(text, 'latin1'));
      assert.ok(request instanceof SipRequest, 'the vector is a request');
      const receiving = script.tcp === true ? sockets.tcp : sockets.udp;
      const readsSocket = isSet(script, options.sockFlag);
      const facts = {
        now: clock.now(),
        natted: isSet(script, options.natFlag),
        sipPing: isSet(script, options.sipNatpingFlag),
        received: receivedUri(script),
        socket: readsSocket ? socketToStore(request, options, receiving, findSocket).socket : receiving,
        memoryOnly: script.save === 'save_memory',
        ruid,
      };
      const result = await save(request, table, options, facts);
      if (script.save === 'save_noreply') return undefined;
      const { status, reason, headers } = registerReply(result, options, facts.now);
      const reply = parseMessage(createResponse(request, status, reason, { headers }).toBuffer());
      assert.ok(reply instanceof SipResponse, 'the reply is well-formed');
      return reply;
    },

    async lookup(uri: string, method: string): Promise<LookupReport> {
      const aor = aorOfText(uri);
      const result =
        aor === undefined
          ? { outcome: 'not-found' as const, targets: [], dropped: 0 }
          : await lookup(aor, table, options, clock.now(), method);
      const marks = natMarks(result.targets, options);
      return {
        outcome: result.outcome,
        targets: result.targets.map(({ contact }) => contact),
        destinations: result.targets.map(({ received }) => (received === '' ? undefined : received)),
        messageFlags: flagNumbers(marks.messageFlags),
        branchFlags: marks.branchFlags.slice(1).map(flagNumbers),
        dropped: result.dropped,
      };
    },

    async registered(uri: string): Promise<boolean> {
      const aor = aorOfText(uri);
      return aor !== undefined && registered(aor, table, clock.now());
    },

    async stored(aor: string) {
      return table.get(asAor(aor), clock.now());
    },

    async add(command) {
      const added = await addContact(location, { ...command, table: 'location' }, options, clock.now(), ruid);
      assert.ok(added.ok, 'the vector adds a contact');
    },

    async wait(seconds: number): Promise<void> {
      clock.advance(seconds * 1000);
    },

    now: () => clock.now(),

    async close(): Promise<void> {},
  };
}

function isSet(script: Script, flag: number): boolean {
  return flag >= 0 && script.flags?.includes(flag) === true;
}

/** What `fix_nated_register` notes. */
function receivedUri(script: Script): string | undefined {
  if (script.fixNatedRegister !== true) return undefined;
  return `sip:${source}${script.tcp === true ? ';transport=TCP' : ''}`;
}

function findSocket(description: SocketDescription): string | undefined {
  return Object.values(sockets).find((socket) => {
    const [transport, host, port] = socket.split(':');
    if (description.transport !== undefined && description.transport !== transport) return false;
    return description.host === host && String(description.port) === port;
  });
}

function flagNumbers(mask: number): readonly number[] {
  const numbers: number[] = [];
  for (let flag = 0; flag < 32; flag++) if ((mask & (1 << flag)) !== 0) numbers.push(flag);
  return numbers;
}
