import type { SipResponse } from '../sip/message.ts';

/** The negative final answer of a branch; the response is undefined when it was made here. */
export interface Answer {
  readonly status: number;
  readonly response: SipResponse | undefined;
}

/**
 * The answer to send upstream when no branch succeeded (RFC 3261 §16.7 step 6).
 *
 * A 6xx decides. Otherwise the lowest class wins, and in it the lowest status, except that
 * - 401, 407, 415, 420 and 484 go before other 4xx, because they tell how to ask again,
 * - 487 goes before them when the caller cancelled, because that is what happened,
 * - 503 is the last among 5xx, because it would be taken for a word about this server.
 * Of equal ones a received answer wins over one made here, and then the earlier branch.
 */
export function chooseBest<T extends Answer>(answers: readonly T[], cancelled: boolean): T | undefined {
  let best: T | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const answer of answers) {
    const rank = rankOf(answer, cancelled);
    if (rank < bestRank) {
      best = answer;
      bestRank = rank;
    }
  }
  return best;
}

function rankOf({ status, response }: Answer, cancelled: boolean): number {
  return rankOfStatus(status, cancelled) + (response === undefined ? 0.5 : 0);
}

// Decisive, then by class; the lower rank wins.
function rankOfStatus(status: number, cancelled: boolean): number {
  if (status >= 600) return status;
  if (status < 400) return 1000 + status;
  if (status >= 500) return 4000 + (status === 503 ? 999 : status);
  if (cancelled && status === 487) return 2000;
  return (tellsHowToAskAgain(status) ? 2000 : 3000) + status;
}

function tellsHowToAskAgain(status: number): boolean {
  return status === 401 || status === 407 || status === 415 || status === 420 || status === 484;
}

/**
 * RFC 3261 §16.7 step 7: a 401 or 407 that goes upstream carries the challenges of all branches, since the caller
 * can answer them only together.
 *
 * @param best the response that was chosen, changed in place
 */
export function aggregateChallenges(best: SipResponse, answers: readonly Answer[]): void {
  if (!isChallenge(best.status)) return;
  for (const { status, response } of answers) {
    if (response === undefined || response === best || !isChallenge(status)) continue;
    for (const field of response.headerLines('www-authenticate')) best.append('WWW-Authenticate', field.value);
    for (const field of response.headerLines('proxy-authenticate')) best.append('Proxy-Authenticate', field.value);
  }
}

function isChallenge(status: number): boolean {
  return status === 401 || status === 407;
}
