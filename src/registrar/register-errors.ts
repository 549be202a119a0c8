/** Why a REGISTER was refused: the reply's status and words. */
export interface RegisterError {
  readonly code: RegisterErrorCode;
  readonly status: number;
  /** The reason phrase. The manual wants a short description there; 503, 405, 420 and 423 keep the RFC's. */
  readonly reason: string;
  /** The value of `P-Registrar-Error`. */
  readonly text: string;
}

/**
 * Every refusal of `save`. Where the reason phrase is the description itself (decision 4), one text serves as both.
 */
const rows = {
  METHOD_NOT_ALLOWED: [405, 'Only REGISTER can be saved', 'Method Not Allowed'],
  BAD_EXTENSION: [420, 'Required extension not supported', 'Bad Extension'],
  INTERVAL_TOO_BRIEF: [423, 'Expires below the minimum', 'Interval Too Brief'],
  TOO_MANY_CONTACTS: [503, 'Too many registered contacts', 'Service Unavailable'],
  NOT_STORABLE: [400, 'Contact too long to be stored'],
  STORE_UNAVAILABLE: [503, 'Registration cannot be stored now', 'Service Unavailable'],
  AOR_TOO_LONG: [400, 'Address Of Record too long'],
  AOR_MALFORMED: [400, 'Error while parsing AOR'],
  AOR_WITHOUT_USER: [400, 'No username in To URI'],
  AOR_ESCAPES: [400, 'Error while unescaping username'],
  TO_MISSING: [400, 'To header not found'],
  FROM_MISSING: [400, 'From header not found'],
  CALL_ID_MISSING: [400, 'Call-ID header not found'],
  CSEQ_MISSING: [400, 'CSeq header not found'],
  MESSAGE_MALFORMED: [400, 'Message parse error'],
  CSEQ_INVALID: [400, 'Invalid CSeq number'],
  EXPIRES_MALFORMED: [400, 'Expires parse error'],
  CONTACT_MALFORMED: [400, 'Contact parse error'],
  Q_INVALID: [400, 'Invalid q param in contact'],
  STAR_EXPIRES: [400, '* used in contact and expires is not zero'],
  STAR_NOT_ALONE: [400, '* used in contact and more than 1 contact'],
} as const satisfies Record<string, readonly [number, string, string?]>;

export type RegisterErrorCode = keyof typeof rows;

/** The table of refusals by code. */
export const registerErrors = Object.fromEntries(
  Object.entries(rows).map(([code, [status, text, reason]]) => [code, { code, status, reason: reason ?? text, text }]),
) as { readonly [Code in RegisterErrorCode]: RegisterError };
