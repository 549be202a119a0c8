/**
 * Branches of one transaction over its whole life, those of its failure routes included. The field's scripts are
 * written for twelve, and it bounds what one request can cost (RFC 5393 §5: forking multiplies).
 */
export const maxBranches = 12;

/**
 * Hops that one branch is tried at before it counts as failed. A caller waits at most this many timeouts, however
 * many addresses a domain publishes (RFC 3263 §4.3 sets no bound).
 */
export const maxHopsPerBranch = 6;

/** What a request without Max-Forwards gets (RFC 3261 §16.6 step 3). */
export const defaultMaxForwards = 70;

/** RFC 3261 §16.6 step 11: Timer C is more than three minutes; milliseconds. */
export const defaultTimerCMs = 181_000;

/**
 * RFC 5393 §5.3.3: pending branches of one request at all proxies together, when nobody says less. Loop detection
 * alone does not bound them: contacts that lead back here under ever new names fork again each time.
 */
export const defaultMaxBreadth = 60;
