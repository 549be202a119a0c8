import type { SipError } from '../sip-error.ts';
import { Cursor } from './cursor.ts';
import { malformed } from './read-value.ts';

/** One word of Server or User-Agent: a product with a version, or a comment with its parentheses. */
export type Product =
  | { readonly kind: 'product'; readonly name: string; readonly version: string | undefined }
  | { readonly kind: 'comment'; readonly text: string };

/**
 * Reads Server or User-Agent: `server-val *( LWS server-val )` (RFC 3261 §20.35, §20.41). Phones write there what they like,
 * so nobody refuses a message over it; who only shows the value takes it as it is.
 */
export function parseProducts(value: string, header: string): readonly Product[] | SipError {
  const cursor = new Cursor(value);
  const products: Product[] = [];
  while (!cursor.done) {
    const product = readProduct(cursor);
    if (product === undefined) return malformed(header, cursor.position);
    products.push(product);
  }
  return products.length > 0 ? products : malformed(header, 0);
}

/** The value of a Server or User-Agent header field. */
export function formatProducts(products: readonly Product[]): string {
  return products.map(formatProduct).join(' ');
}

function formatProduct(product: Product): string {
  if (product.kind === 'comment') return product.text;
  return product.version === undefined ? product.name : `${product.name}/${product.version}`;
}

function readProduct(cursor: Cursor): Product | undefined {
  const text = cursor.comment();
  if (text !== undefined) return { kind: 'comment', text };
  const name = cursor.token();
  if (name === undefined) return undefined;
  if (!cursor.take('/')) return { kind: 'product', name, version: undefined };
  const version = cursor.token();
  return version === undefined ? undefined : { kind: 'product', name, version };
}
