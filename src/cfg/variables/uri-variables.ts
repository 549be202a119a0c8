import { parseUri } from '../../sip/uri.ts';
import type { CfgRun } from '../run.ts';
import { byWord, plain, type VariableEntry } from './entry.ts';
import type { CfgValue } from './template.ts';
import {
  destinationText,
  hostOf,
  nextHopText,
  originalUri,
  portOf,
  readable,
  requestUri,
  requestUriText,
  transportOf,
  userOf,
} from './uri-of.ts';
import { checkedUri, type Rewritten, rewriteUri, type UriChange } from './uri-rewrite.ts';
import { numberOf, textOf } from './values.ts';

/** The Request-URI and where a request goes. */
export const uriVariables: readonly VariableEntry[] = [
  {
    name: 'ru',
    doc: 'The present Request-URI: the rewritten one, else that of the request line. `$null` in a reply.',
    origin: 'OpenSER 1.0',
    writes: 'Puts another Request-URI in its place.',
    make: plain(requestUriText, (run, value) =>
      value === undefined
        ? 'a request has a Request-URI; revert_uri() puts the received one back'
        : applyUri(run, checkedUri(textOf(value))),
    ),
  },
  {
    name: 'rU',
    doc: 'User part of the present Request-URI, as written; the number of a tel URI.',
    origin: 'OpenSER 1.0',
    writes: 'Puts another user part in its place; `$null` takes it away, and the password with it.',
    make: plain(
      (run) => userOf(requestUri(run)),
      (run, value) =>
        value === undefined || value === ''
          ? rewrite(run, { user: undefined, password: undefined })
          : rewrite(run, { user: textOf(value) }),
    ),
  },
  {
    name: 'rd',
    doc: 'Host of the present Request-URI.',
    origin: 'OpenSER 1.0',
    writes: 'Puts another host in its place; the port stays.',
    make: plain(
      (run) => hostOf(requestUri(run)),
      (run, value) => (value === undefined ? 'a Request-URI has a host' : rewrite(run, { host: textOf(value) })),
    ),
  },
  {
    name: 'rp',
    doc: 'Port of the present Request-URI; 5060 (5061 with TLS) when none is written.',
    origin: 'OpenSER 1.0',
    writes: 'Puts another port in its place; `$null` takes it away.',
    make: plain(
      (run) => portOf(requestUri(run)),
      (run, value) => {
        const port = numberOf(value);
        const isPort = port !== undefined && port >= 0 && port <= 65_535;
        if (value !== undefined && !isPort) return `'${textOf(value)}' is no port`;
        return rewrite(run, { port: port === 0 ? undefined : port });
      },
    ),
  },
  {
    name: 'rP',
    doc: 'Transport of the present Request-URI, as written; `UDP` (`TLS` for sips) when none is.',
    origin: 'OpenSER 1.0',
    writes: 'Puts another `transport` parameter in its place; `$null` takes it away.',
    make: plain(
      (run) => transportOf(requestUri(run)),
      (run, value) => rewrite(run, { transport: value === undefined ? undefined : textOf(value).toLowerCase() }),
    ),
  },
  {
    name: 'rz',
    doc: 'Scheme of the present Request-URI.',
    origin: 'Kamailio',
    make: plain((run) => requestUri(run)?.scheme),
  },
  {
    name: 'ou',
    doc: 'The Request-URI that came in, whatever was done to it since.',
    origin: 'OpenSER 1.1',
    make: plain((run) => (run.reply === undefined ? run.context.request.uriText : undefined)),
  },
  {
    name: 'oU',
    doc: 'User part of `$ou`.',
    origin: 'OpenSER 1.1',
    make: plain((run) => userOf(originalUri(run))),
  },
  { name: 'od', doc: 'Host of `$ou`.', origin: 'OpenSER 1.1', make: plain((run) => hostOf(originalUri(run))) },
  {
    name: 'op',
    doc: 'Port of `$ou`; 5060 (5061 with TLS) when none is written.',
    origin: 'OpenSER 1.1',
    make: plain((run) => portOf(originalUri(run))),
  },
  {
    name: 'oP',
    doc: 'Transport of `$ou`; `UDP` when none is written.',
    origin: 'OpenSER 1.1',
    make: plain((run) => transportOf(originalUri(run))),
  },
  {
    name: 'du',
    doc: 'The destination URI: where the request goes instead of its Request-URI.',
    origin: 'OpenSER 1.0',
    writes: 'Sets it; `$null` goes back to the Request-URI.',
    emptyWhenAbsent: true,
    make: plain(destinationText, setDestination),
  },
  {
    name: 'duri',
    doc: 'The same as `$du`.',
    origin: 'OpenSER 1.2',
    writes: 'As `$du`.',
    emptyWhenAbsent: true,
    make: plain(destinationText, setDestination),
  },
  {
    name: 'dd',
    doc: 'Host of the destination URI.',
    origin: 'OpenSER 1.0',
    make: plain((run) => hostOf(parsed(destinationText(run)))),
  },
  {
    name: 'dp',
    doc: 'Port of the destination URI; 5060 (5061 with TLS) when none is written.',
    origin: 'OpenSER 1.0',
    make: plain((run) => portOf(parsed(destinationText(run)))),
  },
  {
    name: 'dP',
    doc: 'Transport of the destination URI; `UDP` when none is written.',
    origin: 'OpenSER 1.0',
    make: plain((run) => transportOf(parsed(destinationText(run)))),
  },
  {
    name: 'nh',
    doc: 'A part of the next hop, the destination URI or else the Request-URI: `u` all of it, `U` user, `d` host, `p` port, `P` transport.',
    origin: 'Kamailio',
    argument: 'd',
    make: byWord(
      {
        u: nextHopText,
        U: (run) => userOf(parsed(nextHopText(run))),
        d: (run) => hostOf(parsed(nextHopText(run))),
        p: (run) => portOf(parsed(nextHopText(run))),
        P: (run) => transportOf(parsed(nextHopText(run))),
      },
      'nh',
    ),
  },
];

function parsed(text: string | undefined) {
  return text === undefined ? undefined : readable(parseUri(text));
}

function rewrite(run: CfgRun, change: UriChange): string | undefined {
  const text = requestUriText(run);
  return text === undefined ? noRequest : applyUri(run, rewriteUri(text, change));
}

const noRequest = 'a reply has no Request-URI';

function applyUri(run: CfgRun, rewritten: Rewritten): string | undefined {
  if (run.reply !== undefined) return noRequest;
  if ('problem' in rewritten) return rewritten.problem;
  if (run.branch === undefined) run.context.uri = rewritten.uri;
  else run.branch.uri = rewritten.uri;
  return undefined;
}

function setDestination(run: CfgRun, value: CfgValue): string | undefined {
  if (run.reply !== undefined) return 'a reply has no destination URI';
  let uri: string | undefined;
  if (value !== undefined && value !== '') {
    const checked = checkedUri(textOf(value));
    if ('problem' in checked) return checked.problem;
    uri = checked.uri;
  }
  if (run.branch === undefined) run.context.destinationUri = uri;
  else run.branch.destinationUri = uri;
  return undefined;
}
