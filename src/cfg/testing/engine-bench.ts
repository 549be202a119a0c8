import assert from 'node:assert/strict';
import type { LogFields, Logger } from '../../base/logger.ts';
import type { RouteSurroundings } from '../../modules/routes.ts';
import { Domains } from '../../routing/domains.ts';
import type { Handled } from '../../routing/handled.ts';
import type { RequestContext } from '../../routing/request-context.ts';
import { formatDiagnostic } from '../../script/diagnostic.ts';
import type { Listener } from '../../transport/flow.ts';
import type { CfgCall, CfgModule } from '../cfg-function.ts';
import { type LoadCfgOptions, type LoadedCfg, loadCfgText } from '../load-cfg.ts';
import type { CfgRun } from '../run.ts';
import { type BenchRequest, CfgBench } from './cfg-bench.ts';

/** What a configuration did with one request. */
export interface Ran {
  readonly outcome: Handled['outcome'];
  /** What `trace` was given, in order. */
  readonly trace: readonly string[];
  readonly context: RequestContext;
}

/**
 * A configuration at work over real modules, with functions to look at the machine: `trace("text")`, which returns 1;
 * `code("n")`, which returns n; `later("n")`, which returns n after a turn; `rc`, which traces `retcode`.
 */
export class EngineBench {
  readonly bench: CfgBench;
  readonly loaded: LoadedCfg;
  readonly trace: string[];
  readonly #routes: ReturnType<LoadedCfg['routes']>;

  /** @param text what follows `loadmodule "bench"`; it must load without an error */
  constructor(text: string, options: LoadCfgOptions = {}) {
    this.trace = [];
    this.loaded = loadCfgText('bench.cfg', `loadmodule "bench"\n${text}`, {
      ...options,
      modules: [benchModule(this.trace), ...(options.modules ?? [])],
    });
    const errors = this.loaded.diagnostics.filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors.map(formatDiagnostic), []);
    this.#routes = this.loaded.routes(this.#surroundings());
    const { failure = {}, branch = {}, reply = {}, everyReply } = this.#routes;
    this.bench = new CfgBench({ routes: { failure, branch, reply, ...(everyReply && { everyReply }) } });
  }

  // Routes and bench are made of each other: what the routes are given asks the bench once it is there.
  #surroundings(): RouteSurroundings {
    const bench = (): CfgBench => this.bench;
    const log = (level: keyof Logger) => (message: string, fields?: LogFields) =>
      bench().services.logger[level](message, fields);
    const own = {
      get listeners(): readonly Listener[] {
        return bench().proxy.listeners;
      },
      isOurs: (host: string, port: number | undefined) => bench().proxy.isOurs(host, port),
    };
    return {
      domains: new Domains(['example.org'], own),
      logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      transport: own,
    };
  }

  /** Runs the main route for one request. */
  async run(request?: BenchRequest): Promise<Ran> {
    const context = this.bench.context(request);
    return { outcome: (await this.start(context)).outcome, trace: this.trace, context };
  }

  /** Runs the main route for a context; what it returns is a promise when something was waited for. */
  start(context: RequestContext): Handled | Promise<Handled> {
    const route = this.#routes.request;
    assert(route, 'there is a main route');
    return route(context, this.bench.modules);
  }

  /** The routes as the server gets them. */
  get routes(): ReturnType<LoadedCfg['routes']> {
    return this.#routes;
  }
}

/** What the traces of a main route are, when the statements in it run for one request. */
export async function traceOf(statements: string, request?: BenchRequest): Promise<readonly string[]> {
  return (await new EngineBench(`route {\n${statements}\n}`).run(request)).trace;
}

function benchModule(trace: string[]): CfgModule {
  const blocks = ['request', 'failure', 'branch', 'reply'] as const;
  const one = (name: string, bind: (text: (run: CfgRun) => string) => CfgCall): CfgModule['functions'][number] => ({
    name,
    arity: [1, 1],
    blocks,
    doc: 'For tests.',
    returns: 'what it is told',
    bind: ([argument]) => {
      assert(argument);
      return bind((run) => argument.template.text(run));
    },
  });
  return {
    name: 'bench',
    functions: [
      one('trace', (text) => (run) => {
        trace.push(text(run));
        return 1;
      }),
      one('code', (text) => (run) => Number(text(run))),
      one('later', (text) => (run) => Promise.resolve(Number(text(run)))),
      {
        name: 'rc',
        arity: [0, 0],
        blocks,
        doc: 'For tests.',
        returns: '1',
        bind: () => (run) => {
          trace.push(String(run.rc));
          return 1;
        },
      },
    ],
  };
}
