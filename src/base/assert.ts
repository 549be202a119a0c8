/**
 * States what only a programmer can break. What a peer, an operator or a backend can cause is a value or an
 * `AortaError` instead.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
