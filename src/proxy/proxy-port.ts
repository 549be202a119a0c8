import type { Clock } from '../base/clock.ts';
import type { AortaError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Random } from '../base/random.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipError } from '../sip/sip-error.ts';
import type { SipUri } from '../sip/uri.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Flow, Hop, Listener } from '../transport/flow.ts';
import type { StatelessMarks } from './stateless-mark.ts';

/** What the proxy needs of the engine around it. The server passes its layers, tests pass a recorder. */
export interface ProxyPort {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly transactions: Pick<TransactionLayer, 'createServer' | 'createClient'>;
  /** Mark what is forwarded without a transaction, so that its answers are known. */
  readonly statelessMarks: StatelessMarks;
  /** Where requests come in: a route finds the listener that a double Record-Route names among them. */
  readonly listeners: readonly Listener[];
  /** The flow to a hop; at once for UDP. `from` is the listener that was asked for. */
  flowTo(hop: Hop, from?: Listener): MaybePromise<Flow | AortaError>;
  /** RFC 3263 §4: where a URI is to be sent, best first; at once for an IP literal. */
  resolve(uri: SipUri): MaybePromise<readonly Hop[] | SipError>;
  /** Whether a host and port of a URI or a Via mean this server. Without a port: that of the host's default. */
  isOurs(host: string, port: number | undefined): boolean;
  /** §18.2.2: sends a reply that belongs to no transaction along the flow of its request. */
  sendReply(flow: Flow, topVia: Via, bytes: Buffer): void;
}
