import type { Call, Expression, RouteBlock, Statement, SwitchStatement } from '../script/ast.ts';
import type { Span } from '../script/source.ts';
import { maxRouteDepth } from './limits.ts';
import type { Report } from './report.ts';

// What can be said of the ways through a configuration without running it: statements that nothing reaches, requests
// that come to the end of the main route without an answer, routes that call one another for ever.

/**
 * How a request stands at a place: nothing gets here; it has its answer, or is on its way; it may have none.
 * The greater of two is what holds where two ways meet.
 */
type Standing = 0 | 1 | 2;
const nowhere: Standing = 0;
const answered: Standing = 1;
const unanswered: Standing = 2;

/** How a list of statements is left: at its end, by `return`, by `break`. `exit` and `drop` are meant as they are. */
interface Ways {
  falls: Standing;
  returns: Standing;
  breaks: Standing;
}

/** Functions after which a request is taken care of. */
const answering: ReadonlySet<string> = new Set([
  ...['t_relay', 't_relay_to', 't_relay_to_udp', 't_relay_to_tcp', 't_relay_to_tls', 't_forward_nonack'],
  ...['t_forward_nonack_uri', 't_forward_nonack_udp', 't_forward_nonack_tcp', 't_forward_nonack_tls'],
  ...['forward', 'forward_udp', 'forward_tcp', 'forward_tls', 'send', 'send_tcp', 'sl_forward', 'sl_forward_reply'],
  ...['save', 'save_noreply', 'save_memory', 'save_contact', 'sl_send_reply', 'sl_reply', 'sl_reply_error'],
  ...['send_reply', 'send_reply_error', 't_reply', 't_send_reply', 't_reply_with_body', 't_retransmit_reply'],
  ...['www_challenge', 'proxy_challenge', 'auth_challenge', 'options_reply', 'handle_publish', 'handle_subscribe'],
]);

/** Reports what is suspicious about the flow of a configuration. */
export function checkFlow(blocks: readonly RouteBlock[], report: Report): void {
  new FlowCheck(blocks, report).run();
}

class FlowCheck {
  readonly #blocks: readonly RouteBlock[];
  readonly #report: Report;
  readonly #routes: Map<string, RouteBlock>;
  /** How a route is come back from when it is called without an answer; undefined while it is looked at. */
  readonly #after: Map<RouteBlock, Standing | undefined>;
  /** Routes that are being looked at, one out of the other. */
  #depth: number;

  constructor(blocks: readonly RouteBlock[], report: Report) {
    this.#blocks = blocks;
    this.#report = report;
    this.#after = new Map();
    this.#depth = 0;
    this.#routes = new Map();
    for (const block of blocks) {
      const name = block.name ?? '';
      if (block.type === 'request' && !this.#routes.has(name)) this.#routes.set(name, block);
    }
  }

  run(): void {
    for (const block of this.#blocks) {
      const after = this.#afterCall(block);
      if (block.type === 'request' && block.name === undefined && after === unanswered) this.#endsUnanswered(block);
    }
    for (const block of this.#routes.values()) this.#checkRecursion(block);
  }

  #endsUnanswered({ body, nameSpan }: RouteBlock): void {
    const end: Span = { file: body.span.file, start: Math.max(body.span.end - 1, body.span.start), end: body.span.end };
    this.#report.warning(
      'unanswered',
      'a request may come to the end of this route without a reply: nothing happens to it then',
      end,
      {
        hint: 'end every way with a reply, t_relay(), save() or drop',
        related: [{ message: 'the route begins here', span: nameSpan }],
      },
    );
  }

  #afterCall(block: RouteBlock): Standing {
    if (this.#after.has(block)) return this.#after.get(block) ?? nowhere;
    // No run gets deeper; what would come there counts for nothing.
    if (this.#depth >= maxRouteDepth) return nowhere;
    this.#depth++;
    this.#after.set(block, undefined);
    const { falls, returns, breaks } = this.#list(block.body.statements, unanswered);
    // Outside of a switch, a break is SER's return.
    const after = most(falls, returns, breaks);
    this.#after.set(block, after);
    this.#depth--;
    return after;
  }

  #list(statements: readonly Statement[], from: Standing): Ways {
    const ways: Ways = { falls: from, returns: nowhere, breaks: nowhere };
    let toldOf = false;
    for (const statement of statements) {
      if (ways.falls === nowhere) {
        if (!toldOf && from !== nowhere) this.#unreachable(statement);
        toldOf = true;
      }
      const next = this.#statement(statement, ways.falls);
      ways.falls = next.falls;
      ways.returns = most(ways.returns, next.returns);
      ways.breaks = most(ways.breaks, next.breaks);
    }
    return ways;
  }

