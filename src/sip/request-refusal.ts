import { reasonPhrase } from './reason-phrases.ts';
import type { SipError } from './sip-error.ts';

/** Why a request is not served: what the reply says beyond the headers that every reply copies. */
export interface RequestRefusal {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A refusal that its status explains. */
export function refusal(status: number): RequestRefusal {
  return { status, reason: reasonPhrase(status), headers: [] };
}

/** 400, with a reason that names the problem, as RFC 3261 §21.4.1 asks: "Missing Call-ID header field". */
export function badRequest(problem: string): RequestRefusal {
  return { status: 400, reason: problem, headers: [] };
}

/** The refusal for what a parser found: its status, and for a 400 its message, which has none of the peer's text in it. */
export function refusalOf(error: SipError): RequestRefusal {
  if (error.statusHint !== 400) return refusal(error.statusHint);
  return badRequest(error.message.charAt(0).toUpperCase() + error.message.slice(1));
}
