import { isPrivateAddress } from '../../nat/private-address.ts';
import { canonicalAddress, familyOf, withBrackets } from '../../transport/ip-address.ts';
import { ofText, type TransformationEntry } from './transformation-entry.ts';

/** IP addresses, and the sockets they stand in. */
export const ipTransformations: readonly TransformationEntry[] = [
  {
    name: 'ip.isip',
    doc: '1 when the text is an IP address, else 0.',
    make: ofText((text) => (canonicalAddress(text.trim()) === undefined ? 0 : 1)),
  },
  {
    name: 'ip.family',
    doc: '`INET` or `INET6`; `$null` for what is no IP address.',
    make: ofText((text) => {
      const address = canonicalAddress(text.trim());
      return address === undefined ? undefined : familyOf(address) === 6 ? 'INET6' : 'INET';
    }),
  },
  {
    name: 'ip.isprivate',
    doc: '1 when the text is an address of RFC 1918, else 0.',
    make: ofText((text) => (isPrivateAddress(text.trim()) ? 1 : 0)),
  },
  { name: 'sock.host', doc: 'Host of a socket `udp:192.0.2.1:5060`.', make: ofText((text) => socketOf(text)?.host) },
  { name: 'sock.port', doc: 'Port of a socket.', make: ofText((text) => socketOf(text)?.port) },
  { name: 'sock.proto', doc: 'Transport of a socket.', make: ofText((text) => socketOf(text)?.transport) },
  {
    name: 'sock.touri',
    doc: 'URI of a socket.',
    make: ofText((text) => {
      const socket = socketOf(text);
      if (socket === undefined) return undefined;
      const transport = socket.transport === 'udp' ? '' : `;transport=${socket.transport}`;
      return `sip:${socket.host}:${socket.port}${transport}`;
    }),
  },
];

interface Socket {
  readonly transport: string;
  readonly host: string;
  readonly port: number;
}

function socketOf(text: string): Socket | undefined {
  const match = /^([a-z]+):(\[[^\]]+\]|[^:[\]]+):(\d{1,5})$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, transport = '', host = '', port = ''] = match;
  return { transport: transport.toLowerCase(), host: withBrackets(host.replace(/^\[|\]$/g, '')), port: Number(port) };
}
