import { spawnSync } from 'node:child_process';

/** How often an installation is tried: another one may hold the lock for a while. */
const attempts = 12;

/** Something that tests need and a Debian package holds. */
export interface Needed {
  /** What is missing without it, as the reason says it. */
  readonly what: string;
  readonly debianPackage: string;
  readonly isThere: () => boolean;
}

/**
 * Sees to it that it is there: root gets its package by apt-get.
 *
 * @returns why tests with it must be skipped, or false; as the `skip` option of a test takes it
 * @throws in CI, where what is missing is a failure
 */
export function skipWithoutPackage({ what, debianPackage, isThere }: Needed): string | false {
  if (isThere()) return false;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && aptGet('update') && aptGet('install', '-y', '--no-install-recommends', debianPackage) && isThere()) {
    return false;
  }
  const reason = isRoot
    ? `${what} is missing and apt-get could not install the package ${debianPackage}`
    : `${what} is missing: install it by "apt-get install ${debianPackage}", or run this as root`;
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}

/** Test files run beside each other, and so may their installations; apt-get has one lock, which is waited for. */
function aptGet(...args: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const output = attempt < attempts ? 'ignore' : 'inherit';
    const all = ['-o', 'DPkg::Lock::Timeout=120', ...args];
    if (spawnSync('apt-get', all, { env: environment, stdio: ['ignore', 'ignore', output] }).status === 0) return true;
    spawnSync('sleep', ['5']);
  }
  return false;
}
