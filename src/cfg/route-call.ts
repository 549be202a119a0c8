import { didYouMean } from '../base/did-you-mean.ts';
import type { Call } from '../script/ast.ts';
import { bindArgument } from './arguments.ts';
import { maxRouteDepth } from './limits.ts';
import type { RouteHandle } from './route-table.ts';
import type { Run, Step } from './run-state.ts';
import { refused, type Site } from './unit.ts';

/** `route(n)`: rc is the result of the block; the result of the call is that number if it is negative, else 1. */
export function compileRouteCall(call: Call, site: Site): Step {
  const [argument] = call.args;
  if (argument === undefined) {
    site.unit.error('wrong-arity', "'route' takes the name of a route", call.span, {
      hint: 'write route(1) or route(NAME)',
    });
    return refused;
  }
  if (call.args.length > 1) {
    site.unit.warning('inert-argument', 'a route takes no arguments here; $param(n) is not set', call.span);
  }
  const { literal, template } = bindArgument(argument, site);
  if (literal === undefined) return dynamicCall(call, site, (run) => template.text(run));
  const name = nameOf(literal);
  const handle = site.unit.routes.call(name, site.block, call.span);
  if (handle !== undefined) return (run) => enter(run, handle, call);
  return missingRoute(call, name, site);
}

/** `route[0]` is the main block. */
function nameOf(text: string): string {
  return text === '0' ? '' : text;
}

function missingRoute(call: Call, name: string, site: Site): Step {
  const { routes } = site.unit.routes;
  const meant = didYouMean(
    name,
    [...routes.keys()].filter((known) => known !== ''),
  );
  const hint = meant === undefined ? {} : { hint: `did you mean route(${meant})?` };
  const message = `there is no route[${name}]`;
  // cfg-language §6: the old servers went on after a warning.
  if (site.unit.dialect === 'openser' || site.unit.dialect === 'ser') {
    site.unit.warning('unknown-route', `${message}; the call does nothing and returns 1`, call.span, hint);
  } else {
    site.unit.error('unknown-route', message, call.span, hint);
  }
  return (run) => {
    run.rc = 1;
    return 1;
  };
}

function dynamicCall(call: Call, site: Site, read: (run: Run) => string): Step {
  const handles = site.unit.routes.callAny(site.block, call.span);
  return (run) => {
    const name = nameOf(read(run));
    const handle = handles.get(name);
    if (handle !== undefined) return enter(run, handle, call);
    run.rc = -1;
    return run.complain(call.span, `there is no route[${name}]`);
  };
}

function enter(run: Run, { step }: RouteHandle, { span }: Call): ReturnType<Step> {
  if (run.depth >= maxRouteDepth) return run.fail(span, `routes call one another more than ${maxRouteDepth} deep`);
  if (run.stepsTooFar(span)) return 0;
  run.depth++;
  const result = step(run);
  if (typeof result !== 'number') return result.then((late) => left(run, late));
  return left(run, result);
}

function left(run: Run, result: number): number {
  run.depth--;
  run.leaving = undefined;
  run.rc = result;
  if (run.ending !== undefined) return 0;
  return result < 0 ? result : 1;
}
