import type { RequestContext } from '../../routing/request-context.ts';
import { type SipMessage, SipRequest, SipResponse } from '../../sip/message.ts';
import type { CfgRun } from '../run.ts';

/** A change of a message that goes out. */
export type Edit = (message: SipMessage) => void;

/**
 * The edits of a request or failure block (cfg-language §6): they are made in what is forwarded, after the block, and
 * nothing in the block sees them. All of them mean the lines that came in: so what is changed and removed goes before
 * what is added.
 */
class QueuedEdits {
  readonly #changes: Edit[] = [];
  readonly #additions: Edit[] = [];

  change(edit: Edit): void {
    this.#changes.push(edit);
  }

  add(edit: Edit): void {
    this.#additions.push(edit);
  }

  apply(copy: SipMessage): void {
    for (const edit of this.#changes) edit(copy);
    for (const edit of this.#additions) edit(copy);
  }
}

const queues = new WeakMap<RequestContext, QueuedEdits>();
/** What came in, of the branch and reply blocks that have edited. */
const originals = new WeakMap<CfgRun, SipMessage>();

/** Changes or removes lines of what goes out: the forwarded copies, the branch's copy, the relayed response. */
export function changeForwarded(run: CfgRun, edit: Edit): void {
  if (isQueued(run)) queueOf(run.context).change(edit);
  else editAtOnce(run, edit);
}

/** Adds lines to what goes out. */
export function addToForwarded(run: CfgRun, edit: Edit): void {
  if (isQueued(run)) queueOf(run.context).add(edit);
  else editAtOnce(run, edit);
}

/** The message as tests see it: without what was edited in this block. */
export function seenMessage(run: CfgRun): SipMessage {
  return originals.get(run) ?? run.message;
}

/** `msg_apply_changes`: makes the edits so far in the message itself, so that the block sees them. */
export function applyEdits(run: CfgRun): void {
  if (!isQueued(run)) {
    originals.delete(run);
    return;
  }
  const queue = queues.get(run.context);
  if (queue === undefined) return;
  queues.delete(run.context);
  queue.apply(run.request);
}

function isQueued({ block }: CfgRun): boolean {
  return block === 'request' || block === 'failure';
}

function queueOf(context: RequestContext): QueuedEdits {
  const known = queues.get(context);
  if (known) return known;
  const queue = new QueuedEdits();
  queues.set(context, queue);
  // Asked for by the context, so that what was applied at once is not applied again.
  context.editForwarded((copy) => {
    if (queues.get(context) === queue) queue.apply(copy);
  });
  return queue;
}

function editAtOnce(run: CfgRun, edit: Edit): void {
  const { message } = run;
  if (!originals.has(run) && (message instanceof SipRequest || message instanceof SipResponse)) {
    originals.set(run, message.clone());
  }
  edit(message);
}
