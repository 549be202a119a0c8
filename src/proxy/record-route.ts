import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { defaultPort, type Listener } from '../transport/flow.ts';

/** How a Record-Route entry of ours is written. */
export interface RecordRouteOptions {
  /** The user part (`add_username`). */
  readonly user?: string | undefined;
  /** `host` or `host:port` to write in place of the listener's (`record_route_preset`); there is one entry then. */
  readonly preset?: string | undefined;
  /** More URI parameters, each with its semicolon (`add_rr_param`). */
  readonly parameters?: string | undefined;
  /** `;lr=on` in place of `;lr`, for peers that lose a parameter without a value (`enable_full_lr`). */
  readonly fullLr?: boolean | undefined;
  /** Whether the From tag goes in as `ftag`, which tells later who asks (`append_fromtag`); true by default. */
  readonly fromTag?: boolean | undefined;
  /** Whether a request that changes the listener gets two entries (`enable_double_rr`); true by default. */
  readonly double?: boolean | undefined;
}

/**
 * Puts this server into the path of the dialog (RFC 3261 §16.6 step 4).
 *
 * When the request leaves by another listener than it came by, two entries are put, so that each side sees an
 * address that it can reach: the outgoing one first, the incoming one after it, both with `r2=on` (§16.12.1.3 asks
 * for rewriting the responses in that case; two entries need no memory of the dialog).
 *
 * @param request the copy that goes out
 * @param incoming where the request came in
 * @param outgoing where it goes out
 */
export function addRecordRoute(
  request: SipRequest,
  incoming: Listener,
  outgoing: Listener,
  options: RecordRouteOptions,
): void {
  const secure = isSecure(request);
  const tag = options.fromTag === false ? '' : fromTagOf(request);
  if (options.preset !== undefined) {
    request.prepend(
      'Record-Route',
      `<${secure ? 'sips' : 'sip'}:${userOf(options)}${options.preset}${tailOf(options, tag)}>`,
    );
    return;
  }
  const double = options.double !== false && !isSameListener(incoming, outgoing);
  if (double) request.prepend('Record-Route', entryFor(incoming, secure, true, options, tag));
  request.prepend('Record-Route', entryFor(outgoing, secure, double, options, tag));
}

// The URI parameter `ftag`, escaped as §25.1 paramchar wants it.
function fromTagOf(request: SipRequest): string {
  const from = request.from;
  const tag = isSipError(from) ? undefined : from.tag;
  return tag ? `;ftag=${escapeParameter(tag)}` : '';
}

function entryFor(
  listener: Listener,
  secure: boolean,
  double: boolean,
  options: RecordRouteOptions,
  tag: string,
): string {
  const { transport, advertisedHost, advertisedPort } = listener;
  const port = advertisedPort === (secure ? 5061 : defaultPort(transport)) ? '' : `:${advertisedPort}`;
  // A sips URI already means TLS over the transport named (§26.2.2): `transport=tls` is deprecated there.
  const named = secure && transport === 'tls' ? 'tcp' : transport;
  const transportParameter = named === 'udp' || (secure && named === 'tcp') ? '' : `;transport=${named}`;
  return `<${secure ? 'sips' : 'sip'}:${userOf(options)}${advertisedHost}${port}${transportParameter}${double ? ';r2=on' : ''}${tailOf(options, tag)}>`;
}

function userOf(options: RecordRouteOptions): string {
  return options.user ? `${options.user}@` : '';
}

function tailOf(options: RecordRouteOptions, tag: string): string {
  return `${tag}${options.parameters ?? ''}${options.fullLr ? ';lr=on' : ';lr'}`;
}

// §16.6 step 4: a SIPS Request-URI, or a SIPS URI in the topmost Route, needs a SIPS Record-Route.
function isSecure(request: SipRequest): boolean {
  if (startsWithSips(request.uriText)) return true;
  if (!request.has('route')) return false;
  const routes = request.routes;
  const first = isSipError(routes) ? undefined : routes[0];
  return first !== undefined && startsWithSips(first.uriText);
}

function startsWithSips(uri: string): boolean {
  return uri.length > 5 && uri.charCodeAt(4) === 0x3a && uri.slice(0, 4).toLowerCase() === 'sips';
}

function isSameListener(a: Listener, b: Listener): boolean {
  return a === b || (a.transport === b.transport && a.address === b.address && a.port === b.port);
}

// A token may hold what a URI parameter may not: '%' and '`'.
function escapeParameter(token: string): string {
  if (!token.includes('%') && !token.includes('`')) return token;
  return token.replaceAll('%', '%25').replaceAll('`', '%60');
}
