import type { Flow, Listener } from '../../transport/flow.ts';
import { familyOf, withBrackets } from '../../transport/ip-address.ts';
import type { CfgRun } from '../run.ts';
import { byWord, plain, type VariableEntry } from './entry.ts';
import type { CfgValue } from './template.ts';

/** What the message at hand came by. */
export const networkVariables: readonly VariableEntry[] = [
  {
    name: 'si',
    doc: 'IP address that it came from.',
    origin: 'OpenSER 1.0',
    make: ofFlow((flow) => flow.remoteAddress),
  },
  {
    name: 'siz',
    doc: 'IP address that it came from, an IPv6 address in brackets.',
    origin: 'Kamailio',
    make: ofFlow((flow) => withBrackets(flow.remoteAddress)),
  },
  {
    name: 'sp',
    doc: 'Port that it came from.',
    origin: 'OpenSER 1.0',
    make: ofFlow((flow) => flow.remotePort),
  },
  {
    name: 'su',
    doc: 'URI of where it came from.',
    origin: 'Kamailio',
    make: ofFlow(sourceUri),
  },
  {
    name: 'sut',
    doc: 'The same as `$su`.',
    origin: 'Kamailio',
    make: ofFlow(sourceUri),
  },
  {
    name: 'sas',
    doc: 'Where it came from, as a socket: `udp:192.0.2.1:5060`.',
    origin: 'Kamailio',
    make: ofFlow((flow) => `${flow.transport}:${withBrackets(flow.remoteAddress)}:${flow.remotePort}`),
  },
  {
    name: 'Ri',
    doc: 'Our IP address that it came to.',
    origin: 'OpenSER 1.0',
    make: ofFlow((flow) => flow.localAddress),
  },
  {
    name: 'Rp',
    doc: 'Our port that it came to.',
    origin: 'OpenSER 1.0',
    make: ofFlow((flow) => flow.localPort),
  },
  {
    name: 'Ru',
    doc: 'Our socket that it came to: `udp:192.0.2.1:5060`.',
    origin: 'Kamailio',
    make: ofFlow((flow) => socketText(flow.listener)),
  },
  {
    name: 'RAi',
    doc: 'Our host as it is advertised.',
    origin: 'Kamailio',
    make: ofFlow((flow) => flow.listener.advertisedHost),
  },
  {
    name: 'RAp',
    doc: 'Our port as it is advertised.',
    origin: 'Kamailio',
    make: ofFlow((flow) => flow.listener.advertisedPort),
  },
  {
    name: 'RAu',
    doc: 'Our socket as it is advertised: `udp:sip.example.org:5060`.',
    origin: 'Kamailio',
    make: ofFlow(({ listener }) => `${listener.transport}:${listener.advertisedHost}:${listener.advertisedPort}`),
  },
  {
    name: 'socket_in',
    doc: 'Our socket that it came to: all of it, or its `ip`, `port`, `proto`, `advertised_ip`, `advertised_port` or `af`.',
    origin: 'OpenSIPS',
    argument: 'ip',
    argumentOptional: true,
    make: (site) =>
      site.argument === undefined ? { read: of((flow) => socketText(flow.listener)) } : socketParts(site),
  },
  {
    name: 'pr',
    doc: 'Transport that it came by: `udp`.',
    origin: 'OpenSER 1.2',
    make: ofFlow((flow) => flow.transport),
  },
  { name: 'proto', doc: 'The same as `$pr`.', origin: 'OpenSER 1.2', make: ofFlow((flow) => flow.transport) },
  {
    name: 'af',
    doc: 'Address family that it came by: `IPv4` or `IPv6`.',
    origin: 'OpenSER 1.2',
    make: ofFlow((flow) => `IPv${familyOf(flow.remoteAddress)}`),
  },
  {
    name: 'fs',
    doc: 'The socket that the request is to leave by, when one is forced.',
    origin: 'OpenSER 1.1',
    writes: '`$null` takes it back; any of our sockets forces that one.',
    make: plain(({ context }) => context.sendSocket && socketText(context.sendSocket), forceSocket),
  },
  {
    name: 'socket_out',
    doc: 'The same as `$fs`.',
    origin: 'OpenSIPS',
    writes: 'As `$fs`.',
    make: plain(({ context }) => context.sendSocket && socketText(context.sendSocket), forceSocket),
  },
];

const socketParts = byWord(
  {
    ip: of((flow) => flow.localAddress),
    port: of((flow) => flow.localPort),
    proto: of((flow) => flow.transport),
    advertised_ip: of((flow) => flow.listener.advertisedHost),
    advertised_port: of((flow) => flow.listener.advertisedPort),
    af: of((flow) => (familyOf(flow.localAddress) === 6 ? 'INET6' : 'INET')),
  },
  'socket_in',
);

function ofFlow(read: (flow: Flow) => CfgValue): VariableEntry['make'] {
  return plain(of(read));
}

/** In a reply block it is what the reply came by. */
function of(read: (flow: Flow) => CfgValue): (run: CfgRun) => CfgValue {
  return (run) => read(run.reply === undefined ? run.context.flow : run.reply.flow);
}

function sourceUri(flow: Flow): string {
  const uri = `sip:${withBrackets(flow.remoteAddress)}:${flow.remotePort}`;
  return flow.transport === 'udp' ? uri : `${uri};transport=${flow.transport}`;
}

function socketText(listener: Listener): string {
  return `${listener.transport}:${withBrackets(listener.address)}:${listener.port}`;
}

function forceSocket(run: CfgRun, value: CfgValue): string | undefined {
  if (run.block === 'branch' || run.block === 'reply') return `the socket is chosen before a ${run.block} block runs`;
  if (value === undefined) {
    run.context.sendSocket = undefined;
    return undefined;
  }
  const found = findSocket(String(value), run);
  if (found === undefined) return `'${value}' is no socket of ours`;
  run.context.sendSocket = found;
  return undefined;
}

/** The socket of that address; the transport may be left out. */
function findSocket(text: string, run: CfgRun): Listener | undefined {
  const wanted = text.toLowerCase();
  for (const listener of run.services.listeners) {
    const socket = socketText(listener);
    const advertised = `${listener.transport}:${listener.advertisedHost}:${listener.advertisedPort}`.toLowerCase();
    for (const own of [socket, advertised]) {
      if (own === wanted || own.slice(listener.transport.length + 1) === wanted) return listener;
    }
  }
  return undefined;
}
