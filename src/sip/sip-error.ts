/**
 * Every stable code of a failure that a peer's message causes, with the status that answers it when nothing more
 * specific is known (RFC 3261 §21.4, §21.5).
 */
export const sipErrorCodes = {
  SIP_EMPTY_MESSAGE: 400,
  SIP_BAD_START_LINE: 400,
  SIP_BAD_VERSION: 505,
  SIP_BAD_HEADER: 400,
  SIP_MISSING_HEADER: 400,
  SIP_TRUNCATED: 400,
  SIP_TOO_LARGE: 513,
  SIP_TOO_MANY: 400,
  SIP_BAD_CONTENT_LENGTH: 400,
  SIP_NO_CONTENT_LENGTH: 400,
  SIP_BAD_URI: 400,
  SIP_UNSUPPORTED_SCHEME: 416,
  SIP_BAD_HOST: 400,
  SIP_BAD_PARAMETER: 400,
  SIP_BAD_VIA: 400,
  SIP_BAD_NAME_ADDR: 400,
  SIP_BAD_CONTACT: 400,
  SIP_STAR_NOT_ALONE: 400,
  SIP_BAD_Q: 400,
  SIP_BAD_CSEQ: 400,
  SIP_BAD_CALL_ID: 400,
  SIP_BAD_NUMBER: 400,
  SIP_BAD_ESCAPE: 400,
} as const;

/** One of the codes of `sipErrorCodes`. */
export type SipErrorCode = keyof typeof sipErrorCodes;

/**
 * What is wrong with something that a peer sent. It is a value that parse functions return; it is never thrown,
 * and it is no `Error`, because a stack trace costs more than the parse.
 */
export class SipError {
  readonly code: SipErrorCode;
  /** One sentence in plain words, without any of the peer's text. */
  readonly message: string;
  /** The status code that would answer a request with this fault. */
  readonly statusHint: number;
  /** Where in the text that was parsed the fault was seen, in characters (each is one byte of the wire). */
  readonly offset: number;

  constructor(code: SipErrorCode, message: string, offset = 0, statusHint: number = sipErrorCodes[code]) {
    this.code = code;
    this.message = message;
    this.statusHint = statusHint;
    this.offset = offset;
  }
}

/** Whether a parse function returned a failure. */
export function isSipError(value: unknown): value is SipError {
  return value instanceof SipError;
}
