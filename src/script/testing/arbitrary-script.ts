import fc from 'fast-check';
import type {
  Block,
  Expression,
  GlobalSetting,
  IpLiteral,
  LoadModule,
  LoadPath,
  ModuleParameter,
  NumberLiteral,
  RouteBlock,
  Script,
  SocketLiteral,
  Statement,
  StringLiteral,
  SwitchCase,
  TopLevel,
  Variable,
  Word,
} from '../ast.ts';
import { parseFormat, parsePv } from '../pv-syntax.ts';
import { SourceFile, type Span } from '../source.ts';

// Trees that a parser could have made. All nodes have the same span, because nobody looks at it.

const span: Span = { file: new SourceFile('generated', ''), start: 0, end: 0 };
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const name = fc.constantFrom('save', 'lookup', 't_relay', 'x', 'is_method', 'prefix2domain', 'force_rport');

const word: fc.Arbitrary<Word> = fc
  .constantFrom('uri', 'method', 'myself', 'msg:len', 'uri:host', 'UDP', 'sip.my-host.example', 'NULL', '3com.example')
  .map((text) => ({ kind: 'word', span, text }));

const host: fc.Arbitrary<Word> = fc
  .constantFrom('example.org', 'eth0', 'a-b.c', 'sip.on.example')
  .map((text) => ({ kind: 'word', span, text }));

const number: fc.Arbitrary<NumberLiteral> = fc.oneof(
  fc.integer({ min: -9999, max: 9999 }).map((value) => ({ kind: 'number', span, value, text: String(value) }) as const),
  fc.nat(65535).map((value) => ({ kind: 'number', span, value, text: `0x${value.toString(16)}` }) as const),
  fc.constant({ kind: 'number', span, value: 432, text: '0660' } as const),
  fc.constant({ kind: 'number', span, value: 1, text: 'yes' } as const),
  fc.constant({ kind: 'number', span, value: 0, text: 'off' } as const),
);

const string: fc.Arbitrary<StringLiteral> = fc
  .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('^sip:\\.(a|b)$', 'to $ru\n', '$(ru{s.len}) $$', '"\\1"'))
  .map((value) => value.replaceAll('\0', '').replaceAll('\ufffd', ''))
  .map((value) => ({ kind: 'string', span, value, pieces: parseFormat(value) }));

const variable: fc.Arbitrary<Variable> = fc
  .constantFrom('$ru', '$?', '$var(x)', '$avp(s:foo)', '$(hdr(Via)[-1]{s.select,1,:})', '$xavp(a=>b)', '$sht(a=>$fU)')
  .map((text) => {
    const pv = parsePv(text);
    if ('problem' in pv) throw new Error(text);
    return { kind: 'variable', span, pv };
  });

const ip: fc.Arbitrary<IpLiteral> = fc.oneof(
  fc.ipV4().map((address) => ({ kind: 'ip', span, version: 4, address }) as const),
  fc.constantFrom('::1', '2001:db8::5:6').map((address) => ({ kind: 'ip', span, version: 6, address }) as const),
);

const plainSocket: fc.Arbitrary<SocketLiteral> = fc.record({
  kind: fc.constant('socket'),
  span: fc.constant(span),
  protocol: maybe(fc.constantFrom('udp', 'TCP', 'tls')),
  host: fc.oneof(ip, host),
  port: maybe(fc.oneof(fc.nat(65535), fc.constant('*' as const))),
  options: fc.constant([]),
});

/** As an argument, a host alone would be a word or an address. */
const socketArgument = plainSocket.map((socket) => ({
  ...socket,
  port: typeof socket.port === 'number' ? socket.port : 5060,
}));

const option = fc.oneof(
  plainSocket.map((value) => ({ kind: 'socket-option', span, name: 'advertise', value }) as const),
  string.map((value) => ({ kind: 'socket-option', span, name: 'name', value }) as const),
  fc.constant({ kind: 'socket-option', span, name: 'anycast', value: undefined } as const),
);

const listener: fc.Arbitrary<SocketLiteral> = fc
  .record({ socket: plainSocket, options: fc.array(option, { maxLength: 2 }) })
  .map(({ socket, options }) => ({ ...socket, options }));

// A type, because letrec takes no interface.
type Trees = {
  readonly condition: Expression;
  readonly value: Expression;
  readonly statement: Statement;
  readonly block: Block;
};

const comparison = fc.constantFrom('==', '!=', '<', '>', '<=', '>=', '=~', '!~');
const arithmetic = fc.constantFrom('+', '-', '*', '/', '%', '.');
const fixed = <T>(value: T): fc.Arbitrary<T> => fc.constant(value);
const operand = fc.oneof(number, string, variable, word, ip);

