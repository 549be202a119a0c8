import { textToWire } from '../../sip/wire-text.ts';
import type { CfgRun } from '../run.ts';
import type { CfgValue, Template, Variable } from './template.ts';

/** A variable and what it is in a text when it is absent. */
export interface ResolvedVariable {
  readonly variable: Variable;
  readonly absentText: string;
}

/** A text without variables. What is not ASCII becomes the bytes of the wire, as the texts of messages are. */
export function literalTemplate(text: string): Template {
  return new Literal(textToWire(text));
}

/** A text of parts that were made ready one by one. */
export function templateOfParts(parts: readonly (string | ResolvedVariable)[]): Template {
  const [first] = parts;
  if (parts.length > 1) return new Joined(parts);
  return typeof first === 'object' ? new Single(first) : new Literal(first ?? '');
}

class Literal implements Template {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  text(): string {
    return this.#text;
  }

  value(): CfgValue {
    return this.#text;
  }
}

class Single implements Template {
  readonly #part: ResolvedVariable;

  constructor(part: ResolvedVariable) {
    this.#part = part;
  }

  text(run: CfgRun): string {
    return partText(this.#part, run);
  }

  value(run: CfgRun): CfgValue {
    return this.#part.variable.read(run);
  }
}

class Joined implements Template {
  readonly #parts: readonly (string | ResolvedVariable)[];

  constructor(parts: readonly (string | ResolvedVariable)[]) {
    this.#parts = parts;
  }

  text(run: CfgRun): string {
    let text = '';
    const parts = this.#parts;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as string | ResolvedVariable; // i is inside
      text += typeof part === 'string' ? part : partText(part, run);
    }
    return text;
  }

  value(run: CfgRun): CfgValue {
    return this.text(run);
  }
}

function partText({ variable, absentText }: ResolvedVariable, run: CfgRun): string {
  const value = variable.read(run);
  if (typeof value === 'string') return value;
  return value === undefined ? absentText : String(value);
}
