/**
 * The generator process: takes requests from the program that started it (`Generator` in client.ts) and runs them
 * one after the other. It ends when that program does.
 */
import type { GeneratorReply, GeneratorRequest, Job, JobResult } from './job.ts';
import { openLibc } from './libc.ts';
import { TcpLoad } from './tcp-load.ts';
import { UdpLoad } from './udp-load.ts';

interface Load {
  readonly port: number;
  run(job: Job): JobResult;
  close(): void;
}

let load: Load | undefined;

function perform(request: GeneratorRequest): { port: number; result: JobResult | undefined } {
  switch (request.do) {
    case 'open-udp':
      load?.close();
      load = new UdpLoad(openLibc(), request.serverPort, request.salt);
      return { port: load.port, result: undefined };
    case 'open-tcp':
      load?.close();
      load = new TcpLoad(openLibc(), request.serverPort, request.connections);
      return { port: 0, result: undefined };
    case 'run':
      if (load === undefined) throw new Error('nothing is open');
      return { port: load.port, result: load.run(request.job) };
    case 'close':
      load?.close();
      load = undefined;
      return { port: 0, result: undefined };
  }
}

process.on('message', (request: GeneratorRequest) => {
  let reply: GeneratorReply;
  try {
    reply = { ok: true, ...perform(request) };
  } catch (error) {
    reply = { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
});
process.on('disconnect', () => process.exit(0));
