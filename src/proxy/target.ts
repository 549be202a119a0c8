import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri } from '../sip/uri.ts';
import type { Flow, Listener } from '../transport/flow.ts';

/** Somewhere to fork to (RFC 3261 §16.5). */
export interface Target {
  /** The Request-URI of its branch. */
  readonly uri: string;
  /** The next hop when it is not the Request-URI: a received address, or a destination that a route has set. */
  readonly destination: string | undefined;
  /** Route values to put in front: the Path of a binding (RFC 3327 §5.3). They decide the next hop. */
  readonly path: string | undefined;
  /** Thousandths; -1 when unspecified, which counts as 1.0. */
  readonly q: number;
  readonly branchFlags: number;
  /** The listener to send from. */
  readonly socket: Listener | undefined;
  /** The flow to send on while it is open (RFC 5626 §5.3). */
  readonly flow: Flow | undefined;
  /**
   * Whether the address answers by the transport of its URI only, as one behind a NAT does: a long request is not
   * moved from UDP to TCP then.
   */
  readonly keepTransport: boolean;
  /** The id of the binding it came from. */
  readonly ruid: string | undefined;
}

/**
 * A target of which only the URI and what differs from the usual is said.
 *
 * @param uri a contact, or any other URI: what a Request-URI must not have is left out
 */
export function targetOf(uri: string, parts: Partial<Omit<Target, 'uri'>> = {}): Target {
  return {
    uri: requestUriOf(uri),
    destination: parts.destination,
    path: parts.path,
    q: parts.q ?? -1,
    branchFlags: parts.branchFlags ?? 0,
    socket: parts.socket,
    flow: parts.flow,
    keepTransport: parts.keepTransport ?? false,
    ruid: parts.ruid,
  };
}

/** How the targets of one request are tried: all at once, or one q after the other, highest first (§16.6). */
export type ForkOrder = 'parallel' | 'serial';

/**
 * The targets in groups; those of one group are tried at the same time. Within a group the order of the list holds.
 */
export function groupTargets(targets: readonly Target[], order: ForkOrder): readonly (readonly Target[])[] {
  if (targets.length === 0) return [];
  if (order === 'parallel' || targets.length === 1) return [targets];
  const groups = new Map<number, Target[]>();
  for (const target of targets) {
    const q = target.q < 0 ? 1000 : target.q;
    const group = groups.get(q);
    if (group) group.push(target);
    else groups.set(q, [target]);
  }
  return [...groups].sort(([a], [b]) => b - a).map(([, group]) => group);
}

/**
 * RFC 3261 §16.6 step 2, §19.1.1 table 1: a contact may have headers and a method; in a Request-URI they would be
 * refused by a good peer, and become real headers at a careless one.
 */
function requestUriOf(text: string): string {
  if (!text.includes('?') && !hasMethod(text)) return text;
  const uri = parseUri(text);
  if (isSipError(uri) || !isSipUri(uri)) return text;
  let stripped = uri.headers === '' ? text : text.slice(0, text.length - uri.headers.length - 1);
  if (!uri.params.has('method')) return stripped;
  stripped = stripped.slice(0, stripped.length - uri.params.toString().length);
  for (const { name, value } of uri.params.entries()) {
    if (name.toLowerCase() !== 'method') stripped += value === undefined ? `;${name}` : `;${name}=${value}`;
  }
  return stripped;
}

function hasMethod(text: string): boolean {
  return text.includes(';') && text.toLowerCase().includes(';method=');
}
