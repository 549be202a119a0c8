import type { FormatPiece, PvSpec } from './pv-syntax.ts';
import type { Span } from './source.ts';

// The tree of a configuration after its preprocessor: definitions are expanded, included files stand in their place,
// comments, empty statements and parentheses are gone. Every node has a `kind` and a `span`.

/** A whole configuration. */
export interface Script {
  readonly kind: 'script';
  readonly span: Span;
  /** In the order of the text; the order matters to `loadmodule` and `modparam`. */
  readonly items: readonly TopLevel[];
}

export type TopLevel = GlobalSetting | LoadModule | LoadPath | ModuleParameter | RouteBlock | TlsDomain;

/** `debug=3`, `listen=udp:10.0.0.1:5060 tcp:10.0.0.1`, `pstn.gw_ip = "" desc "gateway"`. */
export interface GlobalSetting {
  readonly kind: 'setting';
  readonly span: Span;
  /** As written, with the dots of Kamailio's `group.name`. */
  readonly name: string;
  readonly nameSpan: Span;
  /** At least one. `listen`, `socket` and `alias` have sockets, all others one value that is not a socket. */
  readonly values: readonly SettingValue[];
  /** Kamailio's `desc "..."`. */
  readonly description: StringLiteral | undefined;
}

export type SettingValue = NumberLiteral | StringLiteral | Word | IpLiteral | SocketLiteral;

/** `loadmodule "registrar.so"`. */
export interface LoadModule {
  readonly kind: 'loadmodule';
  readonly span: Span;
  readonly path: StringLiteral;
}

/** `mpath="/usr/lib/openser/modules/"`, `loadpath "..."`. */
export interface LoadPath {
  readonly kind: 'loadpath';
  readonly span: Span;
  readonly path: StringLiteral;
}

/** `modparam("usrloc|registrar", "use_domain", 1)`. */
export interface ModuleParameter {
  readonly kind: 'modparam';
  readonly span: Span;
  /** A regular expression over the names of modules. */
  readonly module: StringLiteral;
  readonly name: StringLiteral;
  readonly value: StringLiteral | NumberLiteral;
}

/** `tls_domain[10.0.0.1:5061] { tls_method = TLSv1 }`. */
export interface TlsDomain {
  readonly kind: 'tls-domain';
  readonly span: Span;
  readonly keyword: 'tls_domain' | 'tls_server_domain' | 'tls_client_domain';
  readonly address: SocketLiteral;
  readonly settings: readonly GlobalSetting[];
}

/** What a block is run for; `route[1]` and `request_route` are both `request`. */
export type RouteType =
  | 'request'
  | 'failure'
  | 'onreply'
  | 'branch'
  | 'error'
  | 'local'
  | 'onsend'
  | 'startup'
  | 'timer'
  | 'event';

/** `route { ... }`, `route[RELAY] { ... }`, `failure_route[1] { ... }`, `event_route[tm:local-request] { ... }`. */
export interface RouteBlock {
  readonly kind: 'route';
  readonly span: Span;
  readonly type: RouteType;
  /** The word it was written with: `route`, `request_route`, `reply_route` ... */
  readonly keyword: string;
  /** What stands in the brackets, a number in decimal (`route[0x2]` is `2`); undefined without brackets, and for `route[0]`. */
  readonly name: string | undefined;
  /** The name, or the keyword when there is none. */
  readonly nameSpan: Span;
  /** Seconds between two runs of OpenSIPS' `timer_route[name, 30]`. */
  readonly interval: number | undefined;
  readonly body: Block;
}

/** Statements in braces; a single statement after `if (...)` is a block too. */
export interface Block {
  readonly kind: 'block';
  readonly span: Span;
  readonly statements: readonly Statement[];
}

export type Statement =
  | Block
  | IfStatement
  | SwitchStatement
  | WhileStatement
  | ReturnStatement
  | ExitStatement
  | DropStatement
  | BreakStatement
  | Assignment
  | Call;

/** `if c {...} else if d {...} else {...}`; a chain is one flat node. */
export interface IfStatement {
  readonly kind: 'if';
  readonly span: Span;
  /** At least one. */
  readonly branches: readonly IfBranch[];
  readonly otherwise: Block | undefined;
}

export interface IfBranch {
  readonly kind: 'if-branch';
  readonly span: Span;
  readonly condition: Expression;
  readonly body: Block;
}

/** `switch(retcode) { case -1: ... break; default: ... }`; a case without a `break` falls through. */
export interface SwitchStatement {
  readonly kind: 'switch';
  readonly span: Span;
  readonly value: Expression;
  /** In the order of the text, `default` among them. */
  readonly cases: readonly SwitchCase[];
}

export interface SwitchCase {
  readonly kind: 'case';
  readonly span: Span;
  /** Undefined is `default`. */
  readonly test: CaseTest | undefined;
  /** `break` and `esac` are break statements here. */
  readonly statements: readonly Statement[];
}

export type CaseTest = NumberLiteral | StringLiteral | RegexLiteral | Word | Missing;

/** `case /^sip:/i:` of Kamailio. */
export interface RegexLiteral {
  readonly kind: 'regex';
  readonly span: Span;
  /** Without the slashes; `\/` is a slash. */
  readonly pattern: string;
  readonly flags: string;
}

export interface WhileStatement {
  readonly kind: 'while';
  readonly span: Span;
  readonly condition: Expression;
  readonly body: Block;
}

