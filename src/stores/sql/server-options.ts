import { setTimeout as sleep } from 'node:timers/promises';
import { withoutPassword } from '../../location/persistence/store-url.ts';
import { StoreError } from '../../location/store-error.ts';
import type { ColumnNames } from './columns.ts';
import type { RowCodec } from './row-codec.ts';
import { ServerError } from './server-error.ts';
import { notOpen } from './session.ts';

/** What a database in a server is made of. */
export interface ServerOptions<D> {
  /** `postgres://user:password@host:port/database`, `mysql://…` */
  readonly url: string;
  readonly columns: ColumnNames;
  readonly useDomain: boolean;
  readonly codec: RowCodec;
  /** Whether expired rows are looked for (`db_mode` 3), and not known from memory. */
  readonly expiresIndex: boolean;
  readonly limits?: ServerLimits;
  /** Loads the driver, which is there only for those who use it. */
  readonly loadDriver?: () => Promise<D>;
}

/** How long a server may take. */
export interface ServerLimits {
  readonly connectMs: number;
  /** A statement that takes longer has failed; a commit waits for the disk, which may be slow. */
  readonly statementMs: number;
}

/** How connections are made. */
export interface SessionSettings<D> extends ServerLimits {
  readonly driver: D;
  readonly url: string;
  /** The URL without a password. */
  readonly place: string;
}

const defaultLimits: ServerLimits = { connectMs: 5_000, statementMs: 10_000 };

/** How often it is looked whether an old connection is gone. */
const buryMs = 20;

/** A package that speaks to a server. */
export interface DriverPackage<D> {
  /** The server's name, and that of the package. */
  readonly server: string;
  readonly name: string;
  readonly load: () => Promise<D>;
}

/** How connections to a server are made, once its driver is loaded. */
export class ServerAccess<D> {
  readonly place: string;
  readonly limits: ServerLimits;
  readonly #options: ServerOptions<D>;
  readonly #package: DriverPackage<D>;
  #settings: SessionSettings<D> | undefined;

  constructor(options: ServerOptions<D>, driver: DriverPackage<D>) {
    this.place = withoutPassword(options.url);
    this.limits = options.limits ?? defaultLimits;
    this.#options = options;
    this.#package = driver;
    this.#settings = undefined;
  }

  /** @throws StoreError `STORE_UNSUPPORTED` when the driver is not installed */
  async load(): Promise<void> {
    const { url, loadDriver = this.#package.load } = this.#options;
    try {
      this.#settings = { driver: await loadDriver(), url, place: this.place, ...this.limits };
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
      const { server, name } = this.#package;
      const text = `${this.place}: the driver for ${server} is not installed; run "npm install ${name}"`;
      throw new StoreError('STORE_UNSUPPORTED', text, { cause: error });
    }
  }

  /** @throws StoreError when the driver is not loaded */
  get settings(): SessionSettings<D> {
    if (this.#settings === undefined) throw notOpen(this.place);
    return this.#settings;
  }

  /**
   * Waits until connections are gone.
   *
   * @param end has the server end one that is there; resolves with whether it is
   */
  async untilGone(identities: readonly string[], end: (identity: string) => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + this.limits.connectMs;
    for (const identity of identities) {
      while (await end(identity)) {
        if (performance.now() > deadline) {
          throw new ServerError(this.place, 'no-answer', `our earlier connection, ${identity}, does not end`);
        }
        await sleep(buryMs);
      }
    }
  }
}
