/** Uses the locks of a memory at the same time as the thread that started it: `bench/cores.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { bucketMemory, lockLoop } from './lock-loop.ts';

const memory = workerData as SharedArrayBuffer;
lockLoop(bucketMemory(64)); // the code is warm
parentPort?.postMessage('ready');
parentPort?.once('message', () => parentPort?.postMessage(lockLoop(memory)));
