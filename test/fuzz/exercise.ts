import assert from 'node:assert/strict';
import { unsupportedOptions } from '../../src/sip/check-extensions.ts';
import { refuseMethod } from '../../src/sip/check-method.ts';
import { checkRequest, checkResponse } from '../../src/sip/check-request.ts';
import { createResponse } from '../../src/sip/create-response.ts';
import { formatHeader, isKnownHeader, parseHeader } from '../../src/sip/headers/index.ts';
import { SipRequest, SipResponse } from '../../src/sip/message.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError } from '../../src/sip/sip-error.ts';
import { isSipUri, sameUri, type Uri, unescapeUser } from '../../src/sip/uri.ts';

/**
 * Asks a message everything that the server may ask it, and does everything to a copy that a proxy may do. None of it may
 * throw: what a peer sends is never a programmer's error.
 *
 * @returns whether the message passes the checks that come before any use of it
 */
export function exercise(message: SipRequest | SipResponse): boolean {
  const passes =
    message instanceof SipRequest ? checkRequest(message) === undefined : checkResponse(message) === undefined;
  readTypedValues(message);
  readHeaders(message);
  change(message.clone());
  if (message instanceof SipRequest) answer(message);
  return passes;
}

function readTypedValues(message: SipRequest | SipResponse): void {
  const { topVia, vias, from, to, contacts, routes, recordRoutes, path } = message;
  void [message.callId, message.cseq, message.maxForwards, message.contentLength, message.body.length];
  for (const via of [topVia, ...(isSipError(vias) ? [] : vias)]) {
    if (isSipError(via)) continue;
    void [via.branch, via.received, via.rport, via.maddr, via.ttl];
    via.withSource('192.0.2.1', 5060);
    via.withSource('2001:db8::1', undefined);
  }
  const lists = [routes, recordRoutes, path, contacts === '*' ? [] : contacts];
  const addresses = [from, to, ...lists.flatMap((list) => (isSipError(list) ? [] : [...list]))];
  const uris: Uri[] = [];
  for (const address of addresses) {
    if (isSipError(address)) continue;
    void [address.displayName, address.tag, address.params.entries()];
    if (!isSipError(address.uri)) uris.push(address.uri);
  }
  if (contacts !== '*' && !isSipError(contacts)) for (const contact of contacts) void [contact.q, contact.expires];
  if (message instanceof SipRequest && !isSipError(message.uri)) uris.push(message.uri);
  const first = uris.at(-1);
  for (const uri of uris.slice(0, 20)) {
    if (isSipUri(uri) && uri.user !== undefined) unescapeUser(uri.user);
    if (first !== undefined)
      assert.equal(sameUri(uri, first), sameUri(first, uri), 'the order of two URIs does not count');
    assert.ok(sameUri(uri, uri), 'a URI is the same as itself');
  }
}

function readHeaders(message: SipRequest | SipResponse): void {
  const names = new Set<string>();
  for (const { name, value, line } of message.headerFields()) {
    names.add(name);
    void line;
    if (!isKnownHeader(name)) continue;
    const parsed = parseHeader(name, value);
    if (!isSipError(parsed)) formatHeader(name, parsed);
  }
  for (const name of names) void [message.values(name), message.tokens(name), message.headerLines(name)];
}

function change(message: SipRequest | SipResponse): void {
  message.prepend('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKnew');
  message.replaceFirstValue('Via', 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKnew');
  message.removeFirstValue('Route');
  message.set('Max-Forwards', '69');
  message.append('Path', '<sip:p.example.com;lr>');
  message.remove('Contact');
  message.toBuffer();
}

function answer(request: SipRequest): void {
  refuseMethod(request.method, ['REGISTER']);
  unsupportedOptions(request, 'require', new Set(['path']));
  const clone = request.clone();
  clone.setUri('sip:a@b');
  clone.toWire();
  // RFC 3261 §8.2.6: whatever the request was, its reply is a message, with the Via lines of the request and no others.
  const reply = createResponse(request, 200, 'OK', { toTag: 'x', headers: [['Contact', '<sip:a@b>']] });
  const received = parseMessage(reply.toBuffer());
  assert.ok(received instanceof SipResponse);
  assert.deepEqual(received.headerLines('via').map(viaValue), request.headerLines('via').map(viaValue));
}

function viaValue({ value }: { readonly value: string }): string {
  return value;
}
