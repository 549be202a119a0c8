import { spawnSync } from 'node:child_process';
import { skipWithoutPackage } from '../support/debian-package.ts';

/** The programs we talk to, and the Debian packages that hold them. */
const packages = { baresip: 'baresip-core', sipsak: 'sipsak', sipp: 'sip-tester' } as const;

/** A program we talk to. */
export type Peer = keyof typeof packages;

/** Sees to it that a peer is installed; see `skipWithoutPackage`. */
export function skipWithout(peer: Peer): string | false {
  return skipWithoutPackage({ what: peer, debianPackage: packages[peer], isThere: () => isInstalled(peer) });
}

function isInstalled(peer: Peer): boolean {
  return spawnSync('which', [peer], { stdio: 'ignore' }).status === 0;
}
