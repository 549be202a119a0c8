import { parentPort, workerData } from 'node:worker_threads';
import type { SqliteSettings, WorkerFailure, WorkerRequest } from './protocol.ts';
import { SqliteFile } from './sqlite-file.ts';

/** The thread in which SQLite writes: it waits for the disk, and the server goes on. */

const port = parentPort;
let file: SqliteFile | undefined;

function answer(message: string): void {
  const { id, request } = JSON.parse(message) as { readonly id: number; readonly request: WorkerRequest };
  try {
    file ??= new SqliteFile(workerData as SqliteSettings);
    port?.postMessage({ id, value: file.handle(request) });
  } catch (error) {
    port?.postMessage({ id, failure: failureOf(error) });
  }
  if (request.kind === 'close') port?.close();
}

function failureOf(error: unknown): WorkerFailure {
  const { message, errcode, code } = error as { message?: string; errcode?: number; code?: string };
  return { message: message ?? String(error), errcode, ...(code?.startsWith('STORE_') && { code }) };
}

port?.on('message', answer);
