import { didYouMean } from '../base/did-you-mean.ts';
import type { GlobalSetting, SettingValue, SocketLiteral } from '../script/ast.ts';
import type { Dialect } from '../script/dialect.ts';
import type { Span } from '../script/source.ts';
import { canonicalAddress, withBrackets } from '../transport/ip-address.ts';
import { defaultWhileLoops, mostWhileLoops } from './limits.ts';
import type { Report } from './report.ts';
import { type Setting, settings } from './settings.ts';

/** Words of the log's levels. */
export type CfgLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the global settings of a configuration come to. */
export interface AppliedSettings {
  /** As `--listen` has them. */
  readonly listen: readonly string[];
  /** Names that are myself on any port, in lower case. */
  readonly domains: readonly string[];
  /** Names that are myself on certain ports. */
  readonly portedAliases: ReadonlyMap<string, ReadonlySet<number>>;
  readonly logLevel: CfgLogLevel | undefined;
  readonly whileLoops: number;
  /** What the configuration has set for itself: Kamailio's `group.name = value`. */
  readonly own: ReadonlyMap<string, string | number>;
  /** `avp_aliases`, with their places. */
  readonly avpAliases: readonly { readonly text: string; readonly span: Span }[];
  /** OpenSIPS' `db_default_url`. */
  readonly defaultDbUrl: { readonly text: string; readonly span: Span } | undefined;
}

/** The addresses of this machine that a name stands for: an interface, or a host; none when it stands for nothing. */
export type AddressesOf = (name: string) => readonly string[];

/** Reads the global settings; everything that is not as it looks is reported. */
export function applySettings(
  given: readonly GlobalSetting[],
  dialect: Dialect,
  report: Report,
  addressesOf: AddressesOf,
): AppliedSettings {
  const reader = new SettingsReader(dialect, report, addressesOf);
  for (const setting of given) reader.read(setting);
  return reader.result();
}

/** A setting's value as a number or a text. */
type Plain = { readonly number: number } | { readonly text: string };

class SettingsReader {
  readonly #dialect: Dialect;
  readonly #report: Report;
  readonly #addressesOf: AddressesOf;
  readonly #sockets: SocketLiteral[] = [];
  readonly #domains: string[] = [];
  readonly #ported = new Map<string, Set<number>>();
  readonly #avpAliases: { text: string; span: Span }[] = [];
  readonly #own = new Map<string, string | number>();
  #defaultDbUrl: { text: string; span: Span } | undefined = undefined;
  #port = 5060;
  #advertisedHost: string | undefined = undefined;
  #advertisedPort: number | undefined = undefined;
  #tcp = true;
  #logLevel: CfgLogLevel | undefined = undefined;
  #whileLoops = defaultWhileLoops;

  constructor(dialect: Dialect, report: Report, addressesOf: AddressesOf) {
    this.#dialect = dialect;
    this.#report = report;
    this.#addressesOf = addressesOf;
  }

  read(setting: GlobalSetting): void {
    const { name, nameSpan, values } = setting;
    if (name.includes('.')) {
      const plain = values[0] && plainOf(values[0]);
      if (plain !== undefined) this.#own.set(name, 'number' in plain ? plain.number : plain.text);
      return;
    }
    const known = settings.get(name);
    if (known === undefined) {
      const meant = didYouMean(name, settings.keys());
      const hint = meant === undefined ? {} : { hint: `did you mean '${meant}'?` };
      this.#report.warning('unknown-setting', `there is no setting '${name}'; it is passed over`, nameSpan, hint);
      return;
    }
    if (known.type === 'sockets') {
      this.#readSockets(name, setting.values);
      return;
    }
    const [value] = setting.values;
    const plain = value && this.#plain(known, value);
    if (plain === undefined || value === undefined) return;
    if (known.state === 'honoured') this.#honour(name, plain, value.span);
    else this.#passOver(known, plain, setting.span);
  }

