import type { BoundListener } from './bound-listener.ts';
import type { Hop, Listener } from './flow.ts';
import { familyOf, isLoopback } from './ip-address.ts';

/**
 * The listener that a request to `hop` leaves by: the forced one when it fits; else one of the same transport and
 * family, preferably on the forced one's address, then one whose address can reach the hop, the more specific first.
 *
 * @param forced the socket that the script or a binding asks for
 * @returns undefined when no listener speaks the hop's transport in its address family
 */
export function chooseListener(
  listeners: readonly BoundListener[],
  hop: Hop,
  forced?: Listener,
): BoundListener | undefined {
  const family = familyOf(hop.address);
  const loopback = isLoopback(hop.address);
  let best: BoundListener | undefined;
  let bestRank = 0;
  for (const listener of listeners) {
    if (listener.transport !== hop.transport || listener.family !== family) continue;
    const rank = rankOf(listener, hop.address, loopback, forced);
    if (rank > bestRank) {
      best = listener;
      bestRank = rank;
    }
  }
  return best;
}

function rankOf(listener: BoundListener, address: string, loopback: boolean, forced: Listener | undefined): number {
  if (forced) {
    if (listener === forced) return 7;
    if (listener.address === forced.address) return 6;
  }
  if (listener.address === address) return 5;
  if (listener.wildcard) return 3;
  // A socket on loopback reaches only loopback, and a peer on loopback may know nothing else.
  return listener.loopback === loopback ? 4 : loopback ? 2 : 1;
}