/** `return`, `return(-1)`, `return $var(x)`. */
export interface ReturnStatement {
  readonly kind: 'return';
  readonly span: Span;
  readonly value: Expression | undefined;
}

export interface ExitStatement {
  readonly kind: 'exit';
  readonly span: Span;
  readonly value: Expression | undefined;
}

export interface DropStatement {
  readonly kind: 'drop';
  readonly span: Span;
  readonly value: Expression | undefined;
}

/** `break`, and `esac` at the end of a case. Outside `switch` and `while` it is SER's word for `return`. */
export interface BreakStatement {
  readonly kind: 'break';
  readonly span: Span;
}

export type AssignmentOperator = '=' | ':=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=';

/** `$var(x) = $fU + "@" + $fd`. */
export interface Assignment {
  readonly kind: 'assignment';
  readonly span: Span;
  readonly target: Variable;
  readonly operator: AssignmentOperator;
  readonly value: Expression;
}

export type Expression =
  | Logical
  | Not
  | Comparison
  | Arithmetic
  | Unary
  | Call
  | Variable
  | NumberLiteral
  | StringLiteral
  | Word
  | IpLiteral
  | Network
  | SocketLiteral
  | StatementExpression
  | OmittedArgument
  | Missing;

/** `a && b && c`: flat, at least two operands. `&` and `|` are here too, except where they compute. */
export interface Logical {
  readonly kind: 'logical';
  readonly span: Span;
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expression[];
}

/** `!x`, `not x`. It covers a whole comparison: `!uri==myself` is not (uri == myself). */
export interface Not {
  readonly kind: 'not';
  readonly span: Span;
  readonly operand: Expression;
}

export type ComparisonOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | '=~' | '!~';

export interface Comparison {
  readonly kind: 'comparison';
  readonly span: Span;
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `.` joins texts; `+` adds numbers and joins texts. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '.' | '&' | '|' | '^' | '<<' | '>>';

export interface Arithmetic {
  readonly kind: 'arithmetic';
  readonly span: Span;
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `-$var(x)`, `~$var(x)`, Kamailio's `(int)$x`, `(str)$x`, `defined $x`. */
export interface Unary {
  readonly kind: 'unary';
  readonly span: Span;
  readonly operator: '-' | '~' | 'int' | 'str' | 'defined';
  readonly operand: Expression;
}

/** A module function, a core command or `route(n)`; as a statement or as an expression. */
export interface Call {
  readonly kind: 'call';
  readonly span: Span;
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expression[];
  /** False for `append_branch;`. */
  readonly parentheses: boolean;
}

/** `$ru`, `$(hdr(Via)[0]{s.len})`, `$?`. */
export interface Variable {
  readonly kind: 'variable';
  readonly span: Span;
  readonly pv: PvSpec;
}

/** `5`, `-1`, `0x1F`, `0660`, `yes`. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly span: Span;
  readonly value: number;
  /** As written, in decimal words: `0x1F`, `yes`, `-1`. */
  readonly text: string;
}

/** A string after its escapes. Whether its variables are expanded, the function it is given to decides. */
export interface StringLiteral {
  readonly kind: 'string';
  readonly span: Span;
  readonly value: string;
  /** The same text taken apart at its pseudo-variables; pieces of a malformed one are problems. */
  readonly pieces: readonly FormatPiece[];
}

/** A bare word: `method`, `uri`, `myself`, `msg:len`, `uri:host`, `UDP`, `INVITE`, `NULL`, a route's name, `sip.example.org`. */
export interface Word {
  readonly kind: 'word';
  readonly span: Span;
  readonly text: string;
}

/** An address that is not quoted. */
export interface IpLiteral {
  readonly kind: 'ip';
  readonly span: Span;
  readonly version: 4 | 6;
  /** Without brackets; octets of IPv4 in decimal (`010.0.0.1` is `8.0.0.1`). */
  readonly address: string;
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`. */
export interface Network {
  readonly kind: 'network';
  readonly span: Span;
  readonly address: IpLiteral;
  readonly mask: NumberLiteral | IpLiteral;
}

/** `udp:10.0.0.1:5060`, `eth0`, `*:sip.example.org:*`; as a setting's value or a command's argument. */
export interface SocketLiteral {
  readonly kind: 'socket';
  readonly span: Span;
  /** As written: `udp`, `TCP`, `*`. */
  readonly protocol: string | undefined;
  readonly host: SocketHost;
  readonly port: number | '*' | undefined;
  readonly options: readonly SocketOption[];
}

/** `*` is every address. */
export type SocketHost = IpLiteral | Word | StringLiteral;

/** `advertise 192.0.2.1:5060` and `name "lan"` of Kamailio, `as 192.0.2.1` and `use_workers 4` of OpenSIPS. */
export interface SocketOption {
  readonly kind: 'socket-option';
  readonly span: Span;
  readonly name: string;
  readonly value: SocketLiteral | NumberLiteral | StringLiteral | Word | undefined;
}

/** `{ ... }` or `if ...` where a condition is expected: the value is that of its last statement. */
export interface StatementExpression {
  readonly kind: 'statements';
  readonly span: Span;
  readonly body: Block;
}

/** An argument left out: the first of OpenSIPS' `f(, "x")`. */
export interface OmittedArgument {
  readonly kind: 'omitted';
  readonly span: Span;
}

/** Stands where an error was reported; a script without errors has none. */
export interface Missing {
  readonly kind: 'missing';
  readonly span: Span;
}
