import { assert } from '../base/assert.ts';
import { HeaderField } from './header-field.ts';
import { emptyBody, type SipRequest, SipResponse } from './message.ts';
import { reasonPhrase } from './reason-phrases.ts';
import { SipError } from './sip-error.ts';
import { toLineText } from './wire-text.ts';

/** What a response has besides what it takes from its request. */
export interface ResponseExtra {
  /** A token, put on To when the request has no tag there (§8.2.6.2); not for a 100. */
  readonly toTag?: string | undefined;
  /** Added after the headers of the request, in this order. */
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Added after those; for lines that many responses have. */
  readonly fields?: readonly HeaderField[] | undefined;
  readonly body?: Buffer | undefined;
  readonly contentType?: string | undefined;
}

/**
 * The response to a request (RFC 3261 §8.2.6): Via lines, From, To, Call-ID and CSeq byte for byte in the order of
 * the request, Timestamp in a 100 (§8.2.6.1), Record-Route in a 101..299 (§12.1.1) except to REGISTER (§10.3),
 * then the extra headers and Content-Length.
 * @param status 100..699
 * @param reason undefined for the default phrase
 */
export function createResponse(
  request: SipRequest,
  status: number,
  reason: string = reasonPhrase(status),
  extra?: ResponseExtra,
): SipResponse {
  assert(status >= 100 && status <= 699, 'a status code is 100..699');
  const copiesRecordRoute = status > 100 && status < 300 && request.method !== 'REGISTER';
  const fields: HeaderField[] = [];
  const toTag = status === 100 ? undefined : extra?.toTag;
  for (let line = 0; line < request.lineCount; line++) {
    switch (request.knownNameAt(line)) {
      case 'via':
      case 'from':
      case 'call-id':
      case 'cseq':
        fields.push(request.fieldAt(line));
        break;
      case 'to':
        fields.push(toTag === undefined ? request.fieldAt(line) : withTag(request, request.fieldAt(line), toTag));
        break;
      case 'record-route':
        if (copiesRecordRoute) fields.push(request.fieldAt(line));
        break;
      case 'timestamp':
        if (status === 100) fields.push(request.fieldAt(line));
        break;
    }
  }
  if (extra?.headers !== undefined) {
    for (const [name, value] of extra.headers) fields.push(HeaderField.of(name, value));
  }
  if (extra?.fields !== undefined) fields.push(...extra.fields);
  const body = extra?.body ?? emptyBody;
  if (extra?.contentType !== undefined) fields.push(HeaderField.of('Content-Type', extra.contentType));
  fields.push(body.length === 0 ? noContent : HeaderField.of('Content-Length', String(body.length)));
  return new SipResponse(status, toLineText(reason), 'SIP/2.0', fields, body);
}

const noContent = HeaderField.of('Content-Length', '0');

/** The To line with the tag, or as it is when it has one or cannot be understood. */
function withTag(request: SipRequest, field: HeaderField, tag: string): HeaderField {
  const to = request.to;
  if (to instanceof SipError || to.params.has('tag')) return field;
  const value = `${field.value};tag=${tag}`;
  return field.value.includes('\r') ? field.withValue(value) : field.withLineText(value);
}
