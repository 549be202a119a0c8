import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { AortaError } from '../base/errors.ts';
import { type AdminAddress, adminUrl } from './admin-address.ts';
import { Guard } from './guard.ts';
import { adminLimits } from './limits.ts';
import { openApi } from './open-api.ts';
import { Problem, problemOfError } from './problem.ts';
import { type Input, type Route, type RouteContext, routes } from './routes.ts';
import { results } from './schemas.ts';
import type { AdminSubject } from './subject.ts';
import { Walks } from './walks.ts';

/** Where it listens and who may ask. */
export interface AdminServerOptions extends AdminAddress {
  /** Undefined: whoever gets there may ask. */
  readonly token: string | undefined;
}

/**
 * The admin API over HTTP. What comes is checked against the schemas of its route before anybody else sees it; what
 * goes wrong here ends a request and nothing else.
 */
export class AdminServer {
  /** Where it is reached, with the real port. */
  readonly url: string;
  readonly #app: FastifyInstance;
  readonly #walks: Walks;
  readonly #subject: AdminSubject;

  private constructor(url: string, app: FastifyInstance, walks: Walks, subject: AdminSubject) {
    this.url = url;
    this.#app = app;
    this.#walks = walks;
    this.#subject = subject;
  }

  /**
   * Begins to listen.
   *
   * @throws AortaError `TRANSPORT_ADDRESS_IN_USE`, `TRANSPORT_CANNOT_BIND`; the message names address and remedy
   */
  static async start(options: AdminServerOptions, subject: AdminSubject): Promise<AdminServer> {
    const walks = new Walks(subject);
    const app = build(options, subject, walks);
    try {
      await app.listen({ host: options.address, port: options.port });
    } catch (cause) {
      await app.close();
      throw cannotListen(options, cause);
    }
    app.server.maxConnections = adminLimits.maxConnections;
    app.server.on('error', (error) => subject.logger.error('the admin API has a problem', { error: String(error) }));
    const bound = app.server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : options.port;
    return new AdminServer(adminUrl({ address: options.address, port }), app, walks, subject);
  }

  /** Listens no more, and ends every connection; what is under way is answered if that does not take long. */
  async stop(): Promise<void> {
    const patience = this.#subject.clock.after(adminLimits.stopMs, () => this.#app.server.closeAllConnections());
    try {
      await this.#app.close();
    } catch (error) {
      this.#subject.logger.error('the admin API did not stop cleanly', { error: String(error) });
    } finally {
      patience.cancel();
      this.#walks.close();
    }
  }
}

function build(options: AdminServerOptions, subject: AdminSubject, walks: Walks): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: adminLimits.maxBodyBytes,
    connectionTimeout: adminLimits.idleMs,
    requestTimeout: adminLimits.requestMs,
    keepAliveTimeout: adminLimits.keepAliveMs,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    http: {
      headersTimeout: adminLimits.headMs,
      connectionsCheckingInterval: adminLimits.checkMs,
      maxHeaderSize: adminLimits.maxHeadBytes,
    },
    routerOptions: { maxParamLength: adminLimits.maxParameterBytes },
    // What is sent has to be what is meant: "12" is no 12, and what nobody knows is told, not dropped.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true, allowUnionTypes: true } },
    frameworkErrors: (error, _request, reply) => send(reply, problemOfError(error) ?? oops),
    clientErrorHandler: (error, socket) => refuseGarbage(error, socket),
  });
  app.removeContentTypeParser('text/plain');
  const guard = new Guard(options, options.token);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const { method, headers } = request;
    const { host, origin, authorization } = headers;
    const refused = guard.refuse({ method, host, origin, authorization });
    return refused === undefined ? undefined : send(reply, refused);
  });
  app.setErrorHandler((error, { method, routeOptions }, reply) => {
    const problem = problemOfError(error);
    if (problem === undefined) {
      subject.logger.error('a request to the admin API failed', { error, method, route: routeOptions.url });
    }
    return send(reply, problem ?? oops);
  });
  app.setNotFoundHandler(({ method }, reply) =>
    send(reply, new Problem(404, 'no-such-route', `there is no ${method} of that path; GET /openapi.json lists all`)),
  );
  const description = openApi(routes, subject.version);
  for (const route of [...routes, describing(description)]) serve(app, route, { subject, walks });
  return app;
}

function describing(description: object): Route {
  return {
    ...{ method: 'GET', path: '/openapi.json', name: 'openApi', doc: 'This description.' },
    ...{ result: results.openApi, problems: [], run: () => description },
  };
}

function serve(app: FastifyInstance, route: Route, context: RouteContext): void {
  const { params, query, body, result } = route;
  app.route({
    method: route.method,
    url: route.path,
    schema: {
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: { 200: result },
    },
    preValidation: async (request) => readNumbers(request, route),
    handler: async (request, reply) => {
      const answer = await route.run(context, request as unknown as Input);
      return answer instanceof Problem ? send(reply, answer) : answer;
    },
  });
}

/** A query has texts only: where its schema wants a number, one that looks like it is. */
function readNumbers({ query }: FastifyRequest, { query: schema }: Route): void {
  const values = query as Record<string, unknown>;
  for (const [name, { type }] of Object.entries(schema?.properties ?? {})) {
    const value = values[name];
    if (type === 'integer' && typeof value === 'string' && /^\d{1,9}$/.test(value)) values[name] = Number(value);
  }
}

const oops = new Problem(500, 'internal-error', 'the server could not do that; its log says why');

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

/** What is no HTTP, or too slow, or has too long a head. */
function refuseGarbage({ code }: { readonly code?: string }, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const detail = 'that is no HTTP request as it is served here, or it takes too long';
  const body = JSON.stringify(new Problem(status, 'bad-request', detail));
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json`;
  socket.end(`${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
}

function cannotListen(options: AdminServerOptions, cause: unknown): AortaError {
  const url = adminUrl(options);
  const remedy = `choose another address with --admin HOST:PORT (port 0 picks a free one), or none with --admin off`;
  const code = cause instanceof Error && 'code' in cause ? cause.code : String(cause);
  if (code === 'EADDRINUSE') {
    const message = `admin: ${url} is in use by another program; stop that program, ${remedy}`;
    return new AortaError('TRANSPORT_ADDRESS_IN_USE', message, { cause });
  }
  return new AortaError('TRANSPORT_CANNOT_BIND', `admin: ${url} cannot be bound (${code}); ${remedy}`, { cause });
}
