import type { AvpName } from '../../routing/avps.ts';
import { Flags } from '../../routing/flags.ts';
import { PerMessage } from './per-message.ts';
import type { CfgValue } from './template.ts';

/** What the variables of one configuration have in common. */
export interface VariableScopeOptions {
  /** `avp_aliases`: names for AVPs. */
  readonly aliases?: ReadonlyMap<string, AvpName>;
  /** What `#!define` has defined, for `$def(name)`. */
  readonly definitions?: ReadonlyMap<string, string>;
  /** What a configuration has set for itself, `pstn.gw_ip = "" desc "gateway"`, for `$sel(cfg_get.pstn.gw_ip)`. */
  readonly settings?: ReadonlyMap<string, string | number>;
  /** `$pp`. */
  readonly processId?: number;
  /** `$shv`: those of the configuration that this one replaces, so that a reload keeps them. */
  readonly shared?: Map<string, CfgValue>;
}

/** The variables of one loaded configuration: their names for AVPs, and what outlives a message. */
export class VariableScope {
  readonly aliases: Map<string, AvpName>;
  readonly definitions: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string | number>;
  readonly processId: number;
  /** `$shv`. */
  readonly shared: Map<string, CfgValue>;
  /** `$var`: the values of a message, by the number that a name was given when it was read. */
  readonly locals: PerMessage<CfgValue[]>;
  /** Script flags (`setsflag`, `$sf`): those of one message, not of its transaction. */
  readonly scriptFlags: PerMessage<Flags>;
  readonly #localNumbers: Map<string, number>;
  readonly #messageNumbers: PerMessage<number>;
  #messages: number;

  constructor(options: VariableScopeOptions = {}) {
    this.aliases = new Map(options.aliases);
    this.definitions = options.definitions ?? new Map();
    this.settings = options.settings ?? new Map();
    this.processId = options.processId ?? 0;
    this.shared = options.shared ?? new Map();
    this.locals = new PerMessage<CfgValue[]>(() => []);
    this.scriptFlags = new PerMessage(() => new Flags());
    this.#localNumbers = new Map();
    this.#messages = 0;
    this.#messageNumbers = new PerMessage(() => ++this.#messages);
  }

  /** `$mi`: counts the messages that are asked for their number. */
  get messageNumbers(): Pick<PerMessage<number>, 'of'> {
    return this.#messageNumbers;
  }

  /** The number by which `locals` keeps the values of a `$var`. */
  localNumber(name: string): number {
    const known = this.#localNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#localNumbers.size;
    this.#localNumbers.set(name, number);
    return number;
  }
}
