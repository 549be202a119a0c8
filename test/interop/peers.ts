import { spawnSync } from 'node:child_process';

/** The programs we talk to, and the Debian packages that hold them. */
const packages = { baresip: 'baresip-core', sipsak: 'sipsak', sipp: 'sip-tester' } as const;

/** How often an installation is tried: another one may hold the lock for a while. */
const attempts = 12;

/** A program we talk to. */
export type Peer = keyof typeof packages;

/**
 * Sees to it that a peer is installed: root gets it by apt-get.
 *
 * @returns why tests with it must be skipped, or false; as the `skip` option of a test takes it
 * @throws in CI, where a missing peer is a failure
 */
export function skipWithout(peer: Peer): string | false {
  if (isInstalled(peer)) return false;
  const name = packages[peer];
  const isRoot = process.getuid?.() === 0;
  if (isRoot && aptGet('update') && aptGet('install', '-y', '--no-install-recommends', name) && isInstalled(peer)) {
    return false;
  }
  const reason = isRoot
    ? `${peer} is missing and apt-get could not install the package ${name}`
    : `${peer} is missing: install it by "apt-get install ${name}", or run this as root`;
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}

function isInstalled(peer: Peer): boolean {
  return spawnSync('which', [peer], { stdio: 'ignore' }).status === 0;
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
