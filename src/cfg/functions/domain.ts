import { isSipError } from '../../sip/sip-error.ts';
import { isSipUri, type Uri } from '../../sip/uri.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgModule } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { anyBlock, codeOf, problem, requestOnly, textOf } from './arguments.ts';
import { requestUri } from './uri.ts';

// The table of domains is what the server is configured to serve: `alias`, `--domain`, its own addresses.

function isLocal({ services }: CfgRun, uri: Uri | undefined): number {
  return codeOf(uri !== undefined && isSipUri(uri) && services.domains.isOurs(uri.host, uri.port));
}

function isFromLocal(run: CfgRun): number {
  const { from } = run.message;
  const uri = isSipError(from) ? from : from.uri;
  return isLocal(run, isSipError(uri) ? undefined : uri);
}

function isUriHostLocal(run: CfgRun): number {
  return isLocal(run, requestUri(run));
}

function bindIsDomainLocal(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const [argument] = args;
  if (argument === undefined) return problem('the domain is missing');
  const host = textOf(argument);
  return (run) => {
    const name = host(run);
    return codeOf(name !== '' && run.services.domains.isOurs(name, undefined));
  };
}

const truth = '1 true; -1 false';

/** Which domains are served here. */
export const domainFunctions: CfgModule = {
  name: 'domain',
  functions: [
    {
      name: 'is_from_local',
      arity: [0, 0],
      blocks: requestOnly,
      doc: 'Whether the host of From is served here.',
      returns: truth,
      bind: () => isFromLocal,
    },
    {
      name: 'is_uri_host_local',
      arity: [0, 0],
      blocks: ['request', 'failure', 'branch'],
      doc: 'Whether the host of the Request-URI is served here; in a branch block, that of the branch.',
      returns: truth,
      bind: () => isUriHostLocal,
    },
    ...['is_domain_local', 'lookup_domain'].map((name) => ({
      name,
      arity: [1, 1] as const,
      blocks: anyBlock,
      doc: 'Whether a host is served here.',
      returns: truth,
      bind: bindIsDomainLocal,
    })),
  ],
};
