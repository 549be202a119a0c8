import { AortaError } from '../base/errors.ts';
import { isPromise } from '../base/maybe-promise.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipResponse } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { stripBrackets } from '../sip/uri.ts';
import { defaultPort, type Flow, type Hop, transportNamed } from '../transport/flow.ts';
import { canonicalAddress } from '../transport/ip-address.ts';
import type { ProxyPort } from './proxy-port.ts';

/**
 * Passes on the response to a request that was forwarded without a transaction (RFC 3261 §16.11): our Via comes off, and
 * the next one says where it goes (§18.2.2).
 *
 * @param flow what the response came by
 * @returns whether it was one; what carries no mark of ours is none, whatever its Vias say
 */
export function forwardResponse(port: ProxyPort, response: SipResponse, flow: Flow): boolean {
  const { vias } = response;
  if (isSipError(vias)) return false;
  const [own, next] = vias;
  if (own === undefined || next === undefined || !port.isOurs(own.host, own.port)) return false;
  if (!port.statelessMarks.confirms(own.branch, next)) return false;
  const hop = hopOf(next);
  if (hop === undefined) return true;
  const copy = response.clone();
  copy.removeFirstValue('via');
  const from = flow.transport === hop.transport ? flow.listener : undefined;
  const found = port.flowTo(hop, from);
  const send = (to: Flow | AortaError): void => {
    if (!(to instanceof AortaError)) to.send(copy.toBuffer());
  };
  if (isPromise(found)) void found.then(send);
  else send(found);
  return true;
}

/** §18.2.2, RFC 3581 §4: the source that we wrote into the Via, else what it says itself. */
function hopOf(via: Via): Hop | undefined {
  const transport = transportNamed(via.transport);
  const address = canonicalAddress(via.received ?? stripBrackets(via.host));
  if (transport === undefined || address === undefined) return undefined;
  const rport = typeof via.rport === 'number' && transport === 'udp' ? via.rport : undefined;
  return { transport, address, port: rport ?? via.port ?? defaultPort(transport) };
}
