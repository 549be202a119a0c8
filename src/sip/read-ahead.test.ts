import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NameAddr } from './headers/name-addr.ts';
import type { Via } from './headers/via.ts';
import { limits } from './limits.ts';
import { SipRequest, type SipResponse } from './message.ts';
import type { Params } from './params.ts';
import { parseMessage } from './parser.ts';
import { isSipError, type SipError } from './sip-error.ts';
import type { Uri } from './uri.ts';

// A message with a line break in front of it (RFC 3261 §7.5) is read value by value when it is asked: the oracle.

function paramsOf(params: Params): unknown {
  return [params.toString(), params.size, params.entries()];
}

function viaOf(via: Via | SipError): unknown {
  if (isSipError(via)) return via;
  const { protocol, transport, host, port, branch, rport, received, maddr, ttl, fault, text } = via;
  return [protocol, transport, host, port, branch, rport, received, maddr, ttl, fault, text, paramsOf(via.params)];
}

function uriOf(uri: Uri | SipError): unknown {
  if (isSipError(uri) || !('params' in uri)) return uri;
  return [{ ...uri, params: undefined }, paramsOf(uri.params)];
}

function addressOf(address: NameAddr | SipError): unknown {
  if (isSipError(address)) return address;
  const { text, rawDisplayName, uriText, hasUri, uri, tag } = address;
  return [text, rawDisplayName, uriText, hasUri, uriOf(uri), tag, paramsOf(address.params)];
}

/** The same as `markTopVia`, without anything that is known of the Via. */
function markSimply(message: SipRequest | SipResponse, rport: number | undefined): void {
  const { topVia } = message;
  if (!isSipError(topVia)) message.replaceFirstValue('via', topVia.withSource('192.0.2.7', rport));
}

/** The head line by line. */
function linesOf(message: SipRequest | SipResponse): string {
  const lines = message.headerFields().filter(({ name }) => name !== 'content-length');
  return lines.map(({ line: text }) => text).join('');
}

/** Everything that may be read ahead, and what is made of it. */
function valuesOf(message: SipRequest | SipResponse): unknown {
  const { vias, hasParties, topVia, from, to, callId, cseq } = message;
  const marked = message.clone();
  marked.markTopVia('192.0.2.7', 5070);
  return {
    vias: isSipError(vias) ? vias : vias.map(viaOf),
    hasParties,
    values: [viaOf(topVia), addressOf(from), addressOf(to), callId, cseq],
    uri: message instanceof SipRequest ? uriOf(message.uri) : undefined,
    lines: message.headerFields().map(({ name, value, line }) => [name, value, line]),
    marked: [viaOf(marked.topVia), marked.header('via'), marked.toWire()],
  };
}

function agree(head: string): void {
  const message = parseMessage(Buffer.from(head, 'latin1'));
  const expected = parseMessage(Buffer.from(`\r\n${head}`, 'latin1'));
  if (isSipError(message) || isSipError(expected)) {
    assert(isSipError(message) && isSipError(expected));
    assert.equal(message.code, expected.code);
  } else assert.deepEqual(valuesOf(message), valuesOf(expected));
}

const choices = {
  start: [
    'OPTIONS sip:u1@h.example:5062;transport=tcp?a=b SIP/2.0',
    'INVITE sips:[::1]:1 SIP/2.0',
    'OPTIONS tel:+1 SIP/2.0',
    'OPTIONS sip:a@ SIP/2.0',
    'OPTIONS <sip:a@b> SIP/2.0',
    'REGISTER sip:a SIP/2.0',
    'SIP/2.0 200 OK',
  ],
  via: [
    'SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK-1;rport',
    'SIP/2.0/TCP h_1.example ; branch=z9hG4bK2 , SIP/2.0/UDP b',
    'sip / 2.0 / tls [::1] : 5 ;received=1.2.3.4;rport=7;RPORT;x="a,\\"b"',
    'SIP/2.0/UDP ::1;branch=a',
    `SIP/2.0/UDP a${';p=q'.repeat(limits.maxParams - 1)}`,
    'SIP/2.0/UDP a;=',
    'SIP/2.0',
    '',
  ],
  from: [
    '<sip:a:b@[::1]:7;x=y;z>;tag=1',
    '"A, \\"B" <sip:a%20b@h.example>;tag=t;q=","',
    'Ann Lee <tel:123;phone-context=+1> ;a = b',
    'sip:a@b.example;tag=2',
    '<sip:a@b',
    '<sip:@b>;tag=1',
    'sip:a@b?c=d',
    '',
  ],
  callId: ['a@b', 'a b', '\xe4', '', 'i'.repeat(limits.maxCallIdBytes + 1)],
  cseq: ['1 OPTIONS', '2147483648 OPTIONS', '7  X-Y', '1OPTIONS', '1 ', ''],
  blank: ['', ' ', '\t ', '\r\n '],
  end: ['\r\n', '\n', ' \r\n', '\r\r\n', '\r\n ;x\r\n'],
  name: ['Via', 'v', 'FROM', 'From', 'To', 't', 'Call-ID', 'i', 'CSeq', 'cseq', 'X'],
} as const;

const anyValue = fc.constantFrom(...choices.via, ...choices.from, ...choices.callId, ...choices.cseq);

function line(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...choices.blank), value, fc.constantFrom(...choices.end))
    .map(([blank, text, end]) => `${name}:${blank}${text}${end}`);
}

const head = fc
  .tuple(
    fc.constantFrom(...choices.start),
    line('Via', fc.constantFrom(...choices.via)),
    line('From', fc.constantFrom(...choices.from)),
    line('To', fc.constantFrom(...choices.from)),
    line('Call-ID', fc.constantFrom(...choices.callId)),
    line('CSeq', fc.constantFrom(...choices.cseq)),
    fc.array(
      fc.constantFrom(...choices.name).chain((name) => line(name, anyValue)),
      { maxLength: 2 },
    ),
    fc.constantFrom('\r\n', ''),
  )
  .map(([start, via, from, to, callId, cseq, more, last]) => {
    return `${start}\r\n${via}${from}${to}${callId}${cseq}${more.join('')}${last}`;
  });

test('§18.2.1, property: the Via with its source is the one that parsing it gives', () => {
  const port = fc.constantFrom(undefined, 5070, 0);
  fc.assert(
    fc.property(head, port, (text, rport) => {
      const message = parseMessage(Buffer.from(text, 'latin1'));
      if (isSipError(message)) return;
      const simply = message.clone();
      message.markTopVia('192.0.2.7', rport);
      markSimply(simply, rport);
      assert.deepEqual(viaOf(message.topVia), viaOf(simply.topVia));
      assert.equal(message.toWire(), simply.toWire());
      // Lines that follow each other go out together; so they do one by one.
      assert(message.toWire().includes(linesOf(message)));
    }),
    { numRuns: 2000 },
  );
});

test('property: what is read while the bytes are at hand is what is read value by value', () => {
  fc.assert(fc.property(head, agree), { numRuns: 3000 });
});

test('property: the same when a byte of the message is another one', () => {
  const other = fc.constantFrom(...'<>"\\;:,@= \t\r\n\0\xff[]?%a1');
  fc.assert(
    fc.property(head, fc.nat(), other, (text, place, byte) => {
      const at = place % text.length;
      agree(text.slice(0, at) + byte + text.slice(at + 1));
    }),
    { numRuns: 3000 },
  );
});
