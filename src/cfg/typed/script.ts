import { assert } from '../../base/assert.ts';
import { isPromise, type MaybePromise } from '../../base/maybe-promise.ts';
import type { Modules } from '../../modules/routes.ts';
import type { RequestContext } from '../../routing/request-context.ts';
import type { BranchContext, ReplyContext } from '../../routing/route.ts';
import type { ArithmeticOperator } from '../../script/ast.ts';
import { maxRouteDepth } from '../limits.ts';
import type { Run } from '../run-state.ts';
import { ignoringCase, isTrue, partOf } from '../value-rules.ts';
import type { CfgValue } from '../variables/template.ts';
import { nullText, numberOf, textOf } from '../variables/values.ts';
import { type Argument, type Constant, ValueArgument, type VariableArgument } from './argument.ts';
import { spanOf } from './calls.ts';
import { functionNames } from './function-names.ts';
import type { ScriptEngine } from './script-engine.ts';
import type { ScriptFunctions } from './script-functions.ts';

/** `==`, `!=`, `<`, `>`, `<=`, `>=`: of values; `=~`, `!~`: with a regular expression as POSIX has them. */
export type Comparison = '==' | '!=' | '<' | '>' | '<=' | '>=' | '=~' | '!~';

/** The words of a message that have no dollar: `from_uri`, `msg:len`. */
export type MessageWord =
  | 'method'
  | 'uri'
  | 'status'
  | 'from_uri'
  | 'to_uri'
  | 'src_ip'
  | 'src_port'
  | 'dst_ip'
  | 'dst_port'
  | 'proto'
  | 'af'
  | 'msg:len'
  | 'max_len'
  | 'retcode';

/** What can be `myself`. */
export type MyselfWord = 'uri' | 'from_uri' | 'to_uri' | 'src_ip' | 'dst_ip';

/** One message on its way through the routes of an openser.cfg: its functions by their names, its variables, its end. */
class MessageScript {
  readonly #engine: ScriptEngine;
  readonly #run: Run;

  constructor(engine: ScriptEngine, run: Run) {
    this.#engine = engine;
    this.#run = run;
  }

  /** The request; in branch and reply routes the one that they belong to. */
  get ctx(): RequestContext {
    return this.#run.context;
  }

  /** Only in a branch route. */
  get branch(): BranchContext | undefined {
    return this.#run.branch;
  }

  /** Only in a reply route. */
  get reply(): ReplyContext | undefined {
    return this.#run.reply;
  }

  get registrar(): Modules['registrar'] {
    return this.#run.services.modules.registrar;
  }
  get tm(): Modules['tm'] {
    return this.#run.services.modules.tm;
  }
  get sl(): Modules['sl'] {
    return this.#run.services.modules.sl;
  }
  get rr(): Modules['rr'] {
    return this.#run.services.modules.rr;
  }
  get maxfwd(): Modules['maxfwd'] {
    return this.#run.services.modules.maxfwd;
  }
  get nathelper(): Modules['nathelper'] {
    return this.#run.services.modules.nathelper;
  }

  /** `$retcode`: what the last function returned. */
  get rc(): number {
    return this.#run.rc;
  }
  set rc(code: number) {
    this.#run.rc = code;
  }

  /** `exit`: ends the script. @returns 0, for the route to return */
  exit(): 0 {
    this.#run.ending ??= 'exit';
    return 0;
  }

  /** `drop`: ends the script; a branch is not sent, a reply not relayed. @returns 0, for the route to return */
  drop(): 0 {
    this.#run.ending = 'drop';
    return 0;
  }

  /** Whether something has ended the script: a function of the condition that was just asked, for instance. */
  get ended(): boolean {
    return this.#run.ending !== undefined;
  }

  /** `return value`: the return code of a route; what is no number is 1, and 0 ends the script. */
  code(value: CfgValue): number {
    const code = numberOf(value) ?? 1;
    if (code === 0) this.exit();
    return code;
  }

  /** `$ru`, `$(hdr(Via)[0]{s.len})`: the value of a variable; undefined is `$null`. */
  pv<N extends string>(name: Constant<N>): CfgValue {
    return this.#engine.variable(name).read(this.#run);
  }

