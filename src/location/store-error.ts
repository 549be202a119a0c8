import { AortaError, type ErrorCode } from '../base/errors.ts';

/** The codes of what a store can meet. */
export type StoreErrorCode = Extract<ErrorCode, `STORE_${string}`>;

/** What a store error carries beside its message. */
export interface StoreErrorOptions extends ErrorOptions {
  /** Seconds after which it is worth to try again. */
  readonly retryAfter?: number;
}

/** What a database could not do. Its message names the place and the remedy, never a password. */
export class StoreError extends AortaError {
  /** Seconds after which it is worth to try again (RFC 3261 §20.33); 0 when nobody can say. */
  readonly retryAfter: number;

  constructor(code: StoreErrorCode, message: string, options: StoreErrorOptions = {}) {
    super(code, message, options);
    this.name = 'StoreError';
    this.retryAfter = options.retryAfter ?? 0;
  }
}
