import { type NameAddr, parseNameAddr } from '../../sip/headers/name-addr.ts';
import { parseVia, type Via } from '../../sip/headers/via.ts';
import { isSipError } from '../../sip/sip-error.ts';
import { isSipUri, parseUri, type SipUri, type Uri } from '../../sip/uri.ts';
import type { CfgValue } from './template.ts';
import { ofText, type TransformationEntry, withTexts } from './transformation-entry.ts';
import { hostOf, readable, userOf } from './uri-of.ts';

/** URIs, addresses and Vias. What cannot be read gives `$null`, and a part that is not there the empty text. */
export const addressTransformations: readonly TransformationEntry[] = [
  ofUri('user', 'User part.', (uri) => userOf(uri)),
  ofUri('host', 'Host.', hostOf),
  ofUri('domain', 'The same as `uri.host`.', hostOf),
  ofUri('scheme', 'Scheme.', (uri) => uri.scheme),
  ofUri('schema', 'The same as `uri.scheme`.', (uri) => uri.scheme),
  ofSipUri('passwd', 'Password.', (uri) => uri.password),
  ofSipUri('port', 'Port, when one is written.', (uri) => uri.port),
  ofSipUri('params', 'All parameters.', (uri) => uri.params.toString().slice(1)),
  ofSipUri('paramsno', 'How many parameters there are.', (uri) => uri.params.size),
  ofSipUri('headers', 'What follows the question mark.', (uri) => uri.headers),
  ofSipUri('transport', 'The `transport` parameter.', (uri) => uri.params.get('transport')),
  ofSipUri('ttl', 'The `ttl` parameter.', (uri) => uri.params.get('ttl')),
  ofSipUri('uparam', 'The `user` parameter.', (uri) => uri.params.get('user')),
  ofSipUri('maddr', 'The `maddr` parameter.', (uri) => uri.params.get('maddr')),
  ofSipUri('method', 'The `method` parameter.', (uri) => uri.params.get('method')),
  ofSipUri('lr', 'The `lr` parameter.', (uri) => bare(uri, 'lr')),
  ofSipUri('r2', 'The `r2` parameter.', (uri) => bare(uri, 'r2')),
  ofSipUri('duri', 'The URI of its host, port and transport alone.', (uri) => `${uri.scheme}:${whereOf(uri)}`),
  ofSipUri('saor', 'The URI of its user and host alone.', (uri) => `${uri.scheme}:${userAt(uri)}${uri.host}`),
  ofSipUri(
    'suri',
    'The URI without its parameters, but the transport.',
    (uri) => `${uri.scheme}:${userAt(uri)}${whereOf(uri)}`,
  ),
  ofSipUri('tosocket', 'Where it leads, as a socket: `udp:192.0.2.1:5060`.', (uri) => {
    const transport = uri.params.get('transport')?.toLowerCase() || (uri.scheme === 'sips' ? 'tls' : 'udp');
    return `${transport}:${uri.host}:${uri.port ?? (transport === 'tls' ? 5061 : 5060)}`;
  }),
  {
    name: 'uri.param',
    parameters: 'name',
    arity: [1, 1],
    doc: 'Value of a parameter.',
    make: withTexts((text, name) => {
      const uri = sipUri(text);
      return uri && (uri.params.get(name.trim()) ?? '');
    }),
  },
  ...['nameaddr', 'tobody'].flatMap((family): TransformationEntry[] => [
    ofAddress(`${family}.uri`, 'URI of an address.', (address) => address.uriText),
    ofAddress(
      `${family}.${family === 'tobody' ? 'display' : 'name'}`,
      'Display name of an address, without quotes.',
      (address) => address.displayName,
    ),
    ofAddress(`${family}.params`, 'All parameters of an address.', (address) => address.params.toString().slice(1)),
    {
      name: `${family}.param`,
      parameters: 'name',
      arity: [1, 1],
      doc: 'Value of a parameter of an address.',
      make: withTexts((text, name) => {
        const address = addressOf(text);
        return address && (address.params.get(name.trim()) ?? '');
      }),
    },
  ]),
  ofAddress('nameaddr.len', 'How many characters the address has.', (address) => address.text.length),
  ofAddress('tobody.tag', 'Tag of an address.', (address) => address.tag),
  ofAddress('tobody.uri_user', 'User part of the URI of an address.', (address) => userOf(readable(address.uri))),
  ofAddress('tobody.uri_host', 'Host of the URI of an address.', (address) => hostOf(readable(address.uri))),
  ofVia('transport', 'Transport of a Via.', ({ transport }) => transport),
  ofVia('host', 'Host of a Via.', ({ host }) => host),
  ofVia('port', 'Port of a Via, when one is written.', ({ port }) => port),
  ofVia('branch', 'Branch of a Via.', ({ branch }) => branch),
  ofVia('received', 'The `received` of a Via.', ({ received }) => received),
  ofVia('rport', 'The `rport` of a Via.', ({ rport }) => (rport === 'empty' ? '' : rport)),
];

function ofUri(name: string, doc: string, part: (uri: Uri) => CfgValue): TransformationEntry {
  return {
    name: `uri.${name}`,
    doc,
    make: ofText((text) => {
      const uri = readable(parseUri(text.trim()));
      return uri && (part(uri) ?? '');
    }),
  };
}

function ofSipUri(name: string, doc: string, part: (uri: SipUri) => CfgValue): TransformationEntry {
  return {
    name: `uri.${name}`,
    doc,
    make: ofText((text) => {
      const uri = sipUri(text);
      return uri && (part(uri) ?? '');
    }),
  };
}

function sipUri(text: string): SipUri | undefined {
  const uri = readable(parseUri(text.trim()));
  return uri !== undefined && isSipUri(uri) ? uri : undefined;
}

function ofAddress(name: string, doc: string, part: (address: NameAddr) => CfgValue): TransformationEntry {
  return {
    name,
    doc,
    make: ofText((text) => {
      const address = addressOf(text);
      return address && (part(address) ?? '');
    }),
  };
}

function addressOf(text: string): NameAddr | undefined {
  const address = parseNameAddr(text.trim());
  return isSipError(address) ? undefined : address;
}

function ofVia(name: string, doc: string, part: (via: Via) => CfgValue): TransformationEntry {
  return {
    name: `via.${name}`,
    doc,
    make: ofText((text) => {
      const via = parseVia(text.trim());
      return isSipError(via) || via.fault !== undefined ? undefined : (part(via) ?? '');
    }),
  };
}

/** A parameter without a value gives its name. */
function bare(uri: SipUri, name: string): string | undefined {
  return uri.params.get(name) || (uri.params.has(name) ? name : undefined);
}

function userAt(uri: SipUri): string {
  return uri.user === undefined ? '' : `${uri.user}@`;
}

function whereOf(uri: SipUri): string {
  const transport = uri.params.get('transport');
  return `${uri.host}${uri.port === undefined ? '' : `:${uri.port}`}${transport ? `;transport=${transport}` : ''}`;
}
