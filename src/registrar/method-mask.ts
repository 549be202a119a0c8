/**
 * The bits of `Binding.methods`. Their values are those of the database column `methods`, so that a table filled by
 * another server of the family reads the same.
 */
const methodBits: ReadonlyMap<string, number> = new Map([
  ['INVITE', 1],
  ['CANCEL', 2],
  ['ACK', 4],
  ['BYE', 8],
  ['INFO', 16],
  ['REGISTER', 32],
  ['SUBSCRIBE', 64],
  ['NOTIFY', 128],
  ['MESSAGE', 256],
  ['OPTIONS', 512],
  ['PRACK', 1024],
  ['UPDATE', 2048],
  ['REFER', 4096],
  ['PUBLISH', 8192],
]);

/**
 * The mask of a `methods` contact parameter (RFC 3840 §10): `INVITE,ACK,BYE`. Blanks around a name are ignored, and
 * so are names that have no bit.
 *
 * @param list the value without quotes
 * @returns undefined when it names no method that has a bit: then nothing is known
 */
export function methodMask(list: string): number | undefined {
  let mask = 0;
  let start = 0;
  while (start <= list.length) {
    const comma = list.indexOf(',', start);
    const end = comma === -1 ? list.length : comma;
    mask |= methodBits.get(list.slice(start, end).trim()) ?? 0;
    start = end + 1;
  }
  return mask === 0 ? undefined : mask;
}

/** The names of a mask's methods, in the order of their bits. */
export function methodNames(mask: number): string[] {
  return [...methodBits].filter(([, bit]) => (mask & bit) !== 0).map(([name]) => name);
}

/**
 * Whether a contact takes requests of `method`. ACK and CANCEL go where their INVITE went, and a method without a bit
 * is nobody's to refuse.
 */
export function allowsMethod(mask: number | undefined, method: string): boolean {
  if (mask === undefined) return true;
  const bit = method === 'ACK' || method === 'CANCEL' ? methodBits.get('INVITE') : methodBits.get(method);
  return bit === undefined || (mask & bit) !== 0;
}
