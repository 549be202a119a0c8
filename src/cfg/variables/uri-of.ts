import { isSipError, type SipError } from '../../sip/sip-error.ts';
import { isSipUri, isTelUri, type Uri } from '../../sip/uri.ts';
import type { CfgRun } from '../run.ts';

/** The present Request-URI; undefined in a reply block, where there is none. */
export function requestUriText(run: CfgRun): string | undefined {
  if (run.reply !== undefined) return undefined;
  return run.branch === undefined ? run.context.uri : run.branch.uri;
}

/** The present Request-URI, parsed; undefined where there is none, or none that can be read. */
export function requestUri(run: CfgRun): Uri | undefined {
  if (run.reply !== undefined) return undefined;
  return readable(run.branch === undefined ? run.context.parsedUri : run.request.uri);
}

/** The Request-URI as it came in (`$ou`). */
export function originalUri(run: CfgRun): Uri | undefined {
  return run.reply === undefined ? readable(run.context.request.uri) : undefined;
}

/** A URI without what kept it from being one. */
export function readable(uri: Uri | SipError | undefined): Uri | undefined {
  return uri === undefined || isSipError(uri) ? undefined : uri;
}

/** The user part as written; of a tel URI its number. */
export function userOf(uri: Uri | undefined): string | undefined {
  if (uri === undefined) return undefined;
  if (isSipUri(uri)) return uri.user;
  return isTelUri(uri) ? uri.number : undefined;
}

/** The host as written; a tel URI has none. */
export function hostOf(uri: Uri | undefined): string | undefined {
  return uri !== undefined && isSipUri(uri) ? uri.host : undefined;
}

/** The port; that of its transport when none is written. */
export function portOf(uri: Uri | undefined): number | undefined {
  if (uri === undefined || !isSipUri(uri)) return undefined;
  return uri.port ?? (uri.scheme === 'sips' || uri.params.get('transport')?.toLowerCase() === 'tls' ? 5061 : 5060);
}

/** The transport as the URI names it; `UDP` when it names none, for sips `TLS`. */
export function transportOf(uri: Uri | undefined): string | undefined {
  if (uri === undefined || !isSipUri(uri)) return undefined;
  return uri.params.get('transport') || (uri.scheme === 'sips' ? 'TLS' : 'UDP');
}

/** The next hop: the destination URI when there is one, else the Request-URI. */
export function nextHopText(run: CfgRun): string | undefined {
  return destinationText(run) ?? requestUriText(run);
}

/** The destination URI; undefined when there is none, and in a reply block. */
export function destinationText(run: CfgRun): string | undefined {
  if (run.reply !== undefined) return undefined;
  return run.branch === undefined ? run.context.destinationUri : run.branch.destinationUri;
}
