import { AortaError } from '../base/errors.ts';
import { withBrackets } from './ip-address.ts';
import type { ListenAddress } from './listen-address.ts';

/**
 * What the operator reads when an address cannot be bound: the address, the reason and the remedy.
 *
 * @param cause what the system said
 * @param addresses the addresses of this machine, for the remedy
 */
export function bindError(listen: ListenAddress, cause: unknown, addresses: readonly string[]): AortaError {
  const place = `${listen.transport}:${withBrackets(listen.address)}:${listen.port}`;
  const code = systemCode(cause);
  switch (code) {
    case 'EADDRINUSE':
      return new AortaError(
        'TRANSPORT_ADDRESS_IN_USE',
        `${place} is in use by another program; stop that program, or choose another port with --listen ${listen.transport}:${withBrackets(listen.address)}:PORT (port 0 picks a free one)`,
        { cause },
      );
    case 'EACCES':
    case 'EPERM':
      return new AortaError(
        'TRANSPORT_CANNOT_BIND',
        `${place} may not be bound by this user; choose a port above 1023, or grant the right to bind low ports (CAP_NET_BIND_SERVICE)`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
      return new AortaError(
        'TRANSPORT_CANNOT_BIND',
        `${listen.address} is not an address of this machine; listen on one of ${addresses.join(', ')}, or on 0.0.0.0 or [::] for all of them`,
        { cause },
      );
    case 'EAFNOSUPPORT':
      return new AortaError(
        'TRANSPORT_CANNOT_BIND',
        `${place} needs an address family that this machine does not have; listen on an IPv4 address`,
        { cause },
      );
    default:
      return new AortaError(
        'TRANSPORT_CANNOT_BIND',
        `${place} cannot be bound (${code}); check the address, or listen on another one`,
        { cause },
      );
  }
}

function systemCode(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return String(cause);
}
