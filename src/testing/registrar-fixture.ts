import assert from 'node:assert/strict';
import { asAor } from '../location/aor.ts';
import type { Binding } from '../location/binding.ts';
import type { TableInMemory } from '../location/location.ts';
import { MemoryLocation } from '../location/memory-location.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import type { RegisterFacts } from '../registrar/register-input.ts';
import { type RegisterReply, registerReply } from '../registrar/register-reply.ts';
import type { RegisterResult } from '../registrar/register-result.ts';
import { save } from '../registrar/registrar.ts';
import { SipRequest } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { atOnce } from './at-once.ts';
import { FakeRandom } from './fake-random.ts';
import { registrarDefaults } from './registrar-defaults.ts';
import { sampleNow } from './sample-binding.ts';

/** A REGISTER of alice with these further lines. */
export function registerRequest(lines: readonly string[], cseq = 1, callId = 'call@10.0.0.1'): SipRequest {
  const head = [
    'REGISTER sip:example.com SIP/2.0',
    'Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-1',
    'From: <sip:alice@example.com>;tag=1',
    'To: <sip:alice@example.com>',
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`,
    ...lines,
  ];
  const request = parseMessage(Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'));
  assert.ok(request instanceof SipRequest);
  return request;
}

/** A registrar of one table, for tests of what vectors do not show. */
export class RegistrarFixture {
  readonly options: RegistrarOptions;
  readonly location: MemoryLocation;
  readonly table: TableInMemory;
  now: number;
  readonly #random: FakeRandom;
  #cseq: number;

  constructor(different: Partial<RegistrarOptions> = {}) {
    this.options = { ...registrarDefaults, ...different };
    this.location = new MemoryLocation();
    this.table = this.location.table('location');
    this.now = sampleNow;
    this.#random = new FakeRandom();
    this.#cseq = 0;
  }

  get bindings(): readonly Binding[] {
    return this.table.get(asAor('alice'), this.now);
  }

  /** Saves a REGISTER with these lines and the next CSeq. */
  register(lines: readonly string[], facts: Partial<RegisterFacts> = {}, callId?: string): RegisterResult {
    this.#cseq += 1;
    return this.save(registerRequest(lines, this.#cseq, callId), facts);
  }

  save(request: SipRequest, facts: Partial<RegisterFacts> = {}): RegisterResult {
    const result = save(request, this.table, this.options, {
      now: this.now,
      natted: false,
      sipPing: false,
      socket: 'udp:127.0.0.1:5060',
      memoryOnly: false,
      ruid: () => this.#random.token(),
      ...facts,
    });
    return atOnce(result);
  }

  reply(result: RegisterResult): RegisterReply {
    return registerReply(result, this.options, this.now);
  }
}
