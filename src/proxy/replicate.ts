import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow, Listener } from '../transport/flow.ts';
import { Branch, type BranchOwner } from './branch.ts';
import { copyForTarget } from './forward.ts';
import { defaultForwarding, type ForwardingOptions } from './forwarding-options.ts';
import { maxBranches } from './limits.ts';
import { loopKey } from './loop-detection.ts';
import type { ProxyPort } from './proxy-port.ts';
import { type Target, targetOf } from './target.ts';

/** How a request is replicated. */
export interface ReplicateOptions {
  readonly forwarding?: ForwardingOptions;
  /** The request that the copies are made of, when a route has changed it. */
  readonly template?: SipRequest;
  /** The listener that the copies leave by, whatever the routing says (`force_send_socket`). */
  readonly socket?: Listener | undefined;
  /** URIs of the branches that go along, beside the request's own. */
  readonly branchUris?: readonly string[];
  /** Told once for each copy how it ended; 200 to 299 is success. */
  readonly onAnswer?: (status: number, reason: string) => void;
}

/**
 * Sends a copy of a request to a fixed host (`t_replicate`, companions 4): a REGISTER to a twin server. The
 * Request-URI stays as it is. Replies end here, nothing goes upstream, and the request may be answered as usual.
 *
 * @param request as received
 * @param flow what it came by
 * @param destination the SIP URI of the host, such as `sip:192.0.2.2:5060;transport=tcp`
 * @returns `sent` when a copy left or is about to
 */
export function replicate(
  port: ProxyPort,
  request: SipRequest,
  flow: Flow,
  destination: string,
  options: ReplicateOptions = {},
): 'sent' | 'failed' {
  const template = options.template ?? request;
  const owner = new Replication(port, request, flow.listener, options);
  const targets = [template.uriText, ...(options.branchUris ?? [])].map((uri) =>
    targetOf(uri, { destination, socket: options.socket }),
  );
  return owner.start(template, targets.slice(0, maxBranches));
}

/** The context of a replicated request: it only says how the copies fared. */
class Replication implements BranchOwner {
  readonly port: ProxyPort;
  readonly forwarding: ForwardingOptions;
  readonly incoming: Listener;
  readonly loopKey: string;
  readonly mayRetry = true;
  readonly #onAnswer: ((status: number, reason: string) => void) | undefined;

  constructor(port: ProxyPort, request: SipRequest, incoming: Listener, options: ReplicateOptions) {
    this.port = port;
    this.forwarding = options.forwarding ?? defaultForwarding;
    this.incoming = incoming;
    this.loopKey = loopKey(request);
    this.#onAnswer = options.onAnswer;
  }

  start(template: SipRequest, targets: readonly Target[]): 'sent' | 'failed' {
    let sent = false;
    for (const [index, target] of targets.entries()) {
      const branch = new Branch(this, index, target, copyForTarget(template, target, this.forwarding.countHop));
      branch.start();
      sent ||= branch.wasSent || branch.isPending;
    }
    return sent ? 'sent' : 'failed';
  }

  branchProvisional(): void {}

  branchSucceeded(_branch: Branch, response: SipResponse): void {
    this.#onAnswer?.(response.status, response.reason);
  }

  branchFailed(branch: Branch): void {
    this.port.logger.warn('a replicated request was not accepted', { uri: branch.uri, status: branch.status });
    this.#onAnswer?.(branch.status, branch.reason);
  }
}
