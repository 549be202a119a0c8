import { canonicalAddress, isLoopback, withBrackets } from '../transport/ip-address.ts';
import { adminLimits } from './limits.ts';

/** Where the admin API listens. */
export interface AdminAddress {
  /** An IP address, without brackets. */
  readonly address: string;
  /** 0 lets the system pick a free one. */
  readonly port: number;
}

const defaultPort = 8060;

/** Where `aorta start` has it, and where `aorta ul` looks for it. */
export const defaultAdminAddress = `127.0.0.1:${defaultPort}`;

/**
 * Reads `127.0.0.1:8060`, `[::1]:8060` or `localhost:8060`; a URL as the ready line has it does too. Without a port: 8060.
 *
 * @returns the address, or a sentence that says what is wrong and what to write instead
 */
export function parseAdminAddress(text: string): AdminAddress | string {
  const match = /^(?:http:\/\/)?(\[[^\]]*\]|[^[\]:/]*)(?::(\d{1,5}))?\/?$/i.exec(text);
  const example = `write ${defaultAdminAddress}, [::1]:${defaultPort} or off`;
  if (match === null) return `${JSON.stringify(text.slice(0, 200))} is no address and port; ${example}`;
  const [, host = '', digits = String(defaultPort)] = match;
  const address = host.toLowerCase() === 'localhost' ? '127.0.0.1' : canonicalAddress(host);
  if (address === undefined) return `${JSON.stringify(host)} is no IP address; ${example}`;
  const port = Number(digits);
  if (port > 65_535) return `${port} is no port (0 to 65535); ${example}`;
  return { address, port };
}

/** The URL that reaches it; a wildcard stands for every address of the machine. */
export function adminUrl({ address, port }: AdminAddress): string {
  return `http://${withBrackets(address)}:${port}`;
}

/** Whether everybody who can reach it needs a token: loopback addresses do not leave this machine. */
export function needsToken({ address }: AdminAddress): boolean {
  return !isLoopback(address);
}

/**
 * What is wrong with a token (RFC 6750 §2.1 has its letters).
 *
 * @returns a sentence without the token, or undefined
 */
export function tokenProblem(token: string): string | undefined {
  const remedy = 'openssl rand -hex 32 makes a good one';
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) return `may have letters, digits and ._~+/- only; ${remedy}`;
  if (token.length < adminLimits.minTokenLength) {
    return `needs at least ${adminLimits.minTokenLength} characters; ${remedy}`;
  }
  return token.length > 512 ? `may have at most 512 characters; ${remedy}` : undefined;
}
