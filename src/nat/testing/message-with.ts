import { assert } from '../../base/assert.ts';
import { SipRequest } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parser.ts';

/** A request from 198.51.100.7:5060 with these header lines; a Via among them takes the place of its own. */
export function messageWith(...lines: readonly string[]): SipRequest {
  return messageWithBody('', ...lines);
}

/** As `messageWith`, with a body. */
export function messageWithBody(body: string, ...lines: readonly string[]): SipRequest {
  const via = lines.some((line) => line.startsWith('Via:')) ? [] : ['Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1'];
  const head = [
    'INVITE sip:alice@example.org SIP/2.0',
    ...via,
    'From: <sip:bob@example.org>;tag=1',
    'To: <sip:alice@example.org>',
    'Call-ID: 1@example.org',
    'CSeq: 1 INVITE',
    ...lines,
    `Content-Length: ${body.length}`,
  ];
  const message = parseMessage(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  assert(message instanceof SipRequest, 'the test message can be parsed');
  return message;
}
