import type { Logger } from '../base/logger.ts';
import { isPromise } from '../base/maybe-promise.ts';
import type { FailureContext } from '../modules/failure-context.ts';
import type { Modules, RouteSurroundings, Routes } from '../modules/routes.ts';
import { dropped, type Handled, left, relayed } from '../routing/handled.ts';
import type { BranchContext, ReplyContext } from '../routing/route.ts';
import type { RouteBlock } from '../script/ast.ts';
import { formatPlace } from '../script/diagnostic.ts';
import { compileCall } from './calls.ts';
import type { Compiler } from './compiler.ts';
import { compileCondition } from './conditions.ts';
import type { BlockKind, CfgServices } from './run.ts';
import { Run, type Step } from './run-state.ts';
import { compileBlock, compileList } from './statements.ts';
import type { Unit } from './unit.ts';

/** The compiler, put together. */
export const compiler: Compiler = { list: compileList, condition: compileCondition, call: compileCall };

/** A block and what it was compiled to. */
interface Compiled {
  readonly block: RouteBlock;
  readonly step: Step;
}

/** The blocks of a configuration, compiled. */
export interface CompiledBlocks {
  /** Undefined: there is no main route, and the built-in one runs. */
  readonly request: Compiled | undefined;
  readonly failure: ReadonlyMap<string, Compiled>;
  readonly branch: ReadonlyMap<string, Compiled>;
  /** The one without a name is ''. */
  readonly reply: ReadonlyMap<string, Compiled>;
}

/** Compiles every block, those that are called only by others included. */
export function compileBlocks(unit: Unit): CompiledBlocks {
  const main = unit.routes.routes.get('');
  const request = main && compiled(main, 'request', unit);
  const entries = (kind: Exclude<BlockKind, 'request'>): ReadonlyMap<string, Compiled> => {
    const blocks = new Map<string, Compiled>();
    for (const [name, block] of unit.routes.entries(kind)) blocks.set(name, compiled(block, kind, unit));
    return blocks;
  };
  const blocks = { request, failure: entries('failure'), branch: entries('branch'), reply: entries('reply') };
  compileCalled(unit);
  for (const [name, block] of unit.routes.routes) {
    if (name === '' || unit.routes.isCalled(name)) continue;
    unit.report.info('unused-route', `route[${name}] is called by no other`, block.nameSpan);
    // What is wrong with it is said all the same.
    compiled(block, 'request', unit);
  }
  compileCalled(unit);
  return blocks;
}

function compileCalled(unit: Unit): void {
  for (let handle = unit.routes.next(); handle !== undefined; handle = unit.routes.next()) {
    const { block, kind, calledFrom } = handle;
    const from = kind === 'request' ? undefined : calledFrom;
    handle.step = compileBlock(block.body, { unit, block: kind, breaks: undefined, calledFrom: from });
  }
}

function compiled(block: RouteBlock, kind: BlockKind, unit: Unit): Compiled {
  return { block, step: compileBlock(block.body, { unit, block: kind, breaks: undefined }) };
}

/** Makes the routes that the engine runs. */
export function routesOf(blocks: CompiledBlocks, surroundings: RouteSurroundings, unit: Unit): Routes {
  const servicesOf = servicesFor(surroundings);
  // Later servers take a new Request-URI for a branch too.
  const appendedOnly = unit.dialect === 'openser' || unit.dialect === 'ser';
  const everyReply = blocks.reply.get('');
  return {
    ...(blocks.request && { request: requestRoute(blocks.request.step, servicesOf) }),
    failure: mapped(blocks.failure, ({ step }) => failureRoute(step, servicesOf, appendedOnly)),
    branch: mapped(blocks.branch, ({ block, step }) => branchRoute(block, step, servicesOf)),
    reply: mapped(blocks.reply, ({ block, step }) => replyRoute(block, step, servicesOf)),
    ...(everyReply && { everyReply: replyRoute(everyReply.block, everyReply.step, servicesOf) }),
    tables: [...unit.tables],
  };
}

type ServicesOf = (modules: Modules) => CfgServices;

/** One object for all runs; the modules and the listeners of a server stay the same. */
function servicesFor({ domains, logger, transport }: RouteSurroundings): ServicesOf {
  let services: CfgServices | undefined;
  return (modules) => {
    if (services === undefined || services.modules !== modules) {
      services = { modules, domains, logger, listeners: transport.listeners };
    }
    return services;
  };
}

function mapped<T>(blocks: ReadonlyMap<string, Compiled>, route: (compiled: Compiled) => T): Record<string, T> {
  const routes: [string, T][] = [];
  for (const [name, block] of blocks) if (name !== '') routes.push([name, route(block)]);
  return Object.fromEntries(routes);
}

type RequestRoute = NonNullable<Routes['request']>;

function requestRoute(step: Step, servicesOf: ServicesOf): RequestRoute {
  return (context, modules) => {
    const run = new Run({ block: 'request', services: servicesOf(modules), context });
    const result = step(run);
    return typeof result === 'number' ? requestEnd(run) : result.then(() => requestEnd(run));
  };
}

// Falling off the main block answers nothing, on purpose or not.
function requestEnd({ context, failed }: Run): Handled {
  if (failed && !context.isTakenCareOf) return context.reply(500);
  return context.handled ?? (context.isTakenCareOf ? relayed : dropped);
}

type FailureRoutes = NonNullable<Routes['failure']>;

function failureRoute(step: Step, servicesOf: ServicesOf, appendedOnly: boolean): FailureRoutes[string] {
  return (context, modules) => {
    context.appendedOnly = appendedOnly;
    const run = new Run({ block: 'failure', services: servicesOf(modules), context });
    const result = step(run);
    return typeof result === 'number' ? failureEnd(run, context) : result.then(() => failureEnd(run, context));
  };
}

// What the block does nothing about goes back as it is.
function failureEnd({ failed }: Run, context: FailureContext): Handled {
  if (context.handled !== undefined) return context.handled;
  if (context.retried) return relayed;
  return failed ? context.reply(500) : left;
}

type BranchRoutes = NonNullable<Routes['branch']>;

function branchRoute({ nameSpan }: RouteBlock, step: Step, servicesOf: ServicesOf): BranchRoutes[string] {
  return (branch: BranchContext, modules) => {
    const services = servicesOf(modules);
    const { origin: context } = branch;
    const run = new Run({ block: 'branch', services, context, branch });
    // cfg-language §6: what a branch block does to message flags is for its branch only.
    const flags = context.flags.word;
    mustNotWait(step(run), services.logger, formatPlace(nameSpan));
    context.flags.word = flags;
    return run.ending === 'drop' ? 'drop' : 'send';
  };
}

type ReplyRoutes = NonNullable<Routes['reply']>;

function replyRoute({ nameSpan }: RouteBlock, step: Step, servicesOf: ServicesOf): ReplyRoutes[string] {
  return (reply: ReplyContext, modules) => {
    const services = servicesOf(modules);
    const run = new Run({ block: 'reply', services, context: reply.origin, reply });
    mustNotWait(step(run), services.logger, formatPlace(nameSpan));
    return run.ending === 'drop' ? 'drop' : 'relay';
  };
}

// What these blocks decide is needed at once; nothing that may be called in them waits for anything.
function mustNotWait(result: ReturnType<Step>, logger: Logger, place: string): void {
  if (!isPromise(result)) return;
  const told = (error?: unknown): void =>
    logger.error('a branch or reply block waited for something; it was passed over', {
      place,
      error: String(error ?? ''),
    });
  result.then(() => told(), told);
}
