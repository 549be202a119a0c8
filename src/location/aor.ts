/**
 * An address-of-record in its canonical form (RFC 3261 §10.3 step 5): the key that bindings are stored under.
 * Made by `registrar/aor.ts` from a URI, or by `asAor` from a key that is canonical already.
 */
export type Aor = string & { readonly [brand]: true };

declare const brand: unique symbol;

/**
 * Takes a string that is canonical already, such as a key read from a store or typed by an operator.
 *
 * @param key the canonical text; nothing is changed or checked
 */
export function asAor(key: string): Aor {
  return key as Aor;
}

/**
 * Lower case of A-Z alone. A character stands for a byte here: `toLowerCase` would change bytes of UTF-8 sequences.
 * Returns the very text when there is nothing to change.
 */
export function asciiLowerCase(text: string): string {
  let ascii = true;
  let capital = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x41 && code <= 0x5a) capital = true;
    else if (code > 0x7f) ascii = false;
  }
  if (!capital) return text;
  if (ascii) return text.toLowerCase();
  let lower = '';
  for (const character of text) lower += character <= '\x7f' ? character.toLowerCase() : character;
  return lower;
}
