import { addressVariables } from './address-variables.ts';
import { authVariables } from './auth-variables.ts';
import { avpVariables } from './avp-variables.ts';
import { branchVariables } from './branch-variables.ts';
import type { VariableEntry } from './entry.ts';
import { flagVariables } from './flag-variables.ts';
import { messageVariables } from './message-variables.ts';
import { networkVariables } from './network-variables.ts';
import { scriptVariables } from './script-variables.ts';
import { timeVariables } from './time-variables.ts';
import { transactionVariables } from './transaction-variables.ts';
import { treeVariables } from './tree-variables.ts';
import { uriVariables } from './uri-variables.ts';

/** Variables that belong together, for the docs. */
export interface VariableGroup {
  readonly title: string;
  readonly variables: readonly VariableEntry[];
}

/** Every pseudo-variable that a configuration may use. */
export const variableGroups: readonly VariableGroup[] = [
  { title: 'Request-URI, destination and branches', variables: [...uriVariables, ...branchVariables] },
  { title: 'From, To and others', variables: addressVariables },
  { title: 'The message', variables: messageVariables },
  { title: 'Where it came from', variables: networkVariables },
  { title: 'Credentials', variables: authVariables },
  { title: 'AVPs', variables: [...avpVariables, ...treeVariables] },
  { title: 'The script', variables: scriptVariables },
  { title: 'The transaction', variables: transactionVariables },
  { title: 'Flags', variables: flagVariables },
  { title: 'Time', variables: timeVariables },
];

const byName: ReadonlyMap<string, VariableEntry> = new Map(
  variableGroups.flatMap(({ variables }) => variables.map((entry) => [entry.name, entry] as const)),
);

/** The entry of a name, without the dollar. */
export function findVariable(name: string): VariableEntry | undefined {
  return byName.get(name);
}

/** All names, without the dollar. */
export function variableNames(): Iterable<string> {
  return byName.keys();
}

/** Variables of Kamailio and OpenSIPS that have no meaning here, and why. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ...each(
    ['sht', 'shtex', 'shtcn', 'shtcv', 'shtrecord'],
    'there is no module htable; $shv keeps a value for all messages',
  ),
  ...each(['dlg', 'dlg_var', 'dlg_ctx', 'DLG_count', 'DLG_status', 'DLG_lifetime'], 'dialogs are not kept'),
  ...each(['TV', 'Tsm', 'Tb', 'Tsb'], 'a message knows the second in which it arrived, $Ts'),
  ...each(
    ['RANDOM', 'HN', 'env', 'C'],
    'a route sees the message and what the configuration says, nothing of the machine',
  ),
  ...each(['param', 'return'], 'a route has no parameters, and returns a number: $retcode'),
  ...each(
    ['snd', 'sndto', 'sndfrom', 'rcv'],
    'a route has no part in sending; $si, $sp, $Ri and $Rp say what a request came by',
  ),
  ...each(
    ['stat', 'version', 'sdp', 'sqlrows', 'dbr', 'redis', 'http_rb', 'http_rs', 'hu', 'json', 'x_hdr'],
    'its module is outside of what this server does',
  ),
]);

/** Why a variable that others have is not here. */
export function notHere(name: string): string | undefined {
  return elsewhere.get(name);
}

function each(names: readonly string[], why: string): (readonly [string, string])[] {
  return names.map((name) => [name, why] as const);
}
