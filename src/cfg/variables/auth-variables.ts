import { parseHeader } from '../../sip/headers/index.ts';
import { isSipError } from '../../sip/sip-error.ts';
import type { CfgRun } from '../run.ts';
import { plain, type VariableEntry } from './entry.ts';
import type { CfgValue } from './template.ts';

/** What the credentials say; nothing here says that they are right. */
export const authVariables: readonly VariableEntry[] = [
  credential('au', 'User name of the credentials, without its domain.', 'OpenSER 1.0', (run) =>
    withoutDomain(parameter(run, 'username')),
  ),
  credential('aU', 'User name of the credentials, with its domain when it has one.', 'Kamailio', (run) =>
    parameter(run, 'username'),
  ),
  credential('ad', 'Domain in the user name of the credentials.', 'Kamailio', (run) => {
    const username = parameter(run, 'username');
    const at = username?.indexOf('@') ?? -1;
    return at < 0 ? undefined : username?.slice(at + 1);
  }),
  credential('ar', 'Realm of the credentials.', 'OpenSER 1.0', (run) => parameter(run, 'realm')),
  credential('adu', 'URI of the credentials.', 'OpenSER 1.2', (run) => parameter(run, 'uri')),
  credential('aa', 'Algorithm of the credentials.', 'Kamailio', (run) => parameter(run, 'algorithm')),
];

function credential(
  name: string,
  doc: string,
  origin: VariableEntry['origin'],
  read: (run: CfgRun) => CfgValue,
): VariableEntry {
  return { name, doc, origin, emptyWhenAbsent: true, make: plain(read) };
}

/** A registrar asks with 401 and a proxy with 407, so each looks into the header that answers it first. */
function parameter(run: CfgRun, name: string): string | undefined {
  const { method } = run.context;
  if (run.reply !== undefined || method === 'ACK' || method === 'CANCEL') return undefined;
  const { message } = run;
  const own = message.header('authorization');
  const proxy = message.header('proxy-authorization');
  const value = method === 'REGISTER' ? (own ?? proxy) : (proxy ?? own);
  if (value === undefined) return undefined;
  const credentials = parseHeader('authorization', value);
  return isSipError(credentials) ? undefined : credentials.params.get(name);
}

function withoutDomain(username: string | undefined): string | undefined {
  const at = username?.indexOf('@') ?? -1;
  return at < 0 ? username : username?.slice(0, at);
}
