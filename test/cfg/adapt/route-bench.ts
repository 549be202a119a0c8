import assert from 'node:assert/strict';
import type { LogFields, Logger } from '../../../src/base/logger.ts';
import { type BenchRequest, CfgBench } from '../../../src/cfg/testing/cfg-bench.ts';
import type { RouteSurroundings, Routes, RoutesFactory } from '../../../src/modules/routes.ts';
import { Domains } from '../../../src/routing/domains.ts';
import type { AortaOptions } from '../../../src/server/options.ts';
import type { Listener } from '../../../src/transport/flow.ts';

/** Who is called. */
const callee = '192.0.2.60';

/** A request, and what the called party answers to it. */
export interface Step {
  readonly request: BenchRequest;
  /** Answers of 192.0.2.60, to what it was sent last. */
  readonly answers?: readonly number[];
}

/** Routes at work over real modules, and everything that can be seen of it. */
export class RouteBench {
  readonly #bench: CfgBench;
  readonly #routes: Routes;
  readonly #seen: string[];

  constructor(options: AortaOptions) {
    const { routes, listen: _listen, domains = [], ...modules } = options;
    assert(typeof routes === 'function', 'routes are made for a server');
    this.#routes = (routes as RoutesFactory)(this.#surroundings(domains));
    const { request: _request, ...named } = this.#routes;
    this.#bench = new CfgBench({ ...modules, domains, routes: named });
    this.#seen = [];
  }

  /** What is seen of some requests, one after the other. */
  async run(steps: readonly Step[]): Promise<readonly string[]> {
    for (const step of steps) await this.#step(step);
    for (const { level, message } of this.#bench.log) this.#seen.push(`${level} ${message}`);
    for (const [hop, { sentBytes }] of this.#bench.proxy.flows) {
      for (const bytes of sentBytes) this.#seen.push(`to ${hop}\n${bytes.toString('latin1')}`);
    }
    return this.#seen;
  }

  async #step({ request, answers = [] }: Step): Promise<void> {
    const { request: route } = this.#routes;
    assert(route, 'there is a main route');
    const context = this.#bench.context(request);
    const { outcome } = await route(context, this.#bench.modules);
    const { proxy } = this.#bench;
    for (const status of proxy.countTo(callee) === 0 ? [] : answers) {
      proxy.answer(callee, status);
      await new Promise(setImmediate);
    }
    const { uri, destinationUri, flags, branchFlags, avps } = context;
    const state = { outcome, uri, destinationUri, flags: flags.word, branchFlags: branchFlags.word };
    this.#seen.push(JSON.stringify({ ...state, avps: avps.entries() }));
  }

  // Routes and bench are made of each other: what the routes are given asks the bench once it is there.
  #surroundings(domains: readonly string[]): RouteSurroundings {
    const bench = (): CfgBench => this.#bench;
    const log = (level: keyof Logger) => (message: string, fields?: LogFields) =>
      bench().services.logger[level](message, fields);
    const own = {
      get listeners(): readonly Listener[] {
        return bench().proxy.listeners;
      },
      isOurs: (host: string, port: number | undefined) => bench().proxy.isOurs(host, port),
    };
    return {
      domains: new Domains(domains, own),
      logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      transport: own,
    };
  }
}
