import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { CoreSite } from '../function-index.ts';
import type { Run, Step } from '../run-state.ts';
import { type CoreCommand, problem, requestOnly } from './command.ts';

type Transport = 'udp' | 'tcp' | 'tls';

/** A fixed place to forward to, as a URI. */
function placeOf(text: string, port: string | undefined, transport: Transport | undefined): string | undefined {
  const match =
    /^(?:(udp|tcp|tls|sips?):)?(\[[0-9a-f:.]+\]|[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*|[^\s:;@]+)(?::(\d{1,5}))?$/i.exec(
      text,
    );
  if (match === null) return undefined;
  const [, protocol, host = '', written] = match;
  const literal = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const number = port ?? written;
  if (number !== undefined && (!/^\d{1,5}$/.test(number) || Number(number) > 65_535)) return undefined;
  const way = transport ?? protocol?.toLowerCase();
  const place = `sip:${literal}${number === undefined ? '' : `:${number}`}`;
  return way === undefined || way === 'udp' || way.startsWith('sip') ? place : `${place};transport=${way}`;
}

function bindForward(transport: Transport | undefined) {
  return (args: readonly BoundArgument[], { span }: CoreSite): Step | BindingProblem => {
    const [host, port] = args;
    const forward = (run: Run, destination: string | undefined): number => {
      if (run.services.modules.tm.forward(run.context, destination)) return 1;
      return run.complain(span, 'the request could not be forwarded');
    };
    if (host === undefined || host.literal === '' || host.literal === 'uri:host') {
      if (port !== undefined && port.literal !== 'uri:port' && !/^\d{1,5}$/.test(port.literal ?? '')) {
        return problem(`'${port.literal}' is no port`, 1);
      }
      return (run) => forward(run, undefined);
    }
    const { literal, template } = host;
    if (literal === undefined) return (run) => forward(run, placeOf(template.text(run), port?.literal, transport));
    const place = placeOf(literal, port?.literal, transport);
    if (place === undefined)
      return problem(`'${literal}' is no place to forward to: expected host, host:port or proto:host:port`, 0);
    return (run) => forward(run, place);
  };
}

function command(names: readonly string[], transport: Transport | undefined): CoreCommand {
  return {
    names,
    arity: [0, 2],
    blocks: requestOnly,
    doc: 'Forwards the request without a transaction: to the given place, or where destination URI and Request-URI say.',
    returns: '1; -1 when it could not be sent',
    bind: bindForward(transport),
  };
}

/** Stateless forwarding (cfg-language §8). */
export const forwardCommands: readonly CoreCommand[] = [
  command(['forward'], undefined),
  command(['forward_udp'], 'udp'),
  command(['forward_tcp'], 'tcp'),
  command(['forward_tls'], 'tls'),
  // The old send put the received bytes on the wire; a Via of ours brings the answers back.
  command(['send'], 'udp'),
  command(['send_tcp'], 'tcp'),
];
