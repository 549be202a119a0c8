/** Whether a parameter does what the manual says here. */
export type SupportState = 'supported' | 'inert' | 'unsupported';

/** What is common to every kind of parameter. */
interface ParameterBase<T> {
  readonly default: T;
  /** One sentence for the docs. */
  readonly doc: string;
  /** The paragraph of the manual it comes from, for example `1.3.1`. */
  readonly manual?: string;
  readonly state: SupportState;
  /** A value for the docs' example. */
  readonly example: T;
}

/** A whole number with a range. */
export interface IntegerParameter extends ParameterBase<number> {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  /** Values outside the range that mean "off". */
  readonly off?: number;
}

/** A yes or no; openser.cfg writes 0 and 1. */
export interface BooleanParameter extends ParameterBase<boolean> {
  readonly kind: 'boolean';
}

/** A text. */
export interface TextParameter extends ParameterBase<string> {
  readonly kind: 'text';
  /** Says what is wrong with a value, or undefined. */
  readonly check?: (value: string) => string | undefined;
}

/** A word out of a list; openser.cfg writes its number. */
export interface WordParameter extends ParameterBase<string> {
  readonly kind: 'word';
  /** The words in the order of their numbers in openser.cfg, from 0. */
  readonly words: readonly string[];
}

/** One row of a module's table of parameters. */
export type Parameter = IntegerParameter | BooleanParameter | TextParameter | WordParameter;

/** A parameter's value as the engine sees it. */
export type ParameterValue = number | boolean | string;

/** `max_contacts` becomes `maxContacts`. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type ValueOf<P> = P extends { kind: 'integer' }
  ? number
  : P extends { kind: 'boolean' }
    ? boolean
    : P extends { kind: 'word'; words: readonly (infer Word)[] }
      ? Word
      : string;

/** The options of a module as a program writes them: camelCase, all present. */
export type OptionsOf<T extends Readonly<Record<string, Parameter>>> = {
  readonly [K in keyof T & string as CamelCase<K>]: ValueOf<T[K]>;
};

/** `max_contacts` becomes `maxContacts`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What a value means for a parameter, or the sentence that says why it means nothing. */
export type ReadValue = { readonly value: ParameterValue } | { readonly problem: string };

/**
 * Reads a value that came from TypeScript, from `--set` (text) or from openser.cfg (number or text).
 *
 * @returns the value in the parameter's own type, or a sentence with the remedy
 */
export function readValue(parameter: Parameter, given: unknown): ReadValue {
  switch (parameter.kind) {
    case 'integer':
      return readInteger(parameter, given);
    case 'boolean':
      return readBoolean(given);
    case 'text':
      return readText(parameter, given);
    case 'word':
      return readWord(parameter, given);
  }
}

function readInteger(parameter: IntegerParameter, given: unknown): ReadValue {
  const value = typeof given === 'string' && /^-?\d{1,15}$/.test(given.trim()) ? Number(given) : given;
  const { min, max, off } = parameter;
  if (typeof value === 'number' && Number.isInteger(value) && ((value >= min && value <= max) || value === off)) {
    return { value };
  }
  const range = off === undefined || (off >= min && off <= max) ? `${min} to ${max}` : `${min} to ${max}, or ${off}`;
  return { problem: `must be a whole number from ${range}, not ${show(given)}` };
}

function readBoolean(given: unknown): ReadValue {
  if (typeof given === 'boolean') return { value: given };
  if (typeof given === 'number' && Number.isInteger(given)) return { value: given !== 0 };
  if (typeof given === 'string') {
    const text = given.trim().toLowerCase();
    if (/^(1|yes|true|on)$/.test(text)) return { value: true };
    if (/^(0|no|false|off)$/.test(text)) return { value: false };
  }
  return { problem: `must be 0 or 1 (true or false), not ${show(given)}` };
}

function readText(parameter: TextParameter, given: unknown): ReadValue {
  if (typeof given !== 'string') return { problem: `must be a text, not ${show(given)}` };
  const problem = parameter.check?.(given);
  return problem === undefined ? { value: given } : { problem };
}

function readWord(parameter: WordParameter, given: unknown): ReadValue {
  const text = typeof given === 'number' ? String(given) : given;
  if (typeof text === 'string') {
    if (parameter.words.includes(text)) return { value: text };
    const byNumber = /^\d{1,3}$/.test(text) ? parameter.words[Number(text)] : undefined;
    if (byNumber !== undefined) return { value: byNumber };
  }
  const words = parameter.words.map((word, number) => `${word} (${number})`).join(', ');
  return { problem: `must be one of ${words}, not ${show(given)}` };
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  return `a value of type ${typeof value}`;
}