const trees = fc.letrec<Trees>((tie) => {
  const args = fc.array(fc.oneof(tie('value'), socketArgument), { maxLength: 3 });
  const call = fc.record({
    kind: fixed('call' as const),
    span: fixed(span),
    name,
    nameSpan: fixed(span),
    args,
    parentheses: fixed(true),
  });
  const bare = name.map(
    (text) => ({ kind: 'call', span, name: text, nameSpan: span, args: [], parentheses: false }) as const,
  );
  const not = (inner: fc.Arbitrary<Expression>) =>
    inner.map((expression) => ({ kind: 'not', span, operand: expression }) as const);
  const compare = (inner: fc.Arbitrary<Expression>) =>
    fc.record({
      kind: fixed('comparison' as const),
      span: fixed(span),
      operator: comparison,
      left: inner,
      right: inner,
    });
  const compute = (inner: fc.Arbitrary<Expression>) =>
    fc.record({
      kind: fixed('arithmetic' as const),
      span: fixed(span),
      operator: arithmetic,
      left: inner,
      right: inner,
    });
  const join = (inner: fc.Arbitrary<Expression>) =>
    fc.record({
      kind: fixed('logical' as const),
      span: fixed(span),
      operator: fc.constantFrom('and', 'or'),
      operands: fc.array(inner, { minLength: 2, maxLength: 4 }),
    });
  const unary = (inner: fc.Arbitrary<Expression>) =>
    fc.record({
      kind: fixed('unary' as const),
      span: fixed(span),
      operator: fc.constantFrom('-', '~', 'int', 'str', 'defined'),
      operand: inner,
    });
  const network = fc.record({ address: ip, bits: fc.nat(32) }).map(({ address, bits }) => {
    const mask = { kind: 'number', span, value: bits, text: String(bits) } as const;
    return { kind: 'network', span, address, mask } as const;
  });
  const statements = tie('block').map((body) => ({ kind: 'statements', span, body }) as const);
  const branch = fc.record({
    kind: fixed('if-branch' as const),
    span: fixed(span),
    condition: tie('condition'),
    body: tie('block'),
  });
  const test = maybe(
    fc.oneof(
      number,
      string,
      fc.constantFrom('^a/b', '\\d+').map((pattern) => ({ kind: 'regex', span, pattern, flags: 'i' }) as const),
    ),
  );
  const oneCase: fc.Arbitrary<SwitchCase> = fc.record({
    kind: fixed('case' as const),
    span: fixed(span),
    test,
    statements: fc.array(tie('statement'), { maxLength: 2 }),
  });
  const ending = fc.record({
    kind: fc.constantFrom('return', 'exit', 'drop'),
    span: fixed(span),
    value: maybe(tie('value')),
  });
  const assignment = fc.record({
    kind: fixed('assignment' as const),
    span: fixed(span),
    target: variable,
    operator: fc.constantFrom('=', ':=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^='),
    value: tie('value'),
  });
  return {
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      operand,
      network,
      call,
      compare(tie('condition')),
      compute(tie('condition')),
      join(tie('condition')),
      not(tie('condition')),
      unary(tie('condition')),
      statements,
    ),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      operand,
      call,
      compute(tie('value')),
      not(tie('value')),
      unary(tie('value')),
      join(tie('value')),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      call,
      bare,
      fixed({ kind: 'break', span } as const),
      ending,
      assignment,
      tie('block'),
      fc.record({
        kind: fixed('if' as const),
        span: fixed(span),
        branches: fc.array(branch, { minLength: 1, maxLength: 2 }),
        otherwise: maybe(tie('block')),
      }),
      fc.record({
        kind: fixed('while' as const),
        span: fixed(span),
        condition: tie('condition'),
        body: tie('block'),
      }),
      fc.record({
        kind: fixed('switch' as const),
        span: fixed(span),
        value: tie('value'),
        cases: fc.array(oneCase, { maxLength: 2 }),
      }),
    ),
    block: fc
      .array(tie('statement'), { maxLength: 3 })
      .map((list) => ({ kind: 'block', span, statements: list }) as const),
  };
});

const sockets = (setting: string): fc.Arbitrary<GlobalSetting> =>
  fc.array(listener, { minLength: 1, maxLength: 3 }).map((values) => ({
    kind: 'setting',
    span,
    name: setting,
    nameSpan: span,
    values,
    description: undefined,
  }));

const setting: fc.Arbitrary<GlobalSetting> = fc.record({
  kind: fixed('setting' as const),
  span: fixed(span),
  name: fc.constantFrom('debug', 'log_facility', 'group.name', 'port'),
  nameSpan: fixed(span),
  values: fc.oneof(number, string, host, ip).map((value) => [value]),
  description: maybe(string),
});

const loadmodule: fc.Arbitrary<LoadModule> = string.map((path) => ({ kind: 'loadmodule', span, path }));
const loadpath: fc.Arbitrary<LoadPath> = string.map((path) => ({ kind: 'loadpath', span, path }));

const modparam: fc.Arbitrary<ModuleParameter> = fc.record({
  kind: fixed('modparam' as const),
  span: fixed(span),
  module: string,
  name: string,
  value: fc.oneof(string, number),
});

const route: fc.Arbitrary<RouteBlock> = fc
  .record({
    header: fc.constantFrom(
      { type: 'request', keyword: 'route' } as const,
      { type: 'failure', keyword: 'failure_route' } as const,
      { type: 'event', keyword: 'event_route' } as const,
    ),
    name: maybe(fc.constantFrom('1', '31', 'RELAY', 'tm:local-request')),
    body: trees.block,
  })
  .map(({ header, ...rest }) => ({ kind: 'route', span, ...header, nameSpan: span, interval: undefined, ...rest }));

/** The items of a configuration, in any order. */
const item: fc.Arbitrary<TopLevel> = fc.oneof(
  setting,
  sockets('listen'),
  sockets('alias'),
  loadmodule,
  loadpath,
  modparam,
  route,
);

/** A configuration without mistakes. */
export const arbitraryScript: fc.Arbitrary<Script> = fc
  .array(item, { maxLength: 5 })
  .map((items) => ({ kind: 'script', span, items }));
