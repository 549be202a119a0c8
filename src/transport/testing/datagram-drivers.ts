import type { DatagramDriver } from '../datagram-driver.ts';
import { dgramDriver } from '../dgram-driver.ts';
import { openMmsgDriver } from '../mmsg-driver.ts';

/** A driver of UDP sockets that the tests of datagrams run on. */
export interface TestedDriver {
  readonly name: string;
  readonly driver: DatagramDriver;
  /** Why it cannot be tested here, visible in the output. */
  readonly skip: string | false;
}

const opened = await openMmsgDriver();

/** Every driver; what one does, the other does too. */
export const testedDrivers: readonly TestedDriver[] = [
  { name: 'node:dgram', driver: dgramDriver, skip: false },
  typeof opened === 'string'
    ? { name: 'recvmmsg', driver: dgramDriver, skip: `no batches, because ${opened}` }
    : { name: 'recvmmsg', driver: opened.driver, skip: false },
];
