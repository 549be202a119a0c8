import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { canonicalAddress, isLoopback, isWildcard } from '../transport/ip-address.ts';
import type { AdminAddress } from './admin-address.ts';
import { Problem } from './problem.ts';

/** The parts of a request that say who asks, and by what name. */
export interface Caller {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/** Decides who may ask at all, before anything else of a request is looked at. */
export class Guard {
  readonly #address: AdminAddress;
  readonly #tokenHash: Buffer | undefined;

  /** @param token whoever asks has to have it; undefined: everybody may, who gets there */
  constructor(address: AdminAddress, token: string | undefined) {
    this.#address = address;
    this.#tokenHash = token === undefined ? undefined : hash(token);
  }

  /** Why a request is refused; undefined when it may be served. */
  refuse({ method, host, origin, authorization }: Caller): Problem | undefined {
    // A page of the web whose name was made to mean our address (DNS rebinding) still says its own name here.
    if (host === undefined || !this.#isOurs(hostnameOf(host))) {
      return new Problem(421, 'wrong-host', 'Host: is no name of this server; use its IP address or localhost');
    }
    if (!this.#mayEnter(authorization)) {
      return new Problem(401, 'token-needed', 'Authorization: needs "Bearer" and the token of --admin-token', {
        headers: { 'www-authenticate': 'Bearer realm="aorta"' },
      });
    }
    // A page of another origin may send what changes something, though it cannot read the answer (CSRF).
    const isSafe = method === 'GET' || method === 'HEAD';
    if (!isSafe && origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      return new Problem(403, 'wrong-origin', 'Origin: pages of other origins may change nothing here');
    }
    return undefined;
  }

  #isOurs(name: string): boolean {
    if (name === 'localhost') return true;
    const address = canonicalAddress(name);
    if (address === undefined || (isIP(name) === 6 && !name.includes(':'))) return false;
    const { address: bound } = this.#address;
    return isLoopback(address) || address === bound || isWildcard(bound);
  }

  /** In a time that does not depend on how much of a token is right, nor on its length. */
  #mayEnter(authorization: string | undefined): boolean {
    if (this.#tokenHash === undefined) return true;
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(hash(given), this.#tokenHash);
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The host of a Host header without its port, in small letters. */
function hostnameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '');
}
