import type { Span } from './source.ts';

/** The families of the language (cfg-language §1). */
export type Dialect = 'ser' | 'openser' | 'kamailio' | 'opensips';

/** What a file is written in, and what says so; nothing says that it is OpenSER. */
export interface DetectedDialect {
  readonly name: Dialect;
  readonly because: Span | undefined;
}

/** Things that only one family has. */
export class DialectMarks {
  readonly #first: Map<Dialect, Span>;

  constructor() {
    this.#first = new Map();
  }

  add(dialect: Dialect, span: Span): void {
    if (!this.#first.has(dialect)) this.#first.set(dialect, span);
  }

  has(dialect: Dialect): boolean {
    return this.#first.has(dialect);
  }

  /** Directives are certain; a `break` outside of a `switch` may be a mistake, so it counts last. */
  detect(): DetectedDialect {
    for (const name of ['kamailio', 'opensips', 'ser'] as const) {
      const because = this.#first.get(name);
      if (because !== undefined) return { name, because };
    }
    return { name: 'openser', because: undefined };
  }
}

const serCommands: ReadonlySet<string> = new Set(['rewriteFromRoute', 'addRecordRoute', 'len_gt', 'sl_filter_ACK']);
const opensipsSettings: ReadonlySet<string> = new Set([
  'socket',
  'log_level',
  'udp_workers',
  'tcp_workers',
  'xlog_level',
]);

/** The dialect that a command's name betrays. */
export function dialectOfCommand(name: string): Dialect | undefined {
  return serCommands.has(name) ? 'ser' : undefined;
}

/** The dialect that a setting's name betrays. */
export function dialectOfSetting(name: string): Dialect | undefined {
  return opensipsSettings.has(name) ? 'opensips' : undefined;
}
