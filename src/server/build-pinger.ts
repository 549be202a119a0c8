import { wholeSecond } from '../base/clock.ts';
import { type MaybePromise, then } from '../base/maybe-promise.ts';
import type { Location } from '../location/location.ts';
import type { NathelperModuleOptions } from '../modules/nathelper-module.ts';
import { Pinger } from '../nat/pinger.ts';
import type { ProxyPort } from '../proxy/proxy-port.ts';
import type { TransportLayer } from '../transport/transport-layer.ts';
import { allBindings } from './all-bindings.ts';

/** The pinger over all tables; it starts when its options give it an interval. */
export function buildPinger(
  options: NathelperModuleOptions,
  location: Location,
  transport: TransportLayer,
  { clock, random, resolve }: ProxyPort,
): Pinger {
  return new Pinger(options, {
    clock,
    random,
    get listeners() {
      return transport.listeners;
    },
    count: () => contactCount(location),
    bindings: () => allBindings(location.tables(), () => wholeSecond(clock)),
    resolve,
    send: (hop, listener, bytes) => {
      const flow = transport.flowTo(hop, listener);
      if ('send' in flow) flow.send(bytes);
    },
  });
}

/** How many contacts all tables hold. */
export function contactCount(location: Location): MaybePromise<number> {
  return then(location.stats(), ({ tables }) => {
    let count = 0;
    for (const { contacts } of tables.values()) count += contacts;
    return count;
  });
}
