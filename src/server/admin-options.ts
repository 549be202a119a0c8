import { type AdminAddress, needsToken, parseAdminAddress, tokenProblem } from '../admin/admin-address.ts';
import type { Problem } from './problem.ts';

/** Where the admin API listens, and who may ask. */
export interface AdminOptions extends AdminAddress {
  readonly token: string | undefined;
  readonly warnings: readonly Problem[];
}

/** What was said of the admin API. */
interface Given {
  readonly admin?: string;
  readonly adminToken?: string;
}

/** Reads where the admin API listens; undefined when it is off, or when there is a problem. */
export function readAdmin({ admin = 'off', adminToken: token }: Given, problems: Problem[]): AdminOptions | undefined {
  const wrongToken = token === undefined ? undefined : tokenProblem(String(token));
  if (wrongToken !== undefined) problems.push({ place: 'admin-token', message: wrongToken });
  if (admin === 'off') return undefined;
  const address = parseAdminAddress(String(admin));
  if (typeof address === 'string') {
    problems.push({ place: 'admin', message: address });
    return undefined;
  }
  const others = needsToken(address);
  if (others && token === undefined) {
    const message = `${admin} is reached from other machines, which needs a token: give one by --admin-token or AORTA_ADMIN_TOKEN, or use 127.0.0.1`;
    problems.push({ place: 'admin', message });
  }
  const message = `${admin} is reached from other machines without TLS: the token can be read on the way; put a proxy with TLS before it, or use 127.0.0.1`;
  return { ...address, token, warnings: others ? [{ place: 'admin', message }] : [] };
}
