import type { ClientTransactionOptions } from '../transaction/client-transaction.ts';
import { defaultTimerCMs } from './limits.ts';
import type { RecordRouteOptions } from './record-route.ts';

/** How the copies of a request are made and watched. */
export interface ForwardingOptions {
  /** Puts this server into the path of the dialog; undefined: it stays out. */
  readonly recordRoute: RecordRouteOptions | undefined;
  /** Whether Max-Forwards is decremented in each copy; false when a route has done so. */
  readonly countHop: boolean;
  /** `frInvTimerMs` is Timer C, which is started again by each provisional response but 100 (§16.7 step 2). */
  readonly timers: ClientTransactionOptions;
}

/** The usual: no Record-Route, Max-Forwards counted here, the timers of the transaction layer, Timer C of the RFC. */
export const defaultForwarding: ForwardingOptions = {
  recordRoute: undefined,
  countHop: true,
  timers: { frInvTimerMs: defaultTimerCMs },
};