  /** `$var(x) = value`. @returns 1; -1 when the value does not fit, which is logged */
  set<N extends string>(name: Constant<N>, value: CfgValue): number {
    const { write } = this.#engine.variable(name);
    assert(write !== undefined, `${name} cannot be assigned to`);
    const problem = write(this.#run, value);
    this.#run.rc = problem === undefined ? 1 : this.#run.complain(spanOf(name), problem);
    return this.#run.rc;
  }

  /** A text with variables in it, `sip:$rU@$rd`, expanded. */
  text<F extends string>(format: Constant<F>): CfgValue {
    return this.#engine.template(format).value(this.#run);
  }

  /** A variable as an argument, where it is not a part of a text. */
  variable<N extends string>(name: Constant<N>): VariableArgument {
    return this.#engine.variableArgument(name);
  }

  /** A computed value as an argument: no dollar in it means anything. */
  value(value: CfgValue): ValueArgument {
    return new ValueArgument(value);
  }

  /** A word of the message. */
  word(word: MessageWord): CfgValue {
    return this.#engine.word(word, this.#run);
  }

  /** `uri == myself`. */
  isMyself(word: MyselfWord): boolean {
    return this.#engine.isMyself(word, this.#run);
  }

  /** `src_ip == 10.0.0.0/8`. @param network `address/bits` or `address/mask` */
  inNetwork<N extends string>(address: CfgValue, network: Constant<N>): boolean {
    return typeof address === 'string' && this.#engine.network(network)(address);
  }

  /** Whether a comparison holds, by the habits of the dialect. What cannot be compared does not. */
  compare(left: CfgValue, operator: Comparison, right: CfgValue): boolean {
    return this.#engine.compare(left, operator, right) > 0;
  }

  /** `uri == $var(x)`: as `==`, and texts without regard to the case of their letters in every dialect. */
  equalIgnoringCase(left: CfgValue, right: CfgValue): boolean {
    if (typeof left === 'string' && typeof right === 'string') return ignoringCase(left, right);
    return this.compare(left, '==', right);
  }

  /** Whether two values can be compared at all: `<` needs both, and `=~` a sound regular expression. */
  comparable(left: CfgValue, operator: Comparison, right: CfgValue): boolean {
    return this.#engine.compare(left, operator, right) >= 0;
  }

  /** Whether a text matches a POSIX regular expression, as a case of a switch. */
  matchesCase<P extends string>(value: CfgValue, pattern: Constant<P>, flags: 'i' | ''): boolean {
    return value !== undefined && this.#engine.regex(pattern, flags).test(textOf(value));
  }

  /** `$var(x) + 1`: numbers and texts, as the language has them. */
  compute(left: CfgValue, operator: ArithmeticOperator, right: CfgValue): CfgValue {
    return this.#engine.compute(left, operator, right);
  }

  /** Whether a value counts as true: a number that is not 0, a text that is not empty. */
  isTrue(value: CfgValue): boolean {
    return isTrue(value);
  }

  /** A value as a number; undefined when it is none. */
  numberOf(value: CfgValue): number | undefined {
    return numberOf(value);
  }

  /** A value as a text: `$null` is `<null>`. */
  textOf(value: CfgValue): string {
    return value === undefined ? nullText : textOf(value);
  }

  /** A value as a part of a text: `$null` is nothing. */
  partOf(value: CfgValue): string {
    return partOf(value);
  }

  /** Asked once for each round of a loop: too many end the script, and are logged. @param round from 0 */
  isEndless(round: number): boolean {
    const { whileLoops } = this.#engine.unit.limits;
    if (round < whileLoops) return this.#run.stepsTooFar(spanOf('while'));
    this.#run.fail(spanOf('while'), `a while loop did not end within ${whileLoops} rounds (max_while_loops)`);
    return true;
  }

  /** Calls a route that may call itself: too deep ends the script, and is logged. */
  nested<R extends MaybePromise<number>>(route: (script: Script) => R): R | 0 {
    const run = this.#run;
    if (run.depth >= maxRouteDepth) {
      return run.fail(spanOf(route.name), `routes call one another more than ${maxRouteDepth} deep`);
    }
    if (run.stepsTooFar(spanOf(route.name))) return 0;
    run.depth++;
    const code = route(asScript(this));
    if (!isPromise(code)) {
      run.depth--;
      return code;
    }
    const left = (late: number): number => {
      run.depth--;
      return late;
    };
    // The route has promised a number, and so does this.
    return (code as Promise<number>).then(left) as R;
  }

  /** `route($var(name))`: the route of that name among some. @returns -1 when there is none, which is logged */
  route<R extends MaybePromise<number>>(
    name: CfgValue,
    routes: Readonly<Record<string, (script: Script) => R>>,
  ): R | number {
    const text = this.textOf(name);
    const route = Object.hasOwn(routes, text) ? routes[text] : undefined;
    if (route !== undefined) return this.nested(route);
    this.#run.rc = this.#run.complain(spanOf('route'), `there is no route[${text}]`);
    return -1;
  }

  /** A function by its name, for those of the program around. */
  call<A extends Argument>(name: string, ...args: readonly Constant<A>[]): MaybePromise<number> {
    return this.#engine.call(this.#run, name, args as readonly Argument[]); // a constant is one of its kinds
  }

  /** The same where nothing can be waited for, in branch and reply routes. */
  callNow<A extends Argument>(name: string, ...args: readonly Constant<A>[]): number {
    return MessageScript.call(this, name, args as readonly Argument[]); // as above
  }

  /** A function that never waits. */
  static call(script: MessageScript, name: string, args: readonly Argument[]): number {
    const code = script.#engine.call(script.#run, name, args);
    assert(!isPromise(code), `${name} waits for nothing`);
    return code;
  }

  /** A function that may wait. */
  static async wait(script: MessageScript, name: string, args: readonly Argument[]): Promise<number> {
    return script.#engine.call(script.#run, name, args);
  }
}

/** One message on its way through the routes of an openser.cfg. */
export interface Script extends MessageScript, ScriptFunctions {}

// The functions are put on the prototype by the table that the interface was made of.
for (const { name, waits } of functionNames()) {
  assert(!(name in MessageScript.prototype), `${name} is a function of openser.cfg and something of the script`);
  const run = waits ? MessageScript.wait : MessageScript.call;
  Object.defineProperty(MessageScript.prototype, name, {
    value(this: MessageScript, ...args: readonly Argument[]) {
      return run(this, name, args);
    },
  });
}

/** The script of a run. */
export function scriptOf(engine: ScriptEngine, run: Run): Script {
  return asScript(new MessageScript(engine, run));
}

// What the interface says is there: the loop above has made it.
function asScript(script: MessageScript): Script {
  return script as Script;
}

/** Equality of two texts without regard to the case of their letters, as `method == "INVITE"` has it. */
export function same(left: CfgValue, right: string): boolean {
  return typeof left === 'string' && ignoringCase(left, right);
}