  #unreachable({ span, kind }: Statement): void {
    // A break behind a return is a habit that harms nobody.
    if (kind === 'break' || kind === 'exit' || kind === 'return' || kind === 'drop') return;
    this.#report.warning('unreachable', 'nothing reaches this statement', span);
  }

  #statement(statement: Statement, from: Standing): Ways {
    switch (statement.kind) {
      case 'block':
        return this.#list(statement.statements, from);
      case 'if': {
        let standing = from;
        const ways: Ways = { falls: nowhere, returns: nowhere, breaks: nowhere };
        for (const { condition, body } of statement.branches) {
          standing = this.#expression(condition, standing);
          meet(ways, this.#list(body.statements, standing));
        }
        meet(ways, this.#list(statement.otherwise?.statements ?? [], standing));
        return ways;
      }
      case 'switch':
        return this.#switch(statement, from);
      case 'while': {
        const inside = this.#list(statement.body.statements, this.#expression(statement.condition, from));
        return { falls: most(from, inside.falls, inside.breaks), returns: inside.returns, breaks: nowhere };
      }
      case 'return':
        return endsLike(statement.value, from);
      case 'exit':
      case 'drop':
        return { falls: nowhere, returns: nowhere, breaks: nowhere };
      case 'break':
        return { falls: nowhere, returns: nowhere, breaks: from };
      case 'assignment':
        return fallsOn(this.#expression(statement.value, from));
      case 'call':
        return fallsOn(this.#call(statement, from));
    }
  }

  #switch({ value, cases }: SwitchStatement, from: Standing): Ways {
    const standing = this.#expression(value, from);
    const ways: Ways = { falls: nowhere, returns: nowhere, breaks: nowhere };
    let falling: Standing = nowhere;
    for (const { statements } of cases) {
      const inside = this.#list(statements, most(falling, standing));
      falling = inside.falls;
      ways.returns = most(ways.returns, inside.returns);
      ways.falls = most(ways.falls, inside.breaks);
    }
    const hasDefault = cases.some(({ test }) => test === undefined);
    ways.falls = most(ways.falls, falling, hasDefault ? nowhere : standing);
    return ways;
  }

  /** How a request stands after an expression: its calls may have answered it. */
  #expression(expression: Expression, from: Standing): Standing {
    switch (expression.kind) {
      case 'call':
        return this.#call(expression, from);
      case 'not':
      case 'unary':
        return this.#expression(expression.operand, from);
      case 'logical':
        return expression.operands.reduce((standing, operand) => this.#expression(operand, standing), from);
      case 'comparison':
      case 'arithmetic':
        return this.#expression(expression.right, this.#expression(expression.left, from));
      case 'statements':
        return this.#list(expression.body.statements, from).falls;
      default:
        return from;
    }
  }

  #call(call: Call, from: Standing): Standing {
    if (answering.has(call.name)) return from === nowhere ? nowhere : answered;
    const route = call.name === 'route' ? this.#routes.get(routeNameOf(call) ?? ' ') : undefined;
    if (route === undefined || from === nowhere) return from;
    const after = this.#afterCall(route);
    if (this.#after.get(route) === undefined) return from;
    return after === nowhere ? nowhere : after < from ? after : from;
  }

  // A route that calls itself before anything could end it, by whatever other routes.
  #checkRecursion(first: RouteBlock): void {
    const passed = new Set([first]);
    let call = firstCall(first.body.statements);
    const start = call;
    for (let route = call && this.#called(call); route !== undefined; route = call && this.#called(call)) {
      if (route === first && start !== undefined) {
        this.#report.warning(
          'endless-recursion',
          `${titleOf(first)} always comes back to itself; the server ends that with 500`,
          start.span,
        );
        return;
      }
      if (passed.has(route) || passed.size > maxRouteDepth) return;
      passed.add(route);
      call = firstCall(route.body.statements);
    }
  }

  #called(call: Call): RouteBlock | undefined {
    const name = routeNameOf(call);
    return name === undefined ? undefined : this.#routes.get(name);
  }
}

function titleOf({ name, keyword }: RouteBlock): string {
  return name === undefined ? keyword : `${keyword}[${name}]`;
}

function most(...standings: readonly Standing[]): Standing {
  return Math.max(...standings) as Standing; // the greatest of them is one of them
}

function meet(ways: Ways, other: Ways): void {
  ways.falls = most(ways.falls, other.falls);
  ways.returns = most(ways.returns, other.returns);
  ways.breaks = most(ways.breaks, other.breaks);
}

function fallsOn(standing: Standing): Ways {
  return { falls: standing, returns: nowhere, breaks: nowhere };
}

// return(0) is exit.
function endsLike(value: Expression | undefined, from: Standing): Ways {
  const isExit = value?.kind === 'number' && value.value === 0;
  return { falls: nowhere, returns: isExit ? nowhere : from, breaks: nowhere };
}

/** The name that `route(...)` calls, when it is written out; '' is the main one. */
export function routeNameOf({ args }: Call): string | undefined {
  const [name] = args;
  switch (name?.kind) {
    case 'number':
      return name.value === 0 ? '' : String(name.value);
    case 'word':
      return name.text;
    case 'string':
      return name.pieces.every(({ kind }) => kind === 'text') ? (name.value === '0' ? '' : name.value) : undefined;
    default:
      return undefined;
  }
}

/** The call of a route that every run of these statements comes to first. */
function firstCall(statements: readonly Statement[]): Call | undefined {
  for (const statement of statements) {
    if (statement.kind === 'call' && statement.name === 'route') return statement;
    // Anything else may end the run: a function by its 0, a branch by an exit.
    if (statement.kind === 'block') return firstCall(statement.statements);
    if (statement.kind !== 'assignment' && !(statement.kind === 'call' && neverEnds.has(statement.name)))
      return undefined;
  }
  return undefined;
}

const neverEnds: ReadonlySet<string> = new Set([
  'log',
  'xlog',
  'xdbg',
  'setflag',
  'resetflag',
  'force_rport',
  'append_hf',
]);
