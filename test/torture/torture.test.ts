import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { badExtension, unsupportedOptions } from '../../src/sip/check-extensions.ts';
import { refuseMethod } from '../../src/sip/check-method.ts';
import { checkRequest, checkResponse } from '../../src/sip/check-request.ts';
import { createResponse } from '../../src/sip/create-response.ts';
import { SipRequest, SipResponse } from '../../src/sip/message.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError, type SipError } from '../../src/sip/sip-error.ts';
import { malformedHeaders, observe } from './observe.ts';
import type { TortureRow } from './outcome.ts';
import { rfc4475 } from './rfc4475.ts';
import { rfc5118 } from './rfc5118.ts';

const suites = [
  { rfc: '4475', rows: rfc4475 },
  { rfc: '5118', rows: rfc5118 },
] as const;

for (const { rfc, rows } of suites) {
  const folder = new URL(`data/rfc${rfc}/`, import.meta.url);

  describe(`the torture messages of RFC ${rfc}`, () => {
    it('every message has one row, and every row a message', () => {
      const files = readdirSync(folder).map((file) => file.replace('.dat', ''));
      assert.deepEqual(rows.map(({ name }) => name).sort(), files.sort());
    });

    for (const row of rows) {
      it(`§${row.section} ${row.name}: ${row.title}: ${inWords(row)}`, () => {
        check(row, readFileSync(new URL(`${row.name}.dat`, folder)));
      });
    }
  });
}

function inWords({ outcome }: TortureRow): string {
  switch (outcome.kind) {
    case 'accepted':
      return 'accepted';
    case 'refused':
      return `refused with ${outcome.status}`;
    case 'dropped':
      return 'dropped';
  }
}

function check({ outcome }: TortureRow, bytes: Buffer): void {
  const message = parseMessage(bytes);
  if (outcome.kind === 'dropped') {
    const error = isSipError(message) ? message : checkResponse(asResponse(message));
    assert.equal(error?.code, outcome.code);
    return;
  }
  assert.ok(!isSipError(message), 'a message that can be answered is not lost');
  if (outcome.kind === 'refused') {
    checkRefusal(asRequest(message), outcome.status, outcome.reason);
    return;
  }
  const complaint = message instanceof SipRequest ? checkRequest(message) : checkResponse(message);
  assert.equal(complaint, undefined);
  for (const [name, value] of Object.entries(outcome.sees)) assert.deepEqual(observe(message, name), value, name);
  assert.deepEqual(malformedHeaders(message), outcome.malformed ?? []);
  const wire = message.toBuffer();
  assert.deepEqual(wire, bytes.subarray(0, wire.length), 'what nobody touches goes out byte for byte');
  if (message.contentLength === undefined) assert.equal(wire.length, bytes.length);
}

/** Decision 32: a refusal reaches the sender: its reply is a message that anybody can parse, along the Vias of the request. */
function checkRefusal(request: SipRequest, status: number, reason: string): void {
  const refusal = checkRequest(request);
  assert.deepEqual(refusal, { status, reason, headers: [] });
  const reply = parseMessage(createResponse(request, status, reason).toBuffer());
  assert.ok(reply instanceof SipResponse);
  assert.equal(reply.status, status);
  assert.equal(reply.reason, reason);
  for (const name of ['via', 'from', 'to', 'call-id', 'cseq']) {
    assert.deepEqual(
      reply.headerLines(name).map(({ line }) => line),
      request.headerLines(name).map(({ line }) => line),
      name,
    );
  }
}

describe('what other layers decide about a torture message', () => {
  it('RFC 4475 §3.3.5 bext01: 420 names every option that is not supported, as it was written', () => {
    const request = asRequest(read('bext01'));
    const options = unsupportedOptions(request, 'require', new Set(['path']));
    assert.deepEqual(badExtension(options), {
      status: 420,
      reason: 'Bad Extension',
      headers: [['Unsupported', 'nothingSupportsThis, nothingSupportsThisEither']],
    });
    assert.deepEqual(unsupportedOptions(request, 'proxy-require', new Set()), [
      'noProxiesSupportThis',
      'norDoAnyProxiesSupportThis',
    ]);
  });

  for (const name of ['intmeth', 'esc02']) {
    it(`RFC 4475 ${name}: the method is taken as it is written, and nobody serves it: 501`, () => {
      const request = asRequest(read(name));
      assert.deepEqual(refuseMethod(request.method, ['OPTIONS', 'REGISTER']), {
        status: 501,
        reason: 'Not Implemented',
        headers: [],
      });
    });
  }
});

function read(name: string): SipRequest | SipResponse | SipError {
  return parseMessage(readFileSync(new URL(`data/rfc4475/${name}.dat`, import.meta.url)));
}

function asRequest(message: SipRequest | SipResponse | SipError): SipRequest {
  assert.ok(message instanceof SipRequest);
  return message;
}

function asResponse(message: SipRequest | SipResponse): SipResponse {
  assert.ok(message instanceof SipResponse);
  return message;
}
