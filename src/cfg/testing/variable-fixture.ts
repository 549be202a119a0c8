import assert from 'node:assert/strict';
import { parseFormat, parsePv } from '../../script/pv-syntax.ts';
import type { CfgRun } from '../run.ts';
import {
  type CfgValue,
  isVariableProblem,
  type Template,
  templateOf,
  type Variable,
  type VariableProblem,
  VariableScope,
  variableOf,
} from '../variables/index.ts';

/** The variables of one configuration, by what a configuration writes. */
export class VariableFixture {
  readonly scope: VariableScope;

  constructor(scope = new VariableScope()) {
    this.scope = scope;
  }

  /** The variable that a text is. */
  variable(text: string): Variable {
    const made = this.#made(text);
    assert(!isVariableProblem(made), `${text}: ${'problem' in made ? made.problem : ''}`);
    return made;
  }

  /** What is wrong with a variable. */
  problem(text: string): VariableProblem {
    const made = this.#made(text);
    assert(isVariableProblem(made), `${text} has a problem`);
    return made;
  }

  template(text: string): Template {
    const made = templateOf(parseFormat(text), this.scope);
    assert(!isVariableProblem(made), `${text}: ${'problem' in made ? made.problem : ''}`);
    return made;
  }

  read(run: CfgRun, text: string): CfgValue {
    return this.variable(text).read(run);
  }

  /** The text with its variables expanded. */
  expand(run: CfgRun, text: string): string {
    return this.template(text).text(run);
  }

  /** Assigns; returns what is wrong with the value. */
  write(run: CfgRun, text: string, value: CfgValue): string | undefined {
    const { write } = this.variable(text);
    assert(write, `${text} can be assigned to`);
    return write(run, value);
  }

  #made(text: string): Variable | VariableProblem {
    const pv = parsePv(text);
    assert(!('problem' in pv), `${text} is the text of a variable`);
    return variableOf(pv, this.scope);
  }
}
