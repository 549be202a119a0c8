import type { Logger } from '../base/logger.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Domains } from '../routing/domains.ts';
import type { Handled } from '../routing/handled.ts';
import type { RequestContext } from '../routing/request-context.ts';
import type { BranchContext, ReplyContext } from '../routing/route.ts';
import type { Listener } from '../transport/flow.ts';
import type { FailureContext } from './failure-context.ts';
import type { MaxForwardsModule } from './maxfwd.ts';
import type { Nathelper } from './nathelper.ts';
import type { Registrar } from './registrar.ts';
import type { RecordRouteModule } from './rr.ts';
import type { StatelessModule } from './sl.ts';
import type { TransactionModule } from './tm.ts';

/** The modules' functions, as routes get them. */
export interface Modules {
  readonly registrar: Registrar;
  readonly tm: TransactionModule;
  readonly sl: StatelessModule;
  readonly rr: RecordRouteModule;
  readonly maxfwd: MaxForwardsModule;
  readonly nathelper: Nathelper;
}

/** Routes in TypeScript. Every path of a request or failure route ends in `Handled`. */
export interface Routes {
  /** Runs for every request but those that belong to a transaction. */
  readonly request?: (context: RequestContext, modules: Modules) => MaybePromise<Handled>;
  /** By name: runs when every branch of a transaction has failed (`tm.onFailure`). */
  readonly failure?: Readonly<Record<string, (context: FailureContext, modules: Modules) => MaybePromise<Handled>>>;
  /** By name: runs for every branch before it is sent (`tm.onBranch`). */
  readonly branch?: Readonly<Record<string, (branch: BranchContext, modules: Modules) => 'send' | 'drop'>>;
  /** By name: runs for every reply from downstream (`tm.onReply`). */
  readonly reply?: Readonly<Record<string, (reply: ReplyContext, modules: Modules) => 'relay' | 'drop'>>;
  /** The location tables that these routes work on, so that they are loaded before the first request comes. */
  readonly tables?: readonly string[];
  /** Runs for every reply from downstream that belongs to a transaction, before a named one does. */
  readonly everyReply?: (reply: ReplyContext, modules: Modules) => 'relay' | 'drop';
}

/** What routes may need of the server that runs them, beside its modules. */
export interface RouteSurroundings {
  readonly domains: Domains;
  readonly logger: Logger;
  /** `listeners` is empty until the server has started. */
  readonly transport: { readonly listeners: readonly Listener[] };
}

/** Makes the routes for one server: a compiled openser.cfg is one. */
export type RoutesFactory = (surroundings: RouteSurroundings) => Routes;