  result(): AppliedSettings {
    return {
      listen: this.#listen(),
      domains: this.#domains,
      portedAliases: this.#ported,
      logLevel: this.#logLevel,
      whileLoops: this.#whileLoops,
      own: this.#own,
      avpAliases: this.#avpAliases,
      defaultDbUrl: this.#defaultDbUrl,
    };
  }

  #passOver({ name, state, doc, harmless = [] }: Setting, plain: Plain, span: Span): void {
    if ('number' in plain && harmless.includes(plain.number)) return;
    if (state === 'inert') this.#report.info('inert-setting', `'${name}' has no effect: ${doc}`, span);
    else this.#report.warning('unsupported-setting', `'${name}' has no effect: ${doc}`, span);
  }

  #plain({ name, type }: Setting, value: SettingValue): Plain | undefined {
    const plain = plainOf(value);
    if (type === 'any') return plain;
    if (type === 'text') return 'text' in plain ? plain : { text: String(plain.number) };
    if ('number' in plain) return plain;
    if (/^-?\d{1,10}$/.test(plain.text)) {
      this.#report.warning('quoted-number', `'${name}' takes a number; this text is read as one`, value.span);
      return { number: Number(plain.text) };
    }
    const what = type === 'boolean' ? 'yes or no' : 'a number';
    this.#report.error('bad-setting', `'${name}' takes ${what}, not '${plain.text}'`, value.span);
    return undefined;
  }

  #honour(name: string, plain: Plain, span: Span): void {
    const number = 'number' in plain ? plain.number : 0;
    const text = 'text' in plain ? plain.text : '';
    switch (name) {
      case 'port':
        if (this.#isPort(number, span)) this.#port = number;
        return;
      case 'advertised_address':
        this.#advertisedHost = text;
        return;
      case 'advertised_port':
        if (this.#isPort(number, span)) this.#advertisedPort = number;
        return;
      case 'debug':
      case 'log_level':
        this.#logLevel = levelOf(this.#dialect === 'kamailio' ? number + 1 : number);
        return;
      case 'disable_tcp':
        this.#tcp = number === 0;
        return;
      case 'max_while_loops':
        if (number >= 1 && number <= mostWhileLoops) this.#whileLoops = number;
        else this.#report.error('bad-setting', `'max_while_loops' is 1 to ${mostWhileLoops}, not ${number}`, span);
        return;
      case 'avp_aliases':
        this.#avpAliases.push({ text, span });
        return;
      case 'db_default_url':
        this.#defaultDbUrl = { text, span };
        return;
    }
  }

  #isPort(number: number, span: Span): boolean {
    if (number >= 1 && number <= 65_535) return true;
    this.#report.error('bad-setting', `${number} is no port: it is 1 to 65535`, span);
    return false;
  }

  #readSockets(name: string, values: readonly SettingValue[]): void {
    for (const value of values) {
      if (name === 'listen' || name === 'socket') {
        if (value.kind === 'socket') this.#sockets.push(value);
      } else {
        this.#alias(value);
      }
    }
  }

  #alias(value: SettingValue): void {
    const { host, port } = value.kind === 'socket' ? placeOf(value) : { host: textOf(value), port: undefined };
    const name = withBrackets(host.toLowerCase());
    if (port === undefined) {
      this.#domains.push(name);
      return;
    }
    const ports = this.#ported.get(name) ?? new Set();
    ports.add(port);
    this.#ported.set(name, ports);
  }

  #listen(): readonly string[] {
    // cfg-language §4: without any, all interfaces of IPv4.
    const wildcard = this.#transports(undefined).map((transport) => this.#address(transport, '*', this.#port, ''));
    if (this.#sockets.length === 0) return wildcard;
    return [...new Set(this.#sockets.flatMap((socket) => this.#listeners(socket)))];
  }

  #transports(protocol: string | undefined): readonly string[] {
    if (protocol === undefined || protocol === '*') return this.#tcp ? ['udp', 'tcp'] : ['udp'];
    return [protocol.toLowerCase()];
  }

  #listeners(socket: SocketLiteral): readonly string[] {
    const { protocol, host, port = this.#port } = placeOf(socket);
    const transports = this.#transports(protocol);
    const [transport = ''] = transports;
    if (transport !== 'udp' && transport !== 'tcp') {
      this.#report.warning(
        'unsupported-transport',
        `nothing listens on ${transport}: this version has udp and tcp`,
        socket.span,
      );
      return [];
    }
    const addresses = host === '*' ? ['*'] : this.#resolve(host, socket.span);
    const advertised = this.#advertised(socket);
    return transports.flatMap((name) => addresses.map((address) => this.#address(name, address, port, advertised)));
  }

  #resolve(host: string, span: Span): readonly string[] {
    const address = canonicalAddress(host);
    if (address !== undefined) return [address];
    const addresses = this.#addressesOf(host);
    if (addresses.length === 0) {
      this.#report.error('unknown-host', `'${host}' is neither an address nor an interface of this machine`, span, {
        hint: 'write the address to listen on, and the name behind advertise',
      });
    }
    return addresses;
  }

  #address(transport: string, address: string, port: number, advertised: string): string {
    const known = advertised === '' ? this.#advertisedEverywhere() : advertised;
    return `${transport}:${withBrackets(address)}:${port}${known === '' ? '' : `;advertise=${known}`}`;
  }

  #advertisedEverywhere(): string {
    if (this.#advertisedHost === undefined) return '';
    const port = this.#advertisedPort === undefined ? '' : `:${this.#advertisedPort}`;
    return `${withBrackets(this.#advertisedHost)}${port}`;
  }

  #advertised({ options }: SocketLiteral): string {
    const option = options.find(({ name }) => name === 'advertise' || name === 'as');
    if (option?.value === undefined) return '';
    if (option.value.kind !== 'socket') return textOf(option.value);
    const { host, port } = placeOf(option.value);
    return `${withBrackets(host)}${port === undefined ? '' : `:${port}`}`;
  }
}

