import { endOfValue } from '../../sip/header-list.ts';
import { type NameAddr, parseNameAddr } from '../../sip/headers/name-addr.ts';
import { isSipError } from '../../sip/sip-error.ts';
import type { CfgRun } from '../run.ts';
import { plain, type VariableEntry } from './entry.ts';
import { hostOf, readable, userOf } from './uri-of.ts';

/** From, To, and the other headers that name somebody. */
export const addressVariables: readonly VariableEntry[] = [
  { name: 'fu', doc: 'URI of the From header.', origin: 'OpenSER 1.0', make: plain((run) => from(run)?.uriText) },
  {
    name: 'fU',
    doc: 'User part of the From URI, as written.',
    origin: 'OpenSER 1.0',
    emptyWhenAbsent: true,
    make: plain((run) => userOf(uriOf(from(run)))),
  },
  { name: 'fd', doc: 'Host of the From URI.', origin: 'OpenSER 1.0', make: plain((run) => hostOf(uriOf(from(run)))) },
  { name: 'ft', doc: 'Tag of the From header.', origin: 'OpenSER 1.0', make: plain((run) => from(run)?.tag) },
  {
    name: 'fn',
    doc: 'Display name of the From header, as written.',
    origin: 'OpenSER 1.1',
    make: plain((run) => from(run)?.rawDisplayName || undefined),
  },
  { name: 'tu', doc: 'URI of the To header.', origin: 'OpenSER 1.0', make: plain((run) => to(run)?.uriText) },
  {
    name: 'tU',
    doc: 'User part of the To URI, as written.',
    origin: 'OpenSER 1.0',
    emptyWhenAbsent: true,
    make: plain((run) => userOf(uriOf(to(run)))),
  },
  { name: 'td', doc: 'Host of the To URI.', origin: 'OpenSER 1.0', make: plain((run) => hostOf(uriOf(to(run)))) },
  { name: 'tt', doc: 'Tag of the To header.', origin: 'OpenSER 1.0', make: plain((run) => to(run)?.tag) },
  {
    name: 'tn',
    doc: 'Display name of the To header, as written.',
    origin: 'OpenSER 1.1',
    make: plain((run) => to(run)?.rawDisplayName || undefined),
  },
  { name: 'rt', doc: 'URI of the Refer-To header.', origin: 'OpenSER 1.0', make: uriOfHeader('refer-to') },
  {
    name: 'ai',
    doc: 'URI of the first P-Asserted-Identity.',
    origin: 'OpenSER 1.1',
    make: uriOfHeader('p-asserted-identity'),
  },
  {
    name: 're',
    doc: 'URI of the Remote-Party-ID header.',
    origin: 'OpenSER 1.1',
    make: uriOfHeader('remote-party-id'),
  },
  { name: 'di', doc: 'URI of the first Diversion.', origin: 'OpenSER 1.1', make: uriOfHeader('diversion') },
  {
    name: 'dir',
    doc: 'The `reason` of the first Diversion.',
    origin: 'OpenSER 1.1',
    make: plain((run) => first(run, 'diversion')?.params.get('reason')),
  },
  {
    name: 'dip',
    doc: 'The `privacy` of the first Diversion.',
    origin: 'OpenSER 1.1',
    make: plain((run) => first(run, 'diversion')?.params.get('privacy')),
  },
  {
    name: 'dic',
    doc: 'The `counter` of the first Diversion.',
    origin: 'Kamailio',
    make: plain((run) => first(run, 'diversion')?.params.get('counter')),
  },
  {
    name: 'pu',
    doc: 'URI of the first P-Preferred-Identity.',
    origin: 'OpenSER 1.2',
    make: uriOfHeader('p-preferred-identity'),
  },
  {
    name: 'pU',
    doc: 'User part of `$pu`.',
    origin: 'OpenSER 1.2',
    make: plain((run) => userOf(uriOf(first(run, 'p-preferred-identity')))),
  },
  {
    name: 'pd',
    doc: 'Host of `$pu`.',
    origin: 'OpenSER 1.2',
    make: plain((run) => hostOf(uriOf(first(run, 'p-preferred-identity')))),
  },
  {
    name: 'pn',
    doc: 'Display name of the first P-Preferred-Identity, as written.',
    origin: 'OpenSER 1.2',
    make: plain((run) => first(run, 'p-preferred-identity')?.rawDisplayName || undefined),
  },
  {
    name: 'ctu',
    doc: 'URI of the first Contact.',
    origin: 'Kamailio',
    make: uriOfHeader('contact'),
  },
];

function from(run: CfgRun): NameAddr | undefined {
  const value = run.message.from;
  return isSipError(value) ? undefined : value;
}

function to(run: CfgRun): NameAddr | undefined {
  const value = run.message.to;
  return isSipError(value) ? undefined : value;
}

function uriOf(value: NameAddr | undefined) {
  return readable(value?.uri);
}

function uriOfHeader(name: string): VariableEntry['make'] {
  return plain((run) => first(run, name)?.uriText);
}

/** The first value of a header that lists addresses. */
function first(run: CfgRun, name: string): NameAddr | undefined {
  const text = run.message.header(name);
  if (text === undefined) return undefined;
  const value = parseNameAddr(text.slice(0, endOfValue(text, 0)).trim());
  return isSipError(value) ? undefined : value;
}
