import { type Source, sourceHostPort } from './source.ts';

/**
 * The URI by which a phone behind a NAT is reached: the address and port its request came from. nathelper's
 * `fix_nated_register` puts it into the received AVP, `save` stores it beside the contact, and `lookup` makes it the
 * destination.
 *
 * @returns `sip:<ip>:<port>`, and `;transport=` in upper case unless UDP. OpenSER 1.0 wrote IPv6 without brackets,
 *   which is no URI; they are here.
 */
export function receivedUri(source: Source): string {
  const uri = `sip:${sourceHostPort(source)}`;
  return source.transport === 'udp' ? uri : `${uri};transport=${source.transport.toUpperCase()}`;
}
