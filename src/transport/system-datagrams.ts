import type { Logger } from '../base/logger.ts';
import type { DatagramDriver } from './datagram-driver.ts';
import { dgramDriver } from './dgram-driver.ts';
import { openMmsgDriver } from './mmsg-driver.ts';

/** The best driver of UDP sockets that this machine has; one line of the log says which, and why. */
export async function systemDatagrams(logger: Logger): Promise<DatagramDriver> {
  const opened = await openMmsgDriver();
  if (typeof opened === 'string') {
    logger.info(`UDP by node:dgram, one datagram at a time, because ${opened}`);
    return dgramDriver;
  }
  logger.info(`UDP in batches, by recvmmsg and sendmmsg (${opened.version})`);
  return opened.driver;
}
