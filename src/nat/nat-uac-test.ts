import type { SipMessage } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, type SipUri } from '../sip/uri.ts';
import { isPrivateAddress } from './private-address.ts';
import { sameAddress } from './same-address.ts';
import { sdpAddresses } from './sdp-addresses.ts';
import type { Source } from './source.ts';

/** The tests of nathelper's `nat_uac_test` by their bits. Up to 16 they are OpenSER 1.0's, the others came later. */
export const natTests = {
  /** The host of the first contact is private. */
  contactPrivate: 1,
  /** The top Via names another address than the packet came from. */
  viaReceived: 2,
  /** The host of the top Via is private. */
  viaPrivate: 4,
  /** The first `c=` address of the SDP body is private. */
  sdpPrivate: 8,
  /** The packet came from another port than the top Via names. */
  viaPort: 16,
  /** The packet came from a private address. */
  sourcePrivate: 32,
  /** The message came over a WebSocket, where no contact can be reached but by its connection (RFC 7118 §5). */
  webSocket: 64,
  /** The port of the first contact is not the one the packet came from. */
  contactPort: 128,
  /** A `c=` address of the SDP body is not the one the packet came from. */
  sdpSource: 256,
} as const;

/**
 * Whether one of the selected tests says that the sender of a message sits behind a NAT. The tests run in the order
 * 16, 2, 1, 8, 4, then the later ones by their bits; the first hit decides. Host names are never private; a message
 * without a contact, or whose contact or Via cannot be read, passes the tests of that header.
 *
 * @param message request or response
 * @param source where it came from
 * @param mask a sum of `natTests`
 */
export function natUacTest(message: SipMessage, source: Source, mask: number): boolean {
  return (
    ((mask & natTests.viaPort) !== 0 && viaPortDiffers(message, source)) ||
    ((mask & natTests.viaReceived) !== 0 && viaAddressDiffers(message, source)) ||
    ((mask & natTests.contactPrivate) !== 0 && isPrivateAddress(firstContact(message)?.host ?? '')) ||
    ((mask & natTests.sdpPrivate) !== 0 && isPrivateAddress(sdpAddresses(message)[0] ?? '')) ||
    ((mask & natTests.viaPrivate) !== 0 && viaIsPrivate(message)) ||
    ((mask & natTests.sourcePrivate) !== 0 && isPrivateAddress(source.remoteAddress)) ||
    ((mask & natTests.webSocket) !== 0 && (source.transport === 'ws' || source.transport === 'wss')) ||
    ((mask & natTests.contactPort) !== 0 && contactPortDiffers(message, source)) ||
    ((mask & natTests.sdpSource) !== 0 &&
      sdpAddresses(message).some((address) => !sameAddress(address, source.remoteAddress)))
  );
}

function viaPortDiffers(message: SipMessage, source: Source): boolean {
  const via = message.topVia;
  return !isSipError(via) && (via.port ?? 5060) !== source.remotePort;
}

/**
 * RFC 3581 §4 has the server itself write `received` for a phone that sent `rport`, even when it equals the sent-by.
 * So a `received` proves a NAT only when it differs.
 */
function viaAddressDiffers(message: SipMessage, source: Source): boolean {
  const via = message.topVia;
  if (isSipError(via)) return false;
  if (!sameAddress(via.host, source.remoteAddress)) return true;
  return via.received !== undefined && !sameAddress(via.received, source.remoteAddress);
}

function viaIsPrivate(message: SipMessage): boolean {
  const via = message.topVia;
  return !isSipError(via) && isPrivateAddress(via.host);
}

function contactPortDiffers(message: SipMessage, source: Source): boolean {
  const contact = firstContact(message);
  return contact !== undefined && (contact.port ?? (contact.scheme === 'sips' ? 5061 : 5060)) !== source.remotePort;
}

function firstContact(message: SipMessage): SipUri | undefined {
  const { contacts } = message;
  if (contacts === '*' || isSipError(contacts)) return undefined;
  const uri = contacts[0]?.uri;
  return uri !== undefined && !isSipError(uri) && isSipUri(uri) ? uri : undefined;
}
