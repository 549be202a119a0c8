import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The configuration that Debian's package `kamailio` installs. */
export const stockKamailioCfg = '/etc/kamailio/kamailio.cfg';

/** How often an installation is tried: another one may hold the lock for a while. */
const attempts = 12;

/**
 * Sees to it that the package is installed: root gets it by apt-get.
 *
 * @returns why tests with it must be skipped, or false; as the `skip` option of a test takes it
 * @throws in CI, where a missing file is a failure
 */
export function skipWithoutKamailio(): string | false {
  if (existsSync(stockKamailioCfg)) return false;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && aptGet('update') && aptGet('install', '-y', '--no-install-recommends', 'kamailio')) {
    if (existsSync(stockKamailioCfg)) return false;
  }
  const reason = isRoot
    ? `${stockKamailioCfg} is missing and apt-get could not install the package kamailio`
    : `${stockKamailioCfg} is missing: install it by "apt-get install kamailio", or run this as root`;
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
