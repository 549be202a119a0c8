import { FailureContext } from '../../modules/failure-context.ts';
import { Relay } from '../../proxy/relay.ts';
import type { RequestContext } from '../../routing/request-context.ts';
import type { TransportName } from '../../transport/flow.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgFunction } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { codeOf, integerOf, isProblem, problem, requestOnly, requestOrFailure, textOf } from './arguments.ts';

// The functions of tm that send a request on.

/** The relay that a block's request has, once it has one. */
export function relayOf(context: RequestContext): Relay | undefined {
  if (context instanceof FailureContext) return context.relay;
  return context.transaction instanceof Relay ? context.transaction : undefined;
}

// cfg-modules §2: an ACK to a 2xx ends the script when it is gone, and so does a request that was answered because
// nothing could be sent. In a failure block nothing is answered by itself.
function relay({ context, services }: CfgRun): number {
  const { outcome } = services.modules.tm.relay(context);
  if (context instanceof FailureContext) return codeOf(outcome === 'relayed');
  if (context.method === 'ACK' || outcome === 'replied') return 0;
  return relayOf(context)?.answered === true ? 0 : 1;
}

/** `t_relay("flags")` and `t_relay("proto:host:port")`. */
function bindRelayTo(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const text = args[0]?.literal;
  if (text === undefined) return problem('the flags or the destination of t_relay must be written out', 0);
  if (text.trim() === '' || /^(0[xX][0-9A-Fa-f]+|\d+)$/.test(text.trim())) return relay;
  const place = /^(?:(udp|tcp|tls):)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(text.trim());
  if (place === null) return problem(`'${text}' is neither a number of flags nor proto:host:port`, 0);
  const [, proto = 'udp', host = '', port = '5060'] = place;
  const uri = hopUri(proto.toLowerCase() as TransportName, host, Number(port)); // the pattern has three of them
  return (run) => relayBy(run, uri);
}

function relayBy(run: CfgRun, hop: string): number {
  const { context } = run;
  context.destinationUri = hop;
  // The next hop is that of every branch; their Request-URIs stay.
  const branches = context.branches.map((branch) => ({ ...branch, destinationUri: hop, flowId: undefined }));
  context.clearBranches();
  for (const branch of branches) context.appendBranch(branch);
  context.flowId = undefined;
  return relay(run);
}

function hopUri(transport: TransportName, host: string, port: number): string {
  const literal = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `sip:${literal}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}`;
}

/** A host and a port, as `t_relay_to_udp` and its like take them. */
type Place = (run: CfgRun) => { readonly host: string; readonly port: number } | undefined;

function placeOf(args: readonly BoundArgument[]): Place | BindingProblem {
  const [hostArgument] = args;
  if (hostArgument === undefined) return problem('the host is missing');
  if (hostArgument.literal !== undefined && !/^(\[?[0-9A-Fa-f:.]+\]?|[A-Za-z0-9.-]+)$/.test(hostArgument.literal)) {
    return problem(`'${hostArgument.literal}' is no host`, 0);
  }
  const port = integerOf(args, 1, { what: 'the port', min: 0, max: 65_535 });
  if (isProblem(port)) return port;
  const host = textOf(hostArgument);
  return (run) => {
    const number = port(run);
    const name = host(run);
    return number === undefined || name === '' ? undefined : { host: name, port: number === 0 ? 5060 : number };
  };
}

function bindRelayToHost(args: readonly BoundArgument[], transport: TransportName): CfgCall | BindingProblem {
  const place = placeOf(args);
  if (isProblem(place)) return place;
  return (run) => {
    const to = place(run);
    return to === undefined ? -1 : relayBy(run, hopUri(transport, to.host, to.port));
  };
}

function bindReplicate(args: readonly BoundArgument[], transport: TransportName): CfgCall | BindingProblem {
  if (args.length === 1) return bindReplicateTo(args);
  const place = placeOf(args);
  if (isProblem(place)) return place;
  return (run) => {
    const to = place(run);
    return codeOf(to !== undefined && run.services.modules.tm.replicate(run.context, { ...to, transport }));
  };
}

/** `t_replicate("sip:host:port")`. */
function bindReplicateTo(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const uri = args[0]?.literal;
  const place = /^sip:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?(?:;transport=(udp|tcp|tls))?$/i.exec(
    uri ?? '',
  );
  if (place === null) return problem('the place to replicate to must be a SIP URI such as sip:192.0.2.2:5060', 0);
  const [, host = '', port = '5060', proto = 'udp'] = place;
  const to = { host, port: Number(port), transport: proto.toLowerCase() as TransportName }; // the pattern has three
  return ({ context, services }) => codeOf(services.modules.tm.replicate(context, to));
}

const transports = [
  ['', 'udp'],
  ['_udp', 'udp'],
  ['_tcp', 'tcp'],
  ['_tls', 'tls'],
] as const;

const relayReturns = '1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error';

export const relayFunctions: readonly CfgFunction[] = [
  {
    name: 't_relay',
    arity: [0, 0],
    blocks: requestOrFailure,
    doc: 'Sends the request to its Request-URI and branches, statefully.',
    returns: relayReturns,
    bind: () => relay,
  },
  {
    name: 't_relay',
    arity: [1, 1],
    blocks: requestOrFailure,
    doc: 'The same to a fixed next hop (proto:host:port), or with flags, which change nothing here.',
    returns: relayReturns,
    bind: bindRelayTo,
  },
  ...transports.slice(1).map(
    ([suffix, transport]): CfgFunction => ({
      name: `t_relay_to${suffix}`,
      arity: [2, 2],
      blocks: requestOrFailure,
      doc: `Sends the request to a fixed host and port by ${transport.toUpperCase()}, statefully; Request-URIs stay.`,
      returns: relayReturns,
      bind: (args) => bindRelayToHost(args, transport),
    }),
  ),
  ...transports.map(
    ([suffix, transport]): CfgFunction => ({
      name: `t_forward_nonack${suffix}`,
      arity: [2, 2],
      blocks: requestOnly,
      doc: `After t_newtran: sends the request to a fixed host and port by ${transport.toUpperCase()}.`,
      returns: relayReturns,
      bind: (args) => bindRelayToHost(args, transport),
    }),
  ),
  {
    name: 't_forward_nonack_uri',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'After t_newtran: sends the request to its Request-URI.',
    returns: relayReturns,
    bind: () => relay,
  },
  ...transports.map(
    ([suffix, transport]): CfgFunction => ({
      name: `t_replicate${suffix}`,
      arity: suffix === '' ? [1, 2] : [2, 2],
      blocks: requestOnly,
      doc: `Sends a copy of the request to a host and port by ${transport.toUpperCase()}; its replies go nowhere.`,
      returns: '1 when it was sent; -1 when not',
      bind: (args) => bindReplicate(args, transport),
    }),
  ),
];
