import { wholeSecond } from '../base/clock.ts';
import type { Binding } from '../location/binding.ts';
import type { Location } from '../location/location.ts';
import type { NathelperModuleOptions } from '../modules/nathelper-module.ts';
import { Pinger } from '../nat/pinger.ts';
import type { ProxyPort } from '../proxy/proxy-port.ts';
import type { TransportLayer } from '../transport/transport-layer.ts';

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
    bindings: () => allBindings(location, () => wholeSecond(clock)),
    resolve,
    send: (hop, listener, bytes) => {
      const flow = transport.flowTo(hop, listener);
      if ('send' in flow) flow.send(bytes);
    },
  });
}

/** How many contacts all tables hold. */
export function contactCount(location: Location): number {
  let count = 0;
  for (const { contacts } of location.stats().tables.values()) count += contacts;
  return count;
}

function* allBindings(location: Location, now: () => number): Iterable<Binding> {
  for (const table of location.tables()) {
    for (const { bindings } of table.entries(now)) yield* bindings;
  }
}
