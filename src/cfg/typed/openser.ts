import { assert } from '../../base/assert.ts';
import type { MaybePromise } from '../../base/maybe-promise.ts';
import type { RoutesFactory } from '../../modules/routes.ts';
import type { RouteBlock, RouteType } from '../../script/ast.ts';
import type { CompiledBlocks } from '../compile.ts';
import { routesOf } from '../compile.ts';
import { spanOf } from './calls.ts';
import { makeUnit, type ScriptSettings } from './make-unit.ts';
import { type Script, scriptOf } from './script.ts';
import { ScriptEngine } from './script-engine.ts';

/**
 * A route of openser.cfg as a function. Its number is the route's return code: above 0 is true, below is false, and 0
 * ends the script, so whoever calls a route that may end it looks at the number and returns 0 too.
 */
export type ScriptRoute = (script: Script) => MaybePromise<number>;
/** A route that is run where nothing can be waited for. */
export type ScriptRouteNow = (script: Script) => number;

/** The blocks of openser.cfg as functions, and what its settings say to them. */
export interface OpenserScript extends ScriptSettings {
  /** `route { ... }`. */
  readonly request?: ScriptRoute;
  /** `failure_route[name]`, by name. */
  readonly failure?: Readonly<Record<string, ScriptRoute>>;
  /** `branch_route[name]`, by name. */
  readonly branch?: Readonly<Record<string, ScriptRouteNow>>;
  /** `onreply_route[name]`, by name. */
  readonly reply?: Readonly<Record<string, ScriptRouteNow>>;
  /** `onreply_route` without a name. */
  readonly everyReply?: ScriptRouteNow;
}

/**
 * Routes that are written with the functions and variables of openser.cfg: what `aorta adapt` makes of a configuration.
 *
 * @example
 * export default defineConfig({ routes: openser({ request: (script) => script.sl_send_reply(404, 'Not Found') }) });
 */
export function openser(script: OpenserScript): RoutesFactory {
  const { request, failure = {}, branch = {}, reply = {}, everyReply } = script;
  const replies = everyReply === undefined ? reply : { ...reply, '': everyReply };
  const named = [
    ...Object.keys(failure).map((name) => blockOf('failure', name)),
    ...Object.keys(branch).map((name) => blockOf('branch', name)),
    ...Object.keys(reply).map((name) => blockOf('onreply', name)),
  ];
  const engine = new ScriptEngine(makeUnit(script, named));
  const compiled = (type: RouteType, name: string, route: ScriptRoute): Compiled => ({
    block: blockOf(type, name),
    step: (run) => route(scriptOf(engine, run)),
  });
  const all = (type: RouteType, routes: Readonly<Record<string, ScriptRoute>>) =>
    new Map(Object.entries(routes).map(([name, route]) => [name, compiled(type, name, route)]));
  const blocks: CompiledBlocks = {
    request: request && compiled('request', '', request),
    failure: all('failure', failure),
    branch: all('branch', branch),
    reply: all('onreply', replies),
  };
  assert(!('' in reply), "a reply route without a name is 'everyReply'");
  return (surroundings) => routesOf(blocks, surroundings, engine.unit);
}

type Compiled = NonNullable<CompiledBlocks['request']>;

function blockOf(type: RouteType, name: string): RouteBlock {
  const span = spanOf(name === '' ? `${type} route` : `${type} route ${name}`);
  const body = { kind: 'block', span, statements: [] } as const;
  return { kind: 'route', span, type, keyword: type, name, nameSpan: span, interval: undefined, body };
}
