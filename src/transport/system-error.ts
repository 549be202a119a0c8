import { getSystemErrorName } from 'node:util';

/** An error of the system in the shape that Node gives it: `code` is its name. */
export interface SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/**
 * Makes the error of a failed call.
 *
 * @param syscall its name
 * @param errno the error number, positive
 * @param place what it was about, such as an address and port
 */
export function systemError(syscall: string, errno: number, place?: string): SystemError {
  const code = nameOf(errno);
  const error = new Error(place === undefined ? `${syscall} ${code}` : `${syscall} ${code} ${place}`);
  return Object.assign(error, { code, errno: -errno, syscall });
}

function nameOf(errno: number): string {
  try {
    return getSystemErrorName(-errno);
  } catch {
    return `errno ${errno}`;
  }
}
