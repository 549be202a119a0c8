import type { Call } from '../script/ast.ts';
import { parseFormat, parsePv } from '../script/pv-syntax.ts';
import type { Span } from '../script/source.ts';
import { bindArgument } from './arguments.ts';
import type { BindingProblem, BoundArgument } from './cfg-function.ts';
import type { CoreSite, FoundFunction, Overload } from './function-index.ts';
import { compileRouteCall } from './route-call.ts';
import type { BlockKind } from './run.ts';
import type { Run, Step } from './run-state.ts';
import { refused, type Site } from './unit.ts';
import { isVariableProblem } from './variables/problem.ts';

/** A call: it sets `retcode`, and a 0 ends the script (cfg-language §7.1), as a statement and in an expression. */
export function compileCall(call: Call, site: Site): Step {
  if (call.name === 'route') return compileRouteCall(call, site);
  return command(bindCall(call, site), site.unit.isSer);
}

function command(call: Step, isSer: boolean): Step {
  const settle = isSer ? settleSer : settleOpenSer;
  return (run) => {
    const code = call(run);
    if (typeof code !== 'number') return code.then((late) => settle(run, late));
    return settle(run, code);
  };
}

function settleOpenSer(run: Run, code: number): number {
  run.rc = code;
  if (code === 0) run.ending ??= 'exit';
  return code;
}

// cfg-language §1: in SER a 0 ends only the block that it occurs in.
function settleSer(run: Run, code: number): number {
  run.rc = code;
  if (code === 0) run.leaving ??= 'return';
  return code;
}

/** Finds the function of a call and gives it its arguments. */
function bindCall(call: Call, site: Site): Step {
  const found = site.unit.functions.find(call.name);
  const args = call.args.map((arg) => bindArgument(arg, site));
  if (found === undefined) return unknown(call, site);
  switch (found.kind) {
    case 'function':
      return bindOverload(call, args, found, site);
    case 'not-loaded':
      site.unit.error(
        'module-not-loaded',
        `'${call.name}' is a function of the module ${found.module}, which is not loaded`,
        call.nameSpan,
        {
          hint: `write loadmodule "${found.module}.so" above`,
        },
      );
      return refused;
    case 'outside':
      return bindOutside(call, found, site);
  }
}

function unknown({ name, nameSpan }: Call, site: Site): Step {
  const meant = site.unit.functions.meant(name);
  const unknownModules = site.unit.functions.unknownModules;
  const hint =
    meant === undefined
      ? unknownModules.length === 0
        ? {}
        : { hint: `it may belong to ${unknownModules.join(' or ')}, which this server does not know` }
      : { hint: `did you mean '${meant}'?` };
  site.unit.error('unknown-function', `there is no function '${name}'`, nameSpan, hint);
  return refused;
}

function bindOutside({ name, nameSpan }: Call, found: Extract<FoundFunction, { kind: 'outside' }>, site: Site): Step {
  const { module, loses, returns, lost } = found;
  const result = `it does nothing here and returns ${returns}`;
  if (loses && !site.unit.lenient) {
    site.unit.error('outside-scope', `'${name}' of the module ${module} cannot work here: ${lost}`, nameSpan, {
      hint: 'remove the call, or run with --lenient to go on without it',
    });
  } else {
    const code = loses ? 'outside-scope' : 'no-effect';
    site.unit.warning(code, `'${name}' of the module ${module} has no effect: ${lost}; ${result}`, nameSpan);
  }
  return () => returns;
}

function bindOverload(
  call: Call,
  args: readonly BoundArgument[],
  found: Extract<FoundFunction, { kind: 'function' }>,
  site: Site,
): Step {
  const fitting = found.overloads.filter(({ arity: [least, most] }) => args.length >= least && args.length <= most);
  if (fitting.length === 0) {
    site.unit.error('wrong-arity', `'${call.name}' takes ${arities(found.overloads)}, not ${args.length}`, call.span);
    return refused;
  }
  const overload = fitting.find(({ blocks }) => blocks.includes(site.block));
  if (overload === undefined) return misplaced(call, fitting, site);
  const bound = overload.bind(args, coreSite(site, call.nameSpan));
  if (typeof bound === 'function') return bound;
  reportProblem(bound, call, site);
  return refused;
}

function reportProblem({ severity, argument, message }: BindingProblem, call: Call, site: Site): void {
  const span: Span = (argument === undefined ? undefined : call.args[argument]?.span) ?? call.span;
  site.unit.report.add(severity, 'bad-argument', message, span);
}

/** `1 argument`, `0 to 2 arguments`, `1 or 2 arguments`. */
function arities(overloads: readonly Overload[]): string {
  const least = Math.min(...overloads.map(({ arity }) => arity[0]));
  const most = Math.max(...overloads.map(({ arity }) => arity[1]));
  if (most === 0) return 'no arguments';
  if (least === most) return most === 1 ? '1 argument' : `${most} arguments`;
  return least + 1 === most ? `${least} or ${most} arguments` : `${least} to ${most} arguments`;
}

// Written directly in a block of the wrong kind it is a mistake; by way of route(n) it was only noticed when it ran.
function misplaced(call: Call, overloads: readonly Overload[], site: Site): Step {
  const allowed = [...new Set(overloads.flatMap(({ blocks }) => blocks))].map((kind) => blockNames[kind]);
  const message = `'${call.name}' cannot be used in ${blockNames[site.block]}, only in ${allowed.join(' or ')}`;
  if (site.calledFrom === undefined) {
    site.unit.error('wrong-block', message, call.nameSpan);
    return refused;
  }
  site.unit.warning('wrong-block', `${message}; it returns -1 there`, call.nameSpan, {
    related: [{ message: `the route is called from ${blockNames[site.block]} here`, span: site.calledFrom }],
  });
  return () => -1;
}

const blockNames: Readonly<Record<BlockKind, string>> = {
  request: 'a route',
  failure: 'a failure_route',
  branch: 'a branch_route',
  reply: 'an onreply_route',
};

function coreSite({ unit, block }: Site, span: Span): CoreSite {
  return {
    unit,
    span,
    block,
    hasBlock: (kind, name) => unit.routes.entries(kind).has(name),
    template: (text) => {
      const template = unit.variables.template(parseFormat(text));
      return isVariableProblem(template) ? template.problem : template;
    },
    variable: (text) => {
      const pv = parsePv(text);
      if ('problem' in pv) return pv.problem;
      const variable = unit.variables.variable(pv);
      return isVariableProblem(variable) ? variable.problem : variable;
    },
    parameter: unit.parameter,
    usesTable: (name) => unit.tables.add(name),
  };
}
