import { Agent, type IncomingMessage, request } from 'node:http';
import { type AdminAddress, adminUrl } from '../../admin/admin-address.ts';
import type { FieldProblem } from '../../admin/problem.ts';

/** Why the server did not do what it was asked. */
export interface Refusal {
  readonly ok: false;
  /** The HTTP status; 0 when no server answered. */
  readonly status: number;
  /** The last part of the problem's type; '' when what answers is no admin API. */
  readonly problem: string;
  /** What is wrong, and the remedy. */
  readonly message: string;
  /** The fields that are to blame, each with what is wrong with it. */
  readonly errors: readonly FieldProblem[];
}

/** What a request came to. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal;

/** What the API answers when it refuses. */
interface ProblemDetails {
  readonly type: string;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
}

/** A page has at most a thousand bindings; more than this is no answer of ours. */
const maxAnswerBytes = 64 * 1024 * 1024;
const patienceMs = 60_000;

/** Speaks to the admin API of a running server. */
export class AdminClient {
  readonly #server: AdminAddress;
  readonly #token: string | undefined;
  readonly #agent: Agent;

  constructor(server: AdminAddress, token: string | undefined) {
    this.#server = server;
    this.#token = token;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  /** @param path with its query, escaped */
  async ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer<T>> {
    let status: number;
    let text: string;
    try {
      const response = await this.#send(method, path, body === undefined ? '' : JSON.stringify(body));
      status = response.statusCode ?? 0;
      text = await readText(response);
    } catch (error) {
      return this.#unreachable(error);
    }
    const value = parseJson(text);
    if (status === 200 && value !== undefined) return { ok: true, value: value as T };
    return this.#refused(status, value);
  }

  /** Lets go of the connection, which else would keep the program from its end. */
  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, body: string): Promise<IncomingMessage> {
    const { address, port } = this.#server;
    const headers: Record<string, string | number> = {};
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`;
    if (body !== '') {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(body);
    }
    return new Promise((resolve, reject) => {
      const sent = request({ host: address, port, method, path, headers, agent: this.#agent, timeout: patienceMs });
      sent.once('response', resolve);
      sent.once('error', reject);
      sent.once('timeout', () => sent.destroy(new Error('no answer came in time')));
      sent.end(body);
    });
  }

  #unreachable(error: unknown): Refusal {
    const url = adminUrl(this.#server);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      code === 'ECONNREFUSED' ? 'nothing listens there' : error instanceof Error ? error.message : String(error);
    const remedy = 'start it with aorta start, or say where it is with --admin HOST:PORT';
    return {
      ok: false,
      status: 0,
      problem: '',
      message: `no server answers at ${url} (${why}); ${remedy}`,
      errors: [],
    };
  }

  #refused(status: number, value: unknown): Refusal {
    const { type, detail, errors } = (value ?? {}) as Partial<ProblemDetails>;
    const prefix = 'urn:aorta:problem:';
    if (typeof type !== 'string' || !type.startsWith(prefix)) {
      const message = `what answers at ${adminUrl(this.#server)} is no admin API of aorta (status ${status}); say where that is with --admin HOST:PORT`;
      return { ok: false, status, problem: '', message, errors: [] };
    }
    const problem = type.slice(prefix.length);
    return { ok: false, status, problem, message: this.#words(status, String(detail)), errors: errors ?? [] };
  }

  #words(status: number, detail: string): string {
    const url = adminUrl(this.#server);
    if (status === 401) {
      const given = this.#token === undefined ? 'wants a token' : 'wants another token than this one';
      return `the server at ${url} ${given}; give it by AORTA_ADMIN_TOKEN or --admin-token`;
    }
    if (status === 503) return `the server at ${url} cannot do that now: ${detail}; try again later`;
    return detail;
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
