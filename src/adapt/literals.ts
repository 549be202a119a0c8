/** A text as TypeScript writes it: in single quotes, unless it has such quotes itself. */
export function quote(text: string): string {
  const inDoubles = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  if (text.includes("'")) return inDoubles;
  return `'${inDoubles.slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** A name or, in quotes, what is none. */
export function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quote(name);
}

/** What configurations have as values of options. */
export type Literal = string | number | boolean | readonly Literal[] | { readonly [name: string]: Literal };

const width = 110;

/** A value as TypeScript writes it, on one line when it is short. */
export function literal(value: Literal, indent = ''): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return String(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }'];
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((part: Literal) => literal(part, deeper))
    : Object.entries(value).map(([name, part]) => `${key(name)}: ${literal(part, deeper)}`);
  const line = `${open}${parts.join(', ')}${close}`;
  if (line.length + indent.length <= width && !line.includes('\n')) return line;
  return `${open.trim()}\n${parts.map((part) => `${deeper}${part},\n`).join('')}${indent}${close.trim()}`;
}

/** Whether a text is the same on the wire as in TypeScript. */
export function isAscii(text: string): boolean {
  return [...text].every((character) => character <= '\u007f');
}
