import type { Dialect } from '../script/dialect.ts';
import type { FormatPiece, PvSpec } from '../script/pv-syntax.ts';
import type { Span } from '../script/source.ts';
import type { Compiler } from './compiler.ts';
import type { FlagNames } from './flag-names.ts';
import type { FunctionIndex } from './function-index.ts';
import type { Myself } from './myself.ts';
import type { More, Report } from './report.ts';
import type { RouteTable } from './route-table.ts';
import type { BlockKind } from './run.ts';
import type { Step } from './run-state.ts';
import type { VariableProblem } from './variables/problem.ts';
import type { VariableScope } from './variables/scope.ts';
import type { Template, Variable } from './variables/template.ts';

/** How the compiler gets at pseudo-variables. */
export interface VariableSource {
  variable(pv: PvSpec): Variable | VariableProblem;
  template(pieces: readonly FormatPiece[]): Template | VariableProblem;
}

/** What the compiler asks of global settings. */
export interface CompileLimits {
  /** `max_while_loops`. */
  readonly whileLoops: number;
}

/** What a unit is made of. */
export interface UnitParts {
  readonly compiler: Compiler;
  readonly dialect: Dialect;
  readonly report: Report;
  readonly variables: VariableSource;
  readonly scope: VariableScope;
  readonly functions: FunctionIndex;
  readonly routes: RouteTable;
  readonly myself: Myself;
  readonly limits: CompileLimits;
  readonly flagNames: FlagNames;
  /** The effective value of a module's parameter. */
  readonly parameter: (module: string, name: string) => string | number | boolean | undefined;
  /** Whether what would be lost is a warning only. */
  readonly lenient: boolean;
}

/** One configuration while it is compiled: what every statement of it shares. */
export class Unit {
  readonly compiler: Compiler;
  readonly dialect: Dialect;
  readonly variables: VariableSource;
  readonly scope: VariableScope;
  readonly functions: FunctionIndex;
  readonly routes: RouteTable;
  readonly myself: Myself;
  readonly limits: CompileLimits;
  readonly parameter: UnitParts['parameter'];
  readonly lenient: boolean;
  /** A route is compiled once for each kind of block that calls it; what is wrong with it is said once. */
  readonly report: Report;
  readonly flagNames: FlagNames;
  /** The location tables that its calls name. */
  readonly tables: Set<string>;

  constructor(parts: UnitParts) {
    this.compiler = parts.compiler;
    this.dialect = parts.dialect;
    this.variables = parts.variables;
    this.scope = parts.scope;
    this.functions = parts.functions;
    this.routes = parts.routes;
    this.myself = parts.myself;
    this.limits = parts.limits;
    this.parameter = parts.parameter;
    this.lenient = parts.lenient;
    this.report = parts.report;
    this.flagNames = parts.flagNames;
    this.tables = new Set();
  }

  /** In SER a 0 ends the block that it occurs in, `break` and `drop` are words for `return` (cfg-language §1). */
  get isSer(): boolean {
    return this.dialect === 'ser';
  }

  error(code: string, message: string, span: Span, more?: More): void {
    this.report.error(code, message, span, more);
  }

  warning(code: string, message: string, span: Span, more?: More): void {
    this.report.warning(code, message, span, more);
  }
}

/** Where a statement stands. */
export interface Site {
  readonly unit: Unit;
  readonly block: BlockKind;
  /** Where the route that it belongs to was called; undefined directly in the block. */
  readonly calledFrom?: Span | undefined;
  /** What `break` leaves. */
  readonly breaks: 'switch' | 'while' | undefined;
}

/** Stands for a statement that was refused; a configuration with an error is not run. */
export const refused: Step = () => 1;
