import type { Avps } from '../../routing/avps.ts';
import type { RequestContext } from '../../routing/request-context.ts';
import type { BranchContext, ReplyContext } from '../../routing/route.ts';
import type { SipMessage, SipRequest } from '../../sip/message.ts';
import type { BlockKind, CfgRun, CfgServices, Ending } from '../run.ts';

/** The same run with its eyes on another message. */
export class RunView implements CfgRun {
  readonly block: BlockKind;
  readonly services: CfgServices;
  readonly message: SipMessage;
  readonly request: SipRequest;
  readonly context: RequestContext;
  readonly branch: BranchContext | undefined;
  readonly reply: ReplyContext | undefined;
  rc: number;
  ending: Ending | undefined;

  constructor(block: BlockKind, run: CfgRun, message: SipMessage, reply: ReplyContext | undefined) {
    this.block = block;
    this.services = run.services;
    this.message = message;
    this.request = run.context.request;
    this.context = run.context;
    this.branch = undefined;
    this.reply = reply;
    this.rc = run.rc;
    this.ending = run.ending;
  }

  get avps(): Avps {
    return this.context.avps;
  }
}
