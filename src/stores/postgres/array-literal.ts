/** Texts as the text of a PostgreSQL array (manual §8.15.2). */
export function textArray(texts: readonly (string | null)[]): string {
  let literal = '{';
  for (const text of texts) {
    if (literal.length > 1) literal += ',';
    literal += text === null ? 'NULL' : `"${escaped(text)}"`;
  }
  return `${literal}}`;
}

/** Numbers likewise. */
export function numberArray(numbers: readonly (number | null)[]): string {
  let literal = '{';
  for (const number of numbers) {
    if (literal.length > 1) literal += ',';
    literal += number === null ? 'NULL' : number;
  }
  return `${literal}}`;
}

function escaped(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
