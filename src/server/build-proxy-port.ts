import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { ProxyPort } from '../proxy/proxy-port.ts';
import { StatelessMarks } from '../proxy/stateless-mark.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import { NodeDnsClient } from '../transport/dns-client.ts';
import type { ListenAddress } from '../transport/listen-address.ts';
import { Resolver } from '../transport/resolver.ts';
import type { TransportLayer } from '../transport/transport-layer.ts';

/** The parts of the engine that a proxy acts through. */
export interface ProxyParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly transport: TransportLayer;
  readonly transactions: TransactionLayer;
  readonly resolver: Resolver;
}

/** What the proxy and the pinger act through. */
export function buildProxyPort({ clock, random, logger, transport, transactions, resolver }: ProxyParts): ProxyPort {
  return {
    clock,
    random,
    logger,
    transactions,
    statelessMarks: new StatelessMarks(random),
    get listeners() {
      return transport.listeners;
    },
    flowTo: (hop, from) => transport.flowTo(hop, from),
    resolve: (uri) => resolver.resolve(uri),
    isOurs: (host, port) => transport.isOurs(host, port),
    sendReply: (flow, via, bytes) => void transport.sendReply(flow, via, bytes),
  };
}

/** A resolver that chooses among what is listened on: a transport or family without a listener leads nowhere. */
export function buildResolver(listen: readonly ListenAddress[], clock: Clock, random: Random): Resolver {
  const families = new Set<4 | 6>(listen.map(({ address }) => (address.includes(':') ? 6 : 4)));
  return new Resolver({
    dns: new NodeDnsClient(),
    clock,
    random,
    transports: new Set(listen.map(({ transport }) => transport)),
    families: [...families],
  });
}
