import { assert } from '../base/assert.ts';
import { isToken } from './char-class.ts';
import { HeaderField } from './header-field.ts';
import { emptyBody, SipRequest } from './message.ts';
import { toLineText } from './wire-text.ts';

/** The parts of a request that we send of our own. */
export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** In this order; Content-Length is added. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer | undefined;
}

/** A new request (RFC 3261 §8.1.1). The caller gives all headers but Content-Length. */
export function createRequest(parts: RequestParts): SipRequest {
  assert(isToken(parts.method), 'a method is a token');
  const fields: HeaderField[] = [];
  for (const [name, value] of parts.headers) fields.push(HeaderField.of(name, value));
  const body = parts.body ?? emptyBody;
  fields.push(HeaderField.of('Content-Length', String(body.length)));
  return new SipRequest(parts.method, toLineText(parts.uri), 'SIP/2.0', fields, body);
}
