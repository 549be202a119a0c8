/** Randomness, passed in so that the engine has no hidden input. */
export interface Random {
  /** A fresh token of at least 64 random bits, made of [a-z0-9]: fit for tags, branches and Call-IDs. */
  token(): string;
  /** A whole number from 0 up to, but not including, `maxExclusive`. */
  integer(maxExclusive: number): number;
}
