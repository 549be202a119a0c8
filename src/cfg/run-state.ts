import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Avps } from '../routing/avps.ts';
import type { RequestContext } from '../routing/request-context.ts';
import type { BranchContext, ReplyContext } from '../routing/route.ts';
import { formatPlace } from '../script/diagnostic.ts';
import type { Span } from '../script/source.ts';
import type { SipMessage, SipRequest } from '../sip/message.ts';
import { maxSteps } from './limits.ts';
import type { BlockKind, CfgRun, CfgServices, Ending } from './run.ts';

/** A statement, a list of them, or a call, ready to run. Its number is what a return code is. */
export type Step = (run: Run) => MaybePromise<number>;

/** How a route or a loop is left before its end, while the run goes on. */
export type Leaving = 'return' | 'break';

/** What a run is made of. */
export interface RunParts {
  readonly block: BlockKind;
  readonly services: CfgServices;
  readonly context: RequestContext;
  readonly branch?: BranchContext;
  readonly reply?: ReplyContext;
}

/** The state of one run: what functions see of it, and the marks of the machine (cfg-language §7.1). */
export class Run implements CfgRun {
  readonly block: BlockKind;
  readonly services: CfgServices;
  readonly context: RequestContext;
  readonly branch: BranchContext | undefined;
  readonly reply: ReplyContext | undefined;
  rc: number;
  ending: Ending | undefined;
  leaving: Leaving | undefined;
  /** Routes that have called one another, the outermost block not counted. */
  depth: number;
  /** Rounds of loops and calls of routes so far. */
  steps: number;
  /** Whether a bound of the engine ended it. */
  failed: boolean;

  constructor(parts: RunParts) {
    this.block = parts.block;
    this.services = parts.services;
    this.context = parts.context;
    this.branch = parts.branch;
    this.reply = parts.reply;
    this.rc = 1;
    this.ending = undefined;
    this.leaving = undefined;
    this.depth = 0;
    this.steps = 0;
    this.failed = false;
  }

  /** In a branch block the copy, in a reply block the response; asking makes an object of a request that is none yet. */
  get message(): SipMessage {
    return this.reply?.response ?? this.branch?.request ?? this.context.request;
  }

  /** The request of this block: the copy in a branch block. */
  get request(): SipRequest {
    return this.branch?.request ?? this.context.request;
  }

  get avps(): Avps {
    return this.context.avps;
  }

  /** Whether the present list of statements is not to be gone on with. */
  get stops(): boolean {
    return this.ending !== undefined || this.leaving !== undefined;
  }

  /** Ends the run for a reason that the author of the configuration has to hear. @returns the result of `exit` */
  fail(span: Span, message: string): 0 {
    this.services.logger.error(message, { place: formatPlace(span), method: this.context.method });
    this.failed = true;
    this.ending = 'exit';
    return 0;
  }

  /** Counts a round or a call. @returns whether it is one too many; then the run has ended */
  stepsTooFar(span: Span): boolean {
    this.steps++;
    if (this.steps <= maxSteps) return false;
    this.fail(span, `there were more than ${maxSteps} rounds of loops and calls of routes`);
    return true;
  }

  /** Something of one statement has not worked; the run goes on. @returns the result of that statement */
  complain(span: Span, message: string): -1 {
    this.services.logger.warn(message, { place: formatPlace(span), method: this.context.method });
    return -1;
  }
}
