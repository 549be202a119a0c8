import { assert } from '../../base/assert.ts';
import type { Expression } from '../../script/ast.ts';
import { type PvSpec, parseFormat, parsePv } from '../../script/pv-syntax.ts';
import { SourceFile, type Span } from '../../script/source.ts';
import type { BlockKind } from '../run.ts';
import type { Step } from '../run-state.ts';
import type { Unit } from '../unit.ts';
import type { CfgValue, Variable } from '../variables/template.ts';
import { type Argument, ValueArgument, VariableArgument } from './argument.ts';

/** Calls by what they were called with, from argument to argument. */
interface Place {
  step: Step | undefined;
  next: Map<unknown, Place> | undefined;
}

/** Stands for all values that were computed: they are read when the call is made. */
const computed = Symbol('computed');
/** The name of the variables by which functions read them; no configuration can have such a name. */
const computedName = '\u0000';
/** What the bound functions of one program are kept up to; arguments are constants, so it is not reached. */
const mostCalls = 10_000;

/** The functions of openser.cfg, bound at the first call with some arguments and kept for all that follow. */
export class Calls {
  readonly #unit: Unit;
  readonly #places: Record<BlockKind, Map<string, Place>>;
  readonly #values: CfgValue[];
  #count: number;

  constructor(unit: Unit) {
    this.#unit = unit;
    this.#places = { request: new Map(), failure: new Map(), branch: new Map(), reply: new Map() };
    this.#values = [];
    this.#count = 0;
  }

  /** The call, ready to be made at once: what was computed for it is read while it starts. */
  stepOf(block: BlockKind, name: string, args: readonly Argument[]): Step {
    let place = placeAt(this.#places[block], name);
    for (let index = 0; index < args.length; index++) {
      const arg = args[index];
      let key: unknown = arg;
      if (arg instanceof ValueArgument) {
        this.#values[index] = arg.value;
        key = computed;
      }
      place.next ??= new Map();
      place = placeAt(place.next, key);
    }
    place.step ??= this.#bind(block, name, args);
    return place.step;
  }

  /** The variable that an argument of the engine's own reads. */
  computedVariable({ name, text }: PvSpec): Variable | undefined {
    if (name !== computedName) return undefined;
    const index = Number(text);
    return { read: () => this.#values[index] };
  }

  #bind(block: BlockKind, name: string, args: readonly Argument[]): Step {
    assert(this.#count++ < mostCalls, 'the arguments of functions are constants: use script.value for what is not');
    const span = spanOf(name);
    const call = {
      kind: 'call',
      span,
      name,
      nameSpan: span,
      args: args.map((arg, index) => expressionOf(arg, index, span)),
      parentheses: true,
    } as const;
    return this.#unit.compiler.call(call, { unit: this.#unit, block, breaks: undefined });
  }
}

/** A place for logs that have no file to point into. */
export function spanOf(name: string): Span {
  return { file: new SourceFile(name, ''), start: 0, end: 0 };
}

/** The variable of a name that a program has written. */
export function pvOf(name: string): PvSpec {
  const pv = parsePv(name);
  assert(!('problem' in pv), `${name} is no variable: ${'problem' in pv ? pv.problem : ''}`);
  return pv;
}

function placeAt<K>(places: Map<K, Place>, key: K): Place {
  const known = places.get(key);
  if (known !== undefined) return known;
  const place: Place = { step: undefined, next: undefined };
  places.set(key, place);
  return place;
}

function expressionOf(arg: Argument, index: number, span: Span): Expression {
  if (typeof arg === 'number') return { kind: 'number', span, value: arg, text: String(arg) };
  if (typeof arg === 'string') return { kind: 'string', span, value: arg, pieces: parseFormat(arg) };
  if (arg instanceof VariableArgument) return { kind: 'variable', span, pv: pvOf(arg.name) };
  const pv = { text: String(index), name: computedName, argument: undefined, index: undefined, transformations: [] };
  return { kind: 'variable', span, pv };
}
