import { assert } from '../../base/assert.ts';
import type { MaybePromise } from '../../base/maybe-promise.ts';
import type { ArithmeticOperator, Network } from '../../script/ast.ts';
import { formatDiagnostic } from '../../script/diagnostic.ts';
import type { DiagnosticList } from '../../script/diagnostic-list.ts';
import { parseFormat } from '../../script/pv-syntax.ts';
import { canonicalAddress } from '../../transport/ip-address.ts';
import { keptPatterns } from '../limits.ts';
import { type InNetwork, networkOf } from '../networks.ts';
import { operands } from '../operands.ts';
import { isRegexProblem, type PosixRegex, posixRegex } from '../posix-regex.ts';
import type { Run } from '../run-state.ts';
import type { Unit } from '../unit.ts';
import { type Equality, equalityOf, ordering, type Truth } from '../value-rules.ts';
import { operations } from '../values.ts';
import { isVariableProblem } from '../variables/problem.ts';
import type { CfgValue, Template, Variable } from '../variables/template.ts';
import { textOf } from '../variables/values.ts';
import { type Argument, VariableArgument } from './argument.ts';
import { Calls, pvOf, spanOf } from './calls.ts';
import { emptyReport, type UnitMaker } from './make-unit.ts';
import type { Comparison, MyselfWord } from './script.ts';

/** Most rounds of regular expressions that are kept compiled. */
const mostPatterns = keptPatterns * 16;

/** What all runs of one typed script have in common: everything named by a constant is looked up once. */
export class ScriptEngine {
  readonly unit: Unit;
  readonly #calls: Calls;
  readonly #list: DiagnosticList;
  readonly #variables: Map<string, Variable>;
  readonly #templates: Map<string, Template>;
  readonly #arguments: Map<string, VariableArgument>;
  readonly #networks: Map<string, InNetwork>;
  readonly #regexes: Map<string, PosixRegex | undefined>;
  readonly #equal: Equality;

  constructor(make: UnitMaker) {
    const { report, list } = emptyReport();
    this.#list = list;
    this.unit = make((pv) => this.#calls.computedVariable(pv), report);
    this.#calls = new Calls(this.unit);
    this.#variables = new Map();
    this.#templates = new Map();
    this.#arguments = new Map();
    this.#networks = new Map();
    this.#regexes = new Map();
    this.#equal = equalityOf(this.unit.dialect);
  }

  call(run: Run, name: string, args: readonly Argument[]): MaybePromise<number> {
    const step = this.#calls.stepOf(run.block, name, args);
    this.#mustBeSound();
    const code = step(run);
    // SER leaves the route at 0; here the route looks at the code itself.
    run.leaving = undefined;
    return code;
  }

  variable(name: string): Variable {
    const known = this.#variables.get(name);
    if (known !== undefined) return known;
    const variable = this.unit.variables.variable(pvOf(name));
    assert(!isVariableProblem(variable), `${name}: ${isVariableProblem(variable) ? variable.problem : ''}`);
    this.#variables.set(name, variable);
    return variable;
  }

  template(format: string): Template {
    const known = this.#templates.get(format);
    if (known !== undefined) return known;
    const template = this.unit.variables.template(parseFormat(format));
    assert(!isVariableProblem(template), `${format}: ${isVariableProblem(template) ? template.problem : ''}`);
    this.#templates.set(format, template);
    return template;
  }

  variableArgument(name: string): VariableArgument {
    const known = this.#arguments.get(name);
    if (known !== undefined) return known;
    const argument = new VariableArgument(name);
    this.#arguments.set(name, argument);
    return argument;
  }

  word(word: string, run: Run): CfgValue {
    return operands.get(word)?.read(run);
  }

  isMyself(word: MyselfWord, run: Run): boolean {
    return this.unit.myself.testOf(word)?.(run) === true;
  }

  network(text: string): InNetwork {
    const known = this.#networks.get(text);
    if (known !== undefined) return known;
    const network = networkOf(parseNetwork(text));
    assert(typeof network !== 'string', `${text}: ${network}`);
    this.#networks.set(text, network);
    return network;
  }

  compare(left: CfgValue, operator: Comparison, right: CfgValue): Truth {
    switch (operator) {
      case '==':
        return this.#equal(left, right) ? 1 : 0;
      case '!=':
        return this.#equal(left, right) ? 0 : 1;
      case '=~':
      case '!~':
        return this.#match(left, right, operator === '=~' ? 1 : 0);
      default:
        return orderings[operator](left, right);
    }
  }

  compute(left: CfgValue, operator: ArithmeticOperator, right: CfgValue): CfgValue {
    return operations[operator](left, right);
  }

  regex(pattern: string, flags: 'i' | ''): PosixRegex {
    const regex = this.#recall(pattern, flags);
    assert(regex !== undefined, `${pattern} is no regular expression`);
    return regex;
  }

  #match(value: CfgValue, pattern: CfgValue, whenFound: 1 | 0): Truth {
    const otherwise = whenFound === 1 ? 0 : 1;
    if (value === undefined || pattern === undefined) return otherwise;
    const regex = this.#recall(textOf(pattern), 'i');
    if (regex === undefined) return -1;
    return regex.test(textOf(value)) ? whenFound : otherwise;
  }

  #recall(pattern: string, flags: 'i' | ''): PosixRegex | undefined {
    const key = `${flags}/${pattern}`;
    if (this.#regexes.has(key)) return this.#regexes.get(key);
    const compiled = posixRegex(pattern, flags);
    const regex = isRegexProblem(compiled) ? undefined : compiled;
    if (this.#regexes.size >= mostPatterns) this.#regexes.clear();
    this.#regexes.set(key, regex);
    return regex;
  }

  // What is wrong with a call that a program makes is its author's mistake.
  #mustBeSound(): void {
    const [problem] = this.#list.sorted([]);
    if (problem === undefined) return;
    assert(problem.severity !== 'error', formatDiagnostic(problem));
  }
}

const orderings = { '<': ordering('<'), '>': ordering('>'), '<=': ordering('<='), '>=': ordering('>=') } as const;

function parseNetwork(text: string): Network {
  const span = spanOf(text);
  const [address = '', mask = ''] = text.split('/');
  const bits = Number(mask);
  const ip = (given: string) =>
    ({ kind: 'ip', span, version: given.includes(':') ? 6 : 4, address: canonicalAddress(given) ?? given }) as const;
  return {
    kind: 'network',
    span,
    address: ip(address),
    mask: Number.isInteger(bits) ? { kind: 'number', span, value: bits, text: mask } : ip(mask),
  };
}
