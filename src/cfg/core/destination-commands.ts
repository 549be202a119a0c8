import type { Listener } from '../../transport/flow.ts';
import { canonicalAddress } from '../../transport/ip-address.ts';
import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { CoreSite } from '../function-index.ts';
import type { Run, Step } from '../run-state.ts';
import { type CoreCommand, problem, requestLike, requestOnly, requestOrFailure } from './command.ts';

function destination(run: Run): string | undefined {
  return run.branch === undefined ? run.context.destinationUri : run.branch.destinationUri;
}

function setDestination(run: Run, uri: string | undefined): 1 {
  if (run.branch === undefined) run.context.destinationUri = uri;
  else run.branch.destinationUri = uri;
  return 1;
}

function bindSet([argument]: readonly BoundArgument[]): Step | BindingProblem {
  if (argument === undefined) return problem('the URI is missing');
  const { literal, template } = argument;
  if (literal !== undefined && !/^sips?:/i.test(literal))
    return problem(`'${literal}' is no SIP URI: expected sip:host`, 0);
  return (run) => {
    const uri = template.text(run);
    return uri === '' ? -1 : setDestination(run, uri);
  };
}

function bindSocket([argument]: readonly BoundArgument[], site: CoreSite): Step | BindingProblem {
  if (argument === undefined) return problem('the socket is missing');
  const { literal, template } = argument;
  if (literal !== undefined && !/^(\w+:)?(\[[0-9a-f:]+\]|[^\s:]+)(:\d+)?$/i.test(literal)) {
    return problem(`'${literal}' is no socket: expected udp:192.0.2.1:5060`, 0);
  }
  return (run) => {
    const text = template.text(run);
    const listener = listenerOf(run, text);
    if (listener === undefined) return run.complain(site.span, `there is no listener ${text} to send from`);
    run.context.sendSocket = listener;
    return 1;
  };
}

// Without a protocol, that of the request; the socket of another protocol at the same place will do too.
function listenerOf({ services, context }: Run, text: string): Listener | undefined {
  const match = /^(?:(\w+):)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text);
  const host = match?.[2] ?? text;
  const address = canonicalAddress(host) ?? host;
  const port = Number(match?.[3] ?? 5060);
  const named = match?.[1]?.toLowerCase() ?? context.flow.transport;
  let other: Listener | undefined;
  for (const listener of services.listeners) {
    if (listener.address !== address || listener.port !== port) continue;
    if (listener.transport === named) return listener;
    other ??= listener;
  }
  return other;
}

/** Commands about the next hop and the way to it. */
export const destinationCommands: readonly CoreCommand[] = [
  {
    names: ['setdsturi', 'setduri'],
    arity: [1, 1],
    blocks: requestLike,
    doc: 'Sets the destination URI: the next hop, whatever the Request-URI says.',
    returns: '1; -1 when the text is empty',
    bind: bindSet,
  },
  {
    names: ['resetdsturi', 'resetduri'],
    arity: [0, 0],
    blocks: requestLike,
    doc: 'Clears the destination URI.',
    returns: '1',
    bind: () => (run) => setDestination(run, undefined),
  },
  {
    names: ['isdsturiset', 'isduriset'],
    arity: [0, 0],
    blocks: requestLike,
    doc: 'Whether a destination URI is set.',
    returns: '1 set; -1 not set',
    bind: () => (run) => (destination(run) === undefined ? -1 : 1),
  },
  {
    names: ['force_send_socket'],
    arity: [1, 1],
    blocks: requestOrFailure,
    doc: 'Sends from this listener.',
    returns: '1; -1 when there is no such listener',
    bind: bindSocket,
  },
  {
    names: ['force_rport', 'add_rport'],
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Answers go to the port that the request came from, as if its Via had rport (RFC 3581).',
    returns: '1',
    bind: () => (run) => {
      run.context.forceRport();
      return 1;
    },
  },
];
