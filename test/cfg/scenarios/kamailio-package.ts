import { existsSync } from 'node:fs';
import { skipWithoutPackage } from '../../support/debian-package.ts';

/** The configuration that Debian's package `kamailio` installs. */
export const stockKamailioCfg = '/etc/kamailio/kamailio.cfg';

/** Sees to it that the package is installed; see `skipWithoutPackage`. */
export function skipWithoutKamailio(): string | false {
  const isThere = () => existsSync(stockKamailioCfg);
  return skipWithoutPackage({ what: stockKamailioCfg, debianPackage: 'kamailio', isThere });
}
