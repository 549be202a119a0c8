import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Contact } from './headers/contact.ts';
import { parseMessage } from './parser.ts';
import { PlainRegister } from './plain-register.ts';
import { isSipError } from './sip-error.ts';

const usual = [
  'REGISTER sip:example.com SIP/2.0',
  'Via: SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bK-1',
  'Max-Forwards: 70',
  'From: <sip:alice@example.com>;tag=f1',
  'To: <sip:alice@example.com>',
  'Call-ID: call-1@10.0.0.1',
  'CSeq: 7 REGISTER',
  'Contact: <sip:alice@10.0.0.1:5062>;expires=600',
  'User-Agent: Phone/1.0',
  'Content-Length: 0',
];

/** The usual request with one line replaced, or with more lines when the last of them is new. */
function withLine(line: string): string {
  const name = line.startsWith('REGISTER') ? 'REGISTER' : `${line.slice(0, line.indexOf(':'))}:`;
  const replaced = usual.map((known) => (known.startsWith(name) ? line : known));
  return text(replaced.includes(line) ? replaced : [...usual, line]);
}

function withoutLine(name: string): string {
  return text(usual.filter((line) => !line.startsWith(name)));
}

function text(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function read(message: string): PlainRegister | undefined {
  const plain = new PlainRegister();
  return plain.read(Buffer.from(message, 'latin1')) ? plain : undefined;
}

describe('what a plain REGISTER says', () => {
  it('is read from the usual message', () => {
    const plain = read(text(usual));
    assert.ok(plain);
    const { requestHost, user, aorHost, callId, cseq, expires, userAgent } = plain;
    assert.deepEqual([requestHost, user, aorHost], ['example.com', 'alice', 'example.com']);
    assert.deepEqual([callId, cseq, expires, userAgent], ['call-1@10.0.0.1', 7, undefined, 'Phone/1.0']);
    const { bytes, sentByStart, sentByEnd, branchStart, branchEnd } = plain;
    const wire = Buffer.from(bytes.buffer).toString('latin1');
    assert.deepEqual([plain.viaHost, plain.viaPort, plain.viaHasRport], ['10.0.0.1', 5062, true]);
    assert.equal(wire.slice(sentByStart, sentByEnd), '10.0.0.1:5062');
    assert.equal(wire.slice(branchStart, branchEnd), 'z9hG4bK-1');
    const contacts = plain.contacts();
    assert.ok(contacts !== '*' && !isSipError(contacts));
    assert.deepEqual(
      contacts.map(({ uriText, expires, q }) => [uriText, expires, q]),
      [['sip:alice@10.0.0.1:5062', '600', undefined]],
    );
  });

  it('nothing of one message shows in the next', () => {
    const plain = new PlainRegister();
    assert.ok(plain.read(Buffer.from(withLine('Expires: 60'))));
    assert.equal(plain.expires, 60);
    const next = text([...usual.slice(0, 7), 'Content-Length: 0'])
      .replace(';rport', '')
      .replace(':5062', '');
    assert.ok(plain.read(Buffer.from(next)));
    assert.deepEqual(
      [plain.expires, plain.userAgent, plain.viaPort, plain.viaHasRport],
      [undefined, undefined, undefined, false],
    );
    assert.deepEqual(plain.contacts(), []);
    assert.doesNotMatch(plain.replyHead('10.0.0.1', 1, 't'), /rport|Contact/);
  });

  it('contacts of any kind are those of the object view', () => {
    for (const contact of [
      '<sip:a@b>',
      'sip:a@b;expires=60',
      '"A, B" <sip:a@b>;q=0.5;expires=7',
      '<sip:a@b>, <sip:c@d;transport=tcp>;+sip.instance="<urn:uuid:1>";reg-id=1',
      '*',
    ]) {
      const line = `Contact: ${contact}`;
      const message = parseMessage(Buffer.from(withLine(line)));
      assert.ok(!isSipError(message));
      const expected = message.contacts;
      const contacts = read(withLine(line))?.contacts();
      assert.ok(contacts !== undefined && !isSipError(contacts) && !isSipError(expected));
      if (contacts === '*' || expected === '*') assert.equal(contacts, expected);
      else assert.deepEqual(contacts.map(said), expected.map(said));
    }
  });

  it('a contact that is malformed is a failure, not a guess', () => {
    for (const contact of ['<sip:a@b', '*, <sip:a@b>', '*;expires=0', '<sip:a@b>;q="', ',']) {
      assert.ok(isSipError(read(withLine(`Contact: ${contact}`))?.contacts()), contact);
    }
  });
});

describe('§8.2.6: the head of the reply', () => {
  it('has Via, From, To, Call-ID and CSeq in the order of the request, byte for byte', () => {
    const lines = [usual[0], usual[6], usual[4], usual[2], usual[5], usual[1], usual[8], usual[3]] as string[];
    assert.equal(
      read(text(lines))?.replyHead('192.0.2.1', 4711, 'tt'),
      [
        'SIP/2.0 200 OK',
        'CSeq: 7 REGISTER',
        'To: <sip:alice@example.com>;tag=tt',
        'Call-ID: call-1@10.0.0.1',
        'Via: SIP/2.0/UDP 10.0.0.1:5062;rport=4711;branch=z9hG4bK-1;received=192.0.2.1',
        'From: <sip:alice@example.com>;tag=f1',
        '',
      ].join('\r\n'),
    );
  });

  it('§18.2.1: without rport only received is added, and nothing when the Via says the source itself', () => {
    const plain = read(withLine('Via: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK-1'));
    assert.match(
      plain?.replyHead('192.0.2.1', 4711, 't') ?? '',
      /^Via: SIP\/2.0\/TCP 10.0.0.1;branch=z9hG4bK-1;received=192.0.2.1\r$/m,
    );
    assert.match(plain?.replyHead(undefined, 4711, 't') ?? '', /^Via: SIP\/2.0\/TCP 10.0.0.1;branch=z9hG4bK-1\r$/m);
  });
});

const plainLines: Readonly<Record<string, string>> = {
  'a domain with a port': 'REGISTER sip:example.com:5060 SIP/2.0',
  'an address as domain': 'REGISTER sip:192.0.2.1 SIP/2.0',
  'a Request-URI with a transport': 'REGISTER sip:example.com;transport=UDP SIP/2.0',
  'rport behind the branch': 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-1;rport',
  'no rport': 'Via: SIP/2.0/TCP 10.0.0.1:5060;branch=z9hG4bK-1',
  'alias of RFC 5923': 'Via: SIP/2.0/TCP 10.0.0.1:5060;alias;branch=z9hG4bK-1;rport',
  'an IPv6 sent-by': 'Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK-1;rport',
  'a quoted name': 'To: "Alice \\"A\\" <x>" <sip:alice@example.com>',
  'a name of words': 'To: Alice A. <sip:alice@example.com>',
  'a name in UTF-8': 'To: Zo\xc3\xa9 <sip:alice@example.com>',
  'an address without brackets': 'To: sip:alice@example.com',
  'URI parameters in From': 'From: <sip:alice@example.com;transport=UDP>;tag=1',
  'a Call-ID of any printable characters': 'Call-ID: "<>()[]{}:\\/?=,;@',
  'a CSeq number with zeros in front': 'CSeq: 000000007 REGISTER',
  'the largest CSeq': 'CSeq: 2147483647 REGISTER',
  'a Contact with parameters': 'Contact: <sip:a@b>;q=0.5;reg-id=1;+sip.instance="<urn:uuid:1>"',
  'no Contact parameter': 'Contact: <sip:a@b;transport=tcp>',
  'an Expires header': 'Expires: 3600',
  'the largest plain Expires': 'Expires: 999999999',
  'Max-Forwards 0': 'Max-Forwards: 0',
  'Max-Forwards 255': 'Max-Forwards: 255',
  'Max-Forwards with zeros in front (RFC 4475 §3.1.1.1)': 'Max-Forwards: 0068',
  'two blanks before the Content-Length': 'Content-Length:  0',
  'a Route': 'Route: <sip:192.0.2.1:5060;transport=udp;lr>',
  Supported: 'Supported: path, gruu',
  Allow: 'Allow: INVITE, ACK',
  'Allow-Events': 'Allow-Events: talk',
  Accept: 'Accept: application/sdp',
  'Accept-Language': 'Accept-Language: en',
  'a Date': 'Date: Thu, 01 Dec 2040 16:00:00 GMT',
  'a private header': 'X-Real-IP: 10.0.0.1',
};

const otherLines: Readonly<Record<string, string>> = {
  'another method': 'REGISTERX sip:example.com SIP/2.0',
  'a sips Request-URI': 'REGISTER sips:example.com SIP/2.0',
  'a Request-URI with a user': 'REGISTER sip:alice@example.com SIP/2.0',
  'a Request-URI with headers': 'REGISTER sip:example.com?a=b SIP/2.0',
  'an empty parameter': 'REGISTER sip:example.com; SIP/2.0',
  'no host': 'REGISTER sip: SIP/2.0',
  'an empty port': 'REGISTER sip:example.com: SIP/2.0',
  'an IPv6 domain': 'REGISTER sip:[::1] SIP/2.0',
  'two blanks': 'REGISTER sip:example.com  SIP/2.0',
  'another version': 'REGISTER sip:example.com SIP/2.1',
  'a Via of another transport': 'Via: SIP/2.0/TLS 10.0.0.1;branch=z9hG4bK-1',
  'a Via in lower case': 'Via: SIP/2.0/udp 10.0.0.1;branch=z9hG4bK-1',
  'a Via with blanks': 'Via: SIP/2.0/UDP 10.0.0.1 ;branch=z9hG4bK-1',
  'two Vias in one line': 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-1, SIP/2.0/UDP 10.0.0.2',
  'a Via without a branch': 'Via: SIP/2.0/UDP 10.0.0.1;rport',
  'a branch without the cookie': 'Via: SIP/2.0/UDP 10.0.0.1;branch=1',
  'a branch of the cookie alone': 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK',
  'two branches': 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-1;branch=z9hG4bK-2',
  'rport with a value': 'Via: SIP/2.0/UDP 10.0.0.1;rport=5;branch=z9hG4bK-1',
  'two rports': 'Via: SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK-1;rport',
  received: 'Via: SIP/2.0/UDP 10.0.0.1;received=1.2.3.4;branch=z9hG4bK-1',
  maddr: 'Via: SIP/2.0/UDP 10.0.0.1;maddr=1.2.3.4;branch=z9hG4bK-1',
  'an unknown Via parameter': 'Via: SIP/2.0/UDP 10.0.0.1;x=y;branch=z9hG4bK-1',
  'a Via parameter in capitals': 'Via: SIP/2.0/UDP 10.0.0.1;RPORT;branch=z9hG4bK-1',
  'an impossible port': 'Via: SIP/2.0/UDP 10.0.0.1:65536;branch=z9hG4bK-1',
  'no port behind the colon': 'Via: SIP/2.0/UDP 10.0.0.1:;branch=z9hG4bK-1',
  'a host with an underscore': 'Via: SIP/2.0/UDP a_b;branch=z9hG4bK-1',
  'a malformed IPv6 address': 'Via: SIP/2.0/UDP [2001:db8::1::2];branch=z9hG4bK-1',
  'a To tag': 'To: <sip:alice@example.com>;tag=1',
  'a port in the Via with a leading zero': 'Via: SIP/2.0/UDP 10.0.0.1:05062;branch=z9hG4bK-1',
  'another AoR in To': 'To: <sip:bob@example.com>',
  'a longer AoR in To': 'To: <sip:alice@example.com.au>',
  'a name without an end': 'To: "Alice <sip:alice@example.com>',
  'a line feed in a name': 'To: "A\nB" <sip:alice@example.com>',
  'escapes in the user': 'To: <sip:al%69ce@example.com>',
  'a password': 'To: <sip:alice:x@example.com>',
  'headers in the URI': 'To: <sip:alice@example.com?a=b>',
  'a sips AoR': 'To: <sips:alice@example.com>',
  'a tel AoR': 'To: <tel:+1234>',
  'parameters of a URI without brackets': 'To: sip:alice@example.com;transport=udp',
  'a question mark in a URI without brackets': 'To: sip:al?ice@example.com',
  'a blank at the end': 'To: <sip:alice@example.com> ',
  'two blanks in front': 'To:  <sip:alice@example.com>',
  'From without a tag': 'From: <sip:alice@example.com>',
  'From with an empty tag': 'From: <sip:alice@example.com>;tag=',
  'From with more than a tag': 'From: <sip:alice@example.com>;tag=1;x=y',
  'a blank in the Call-ID': 'Call-ID: a b',
  'a Call-ID beyond ASCII': 'Call-ID: a\xe9',
  'a Call-ID that is too long': `Call-ID: ${'c'.repeat(1025)}`,
  'a CSeq of 2^31': 'CSeq: 2147483648 REGISTER',
  'a CSeq of eleven digits': 'CSeq: 10000000000 REGISTER',
  'a CSeq of another method': 'CSeq: 7 INVITE',
  'a CSeq with two blanks': 'CSeq: 7  REGISTER',
  'a CSeq without a number': 'CSeq: REGISTER',
  'a line feed in the Contact': 'Contact: <sip:a@b>;x="\n"',
  'an Expires that is no number': 'Expires: soon',
  'an Expires of ten digits': 'Expires: 1000000000',
  'Max-Forwards 256': 'Max-Forwards: 256',
  'Max-Forwards with eleven digits': 'Max-Forwards: 00000000070',
  'a body': 'Content-Length: 4',
  'two zeros': 'Content-Length: 00',
  'a User-Agent of blanks': 'User-Agent:  ',
  'a blank behind the User-Agent': 'User-Agent: Phone ',
  'a line feed in the User-Agent': 'User-Agent: a\nb',
  'a Route without brackets': 'Route: sip:192.0.2.1;lr',
  'a malformed Route': 'Route: <sip:192.0.2.1:70000;lr>',
  'an extension that is required': 'Require: path',
  'an extension for proxies': 'Proxy-Require: x',
  'a Path': 'Path: <sip:p.example.com;lr>',
  credentials: 'Authorization: Digest username="alice"',
  'a compact form': 'v: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-2',
  'a name in lower case': 'supported: path',
  'a blank before the colon': 'Supported : path',
  'no blank behind the colon': 'Supported:path',
  'a folded line': 'Supported: path,\r\n gruu',
  'an empty value': 'Supported: ',
  'a carriage return alone': 'Supported: a\rb',
  'a line feed alone': 'Supported: a\nb',
  'a header that nobody knows': 'Unheard-Of: x',
  'a name that only begins with X': 'Xenon: x',
};

describe('what is plain', () => {
  for (const [what, line] of Object.entries(plainLines)) {
    it(`plain: ${what}`, () => {
      assert.ok(read(withLine(line)));
    });
  }

  for (const name of ['Max-Forwards', 'Contact', 'User-Agent', 'Content-Length']) {
    it(`plain: no ${name}`, () => {
      assert.ok(read(withoutLine(name)));
    });
  }
});

describe('what is left to the object view', () => {
  for (const [what, line] of Object.entries(otherLines)) {
    it(`not plain: ${what}`, () => {
      assert.equal(read(withLine(line)), undefined);
    });
  }

  for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) {
    it(`not plain: no ${name}`, () => {
      assert.equal(read(withoutLine(name)), undefined);
    });
    it(`not plain: two lines of ${name}`, () => {
      const line = usual.find((known) => known.startsWith(name)) as string;
      assert.equal(read(text([...usual, line])), undefined);
    });
  }

  for (const line of ['Contact: <sip:a@b>', 'Expires: 1', 'Max-Forwards: 1', 'Content-Length: 0', 'User-Agent: a']) {
    it(`not plain: twice ${line}`, () => {
      assert.equal(
        read(text([...usual.filter((known) => !known.startsWith(line.slice(0, 5))), line, line])),
        undefined,
      );
    });
  }

  const whole = text(usual);
  const frames: Readonly<Record<string, string>> = {
    nothing: '',
    'a line break in front': `\r\n${whole}`,
    'something behind': `${whole}x`,
    'a line break behind': `${whole}\r\n`,
    'no empty line': whole.slice(0, -2),
    'half a line break at the end': whole.slice(0, -1),
    'bare line feeds': whole.replaceAll('\r\n', '\n'),
    'one bare line feed': whole.replace('70\r\n', '70\n'),
    'more than 2,048 bytes': text([...usual, `X-Long: ${'x'.repeat(2048)}`]),
  };
  for (const [what, message] of Object.entries(frames)) {
    it(`not plain: ${what}`, () => {
      assert.equal(read(message), undefined);
    });
  }

  it('no prefix of a plain message is plain', () => {
    for (let end = 0; end < whole.length; end++)
      assert.equal(read(whole.slice(0, end)), undefined, whole.slice(0, end));
  });
});

function said({ text, uriText, displayName, expires, q }: Contact): readonly unknown[] {
  return [text, uriText, displayName, expires, q];
}
