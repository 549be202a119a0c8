import type { Logger } from '../base/logger.ts';
import type { Modules } from '../modules/routes.ts';
import type { Avps } from '../routing/avps.ts';
import type { Domains } from '../routing/domains.ts';
import type { RequestContext } from '../routing/request-context.ts';
import type { BranchContext, ReplyContext } from '../routing/route.ts';
import type { SipMessage, SipRequest } from '../sip/message.ts';
import type { Listener } from '../transport/flow.ts';

/** Which kind of block runs, as the checker and the functions know it. */
export type BlockKind = 'request' | 'failure' | 'branch' | 'reply';

/** What every run of one configuration has in common. */
export interface CfgServices {
  readonly modules: Modules;
  readonly domains: Domains;
  readonly logger: Logger;
  /** Where the server listens: what `force_send_socket` and `$fs` choose among. */
  readonly listeners: readonly Listener[];
}

/** How a run ends before its block does. */
export type Ending = 'exit' | 'drop';

/** One block of a configuration at work on one message. */
export interface CfgRun {
  readonly block: BlockKind;
  readonly services: CfgServices;
  /** What the block looks at: the request, in a branch block the copy, in a reply block the response. */
  readonly message: SipMessage;
  /** The request that it is about; in a reply block the one that the response answers. */
  readonly request: SipRequest;
  /** The context of the request or failure route; in branch and reply blocks that of the request they belong to. */
  readonly context: RequestContext;
  /** Only in a branch block. */
  readonly branch: BranchContext | undefined;
  /** Only in a reply block. */
  readonly reply: ReplyContext | undefined;
  readonly avps: Avps;
  /** `$retcode`, `$?`: what the last command returned. */
  rc: number;
  /** Set when the whole run is to end. */
  ending: Ending | undefined;
}
