import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri } from '../sip/uri.ts';
import { defaultPort, type Flow } from '../transport/flow.ts';
import type { IsOurs } from './loop-detection.ts';

/**
 * RFC 3261 §16.4: a Request-URI whose `maddr` names this server, received by the port and transport that the URI
 * says, has arrived. The maddr goes, and with it any port or transport that is not the default, so that the rest is
 * an ordinary address of its domain.
 *
 * @param request changed in place
 * @returns whether there was such a maddr
 */
export function stripOwnMaddr(request: SipRequest, flow: Flow, isOurs: IsOurs): boolean {
  const uri = request.uri;
  if (isSipError(uri) || !isSipUri(uri)) return false;
  const maddr = uri.params.get('maddr');
  if (!maddr) return false;
  const named = uri.params.get('transport')?.toLowerCase();
  const secure = uri.scheme === 'sips';
  const transport = named ?? (secure ? 'tls' : 'udp');
  const arrivedBy = flow.transport;
  if (transport !== arrivedBy && !(secure && named === 'tcp' && arrivedBy === 'tls')) return false;
  const port = uri.port ?? defaultPort(arrivedBy);
  if (port !== flow.localPort || !isOurs(maddr, port)) return false;

  let parameters = '';
  for (const { name, value } of uri.params.entries()) {
    const lower = name.toLowerCase();
    if (lower === 'maddr' || lower === 'transport') continue;
    parameters += value === undefined ? `;${name}` : `;${name}=${value}`;
  }
  const password = uri.password === undefined ? '' : `:${uri.password}`;
  const user = uri.user === undefined ? '' : `${uri.user}${password}@`;
  const headers = uri.headers === '' ? '' : `?${uri.headers}`;
  request.setUri(`${uri.scheme}:${user}${uri.host}${parameters}${headers}`);
  return true;
}