/** The parts of a socket; a port that is `*` is none. */
interface Place {
  readonly protocol: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
}

/** Reads a socket, also one that stands in quotes as a whole: `"udp:192.0.2.1:5060"`. */
function placeOf(socket: SocketLiteral): Place {
  const { protocol, port } = socket;
  const host = hostOf(socket);
  const quoted = socket.host.kind === 'string' ? /^(?:(\w+):)?(\[[^\]]+\]|[^:]+)(?::(\d{1,5}|\*))?$/.exec(host) : null;
  if (quoted === null) return { protocol, host, port: typeof port === 'number' ? port : undefined };
  const [, ownProtocol, ownHost = host, ownPort = port] = quoted;
  const number = Number(ownPort);
  return { protocol: protocol ?? ownProtocol, host: ownHost, port: Number.isInteger(number) ? number : undefined };
}

/** Levels by the numbers of OpenSER: 1 warning, 2 notice, 3 info, 4 debug. */
function levelOf(number: number): CfgLogLevel {
  if (number < 1) return 'error';
  if (number === 1) return 'warn';
  return number <= 3 ? 'info' : 'debug';
}

function plainOf(value: SettingValue): Plain {
  return value.kind === 'number' ? { number: value.value } : { text: textOf(value) };
}

function textOf(value: SettingValue): string {
  switch (value.kind) {
    case 'number':
      return value.text;
    case 'string':
      return value.value;
    case 'word':
      return value.text;
    case 'ip':
      return value.address;
    case 'socket':
      return hostOf(value);
  }
}

function hostOf({ host }: SocketLiteral): string {
  return host.kind === 'ip' ? host.address : host.kind === 'word' ? host.text : host.value;
}
