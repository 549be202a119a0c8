import type { SipMessage } from '../sip/message.ts';

/**
 * The connection addresses of an SDP body, of the session and of each medium, in order (RFC 8866 §5.7). A body of
 * another type has none; an SDP inside a multipart body is found, because its lines are.
 */
export function sdpAddresses(message: SipMessage): readonly string[] {
  if (message.body.length === 0 || !mayHoldSdp(message.header('content-type'))) return [];
  const found: string[] = [];
  for (const line of message.body.toString('latin1').split(/\r\n|\n|\r/)) {
    // c=<nettype> <addrtype> <address>[/ttl[/count]]
    const address = line.startsWith('c=') ? line.split(/ +/)[2] : undefined;
    if (address !== undefined) found.push(address.split('/', 1)[0] ?? address);
  }
  return found;
}

/** A body without Content-Type is taken for SDP, as everybody does. */
function mayHoldSdp(contentType: string | undefined): boolean {
  const type = contentType?.toLowerCase() ?? 'application/sdp';
  return type.startsWith('application/sdp') || type.startsWith('multipart/');
}
