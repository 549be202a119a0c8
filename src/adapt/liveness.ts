import type { Expression, IfBranch, RouteBlock, Statement, SwitchStatement, WhileStatement } from '../script/ast.ts';
import { asCommand, isReturnCode, readsReturnCode } from './walk.ts';

/**
 * Where somebody may still read the return code of what has run (`$retcode`). Nearly nowhere: only there the generated
 * code has to keep it as the language does.
 */
export class Liveness {
  readonly #routes: ReadonlyMap<string, RouteBlock>;
  readonly #entered: Map<string, boolean>;
  readonly #after: WeakMap<Statement, boolean>;
  readonly #bodies: WeakMap<IfBranch, boolean>;
  readonly #cases: WeakMap<SwitchStatement, boolean>;
  readonly #loops: WeakMap<WhileStatement, boolean>;
  #afterBreak: boolean;

  constructor(routes: ReadonlyMap<string, RouteBlock>, blocks: readonly RouteBlock[]) {
    this.#routes = routes;
    this.#entered = new Map();
    this.#after = new WeakMap();
    this.#bodies = new WeakMap();
    this.#cases = new WeakMap();
    this.#loops = new WeakMap();
    this.#afterBreak = false;
    for (const { body } of blocks) this.#list(body.statements, false);
  }

  /** Whether the code that a statement leaves may be read. */
  after(statement: Statement): boolean {
    return this.#after.get(statement) ?? false;
  }

  /** Whether the code that the condition of a branch leaves may be read. */
  afterCondition(branch: IfBranch): boolean {
    return this.#bodies.get(branch) ?? false;
  }

  /** Whether the code that the condition of a loop leaves may be read, in its body or behind it. */
  afterLoopCondition(statement: WhileStatement): boolean {
    return this.#loops.get(statement) ?? false;
  }

  /** Whether the code that a switch begins with, 1, may be read in its cases. */
  inCases(statement: SwitchStatement): boolean {
    return this.#cases.get(statement) ?? false;
  }

  /** Whether it may be read before the first of some statements has set it. */
  #list(statements: readonly Statement[], out: boolean): boolean {
    let live = out;
    for (const statement of statements.toReversed()) {
      this.#after.set(statement, live || this.after(statement));
      live = this.#statement(statement, live);
    }
    return live;
  }

  #statement(statement: Statement, out: boolean): boolean {
    switch (statement.kind) {
      case 'block':
        return this.#list(statement.statements, out);
      case 'if': {
        const { branches, otherwise } = statement;
        // An `if` that does nothing sets it to 0, an empty body to 1.
        let live = otherwise !== undefined && otherwise.statements.length > 0 && this.#list(otherwise.statements, out);
        for (const branch of branches.toReversed()) {
          const { statements } = branch.body;
          live = (statements.length > 0 && this.#list(statements, out)) || live;
          this.#bodies.set(branch, live || this.afterCondition(branch));
          live = this.#expression(asCommand(branch.condition), live);
        }
        return live;
      }
      case 'switch': {
        const outer = this.#afterBreak;
        this.#afterBreak = out;
        let live = out;
        let any = out;
        for (const { statements } of statement.cases.toReversed()) {
          live = this.#list(statements, live);
          any ||= live;
        }
        this.#afterBreak = outer;
        this.#cases.set(statement, any);
        return this.#expression(statement.value, false);
      }
      case 'while': {
        const outer = this.#afterBreak;
        const live = out || readsReturnCode(statement);
        this.#afterBreak = live;
        this.#loops.set(statement, live);
        this.#list(statement.body.statements, live);
        this.#afterBreak = outer;
        return this.#expression(asCommand(statement.condition), live);
      }
      case 'assignment':
        return isReturnCode(statement.target.pv) || this.#expression(statement.value, false);
      case 'return':
        return statement.value !== undefined && this.#expression(statement.value, false);
      case 'call':
        return this.#expression(statement, false);
      case 'break':
        return this.#afterBreak;
      case 'exit':
      case 'drop':
        return false;
    }
  }

  #expression(expression: Expression, out: boolean): boolean {
    switch (expression.kind) {
      case 'logical': {
        const [first, ...others] = expression.operands.map(asCommand);
        let rest = out;
        for (const operand of others.toReversed()) rest = this.#expression(operand, rest) || out;
        return first === undefined ? out : this.#expression(first, rest);
      }
      case 'not':
        return this.#expression(asCommand(expression.operand), out);
      case 'unary':
        return this.#expression(expression.operand, out);
      case 'comparison':
      case 'arithmetic':
        return this.#expression(expression.left, this.#expression(expression.right, out));
      case 'statements':
        return this.#list(expression.body.statements, out);
      case 'call':
        if (expression.args.some(readsReturnCode) || expression.name === 'rc') return true;
        return expression.name === 'route' && this.#route(expression.args[0]);
      default:
        return out || readsReturnCode(expression);
    }
  }

  #route(argument: Expression | undefined): boolean {
    const name = argument && routeName(argument);
    if (name === undefined) return true;
    const known = this.#entered.get(name);
    if (known !== undefined) return known;
    const block = this.#routes.get(name);
    if (block === undefined) return false;
    this.#entered.set(name, true);
    const live = this.#list(block.body.statements, false);
    this.#entered.set(name, live);
    return live;
  }
}

/** The name of the route that an argument means; undefined when that is known only when it runs. */
export function routeName(argument: Expression): string | undefined {
  const text = literalOf(argument);
  return text === '0' ? '' : text;
}

/** The text of an argument that has no variables. */
export function literalOf(argument: Expression): string | undefined {
  switch (argument.kind) {
    case 'number':
      return String(argument.value);
    case 'word':
      return argument.text;
    case 'ip':
      return argument.address;
    case 'string':
      return argument.pieces.every(({ kind }) => kind === 'text') ? argument.value : undefined;
    default:
      return undefined;
  }
}
