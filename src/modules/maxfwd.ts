import { type MaxForwardsOutcome, processMaxForwards } from '../proxy/max-forwards.ts';
import type { RequestContext } from '../routing/request-context.ts';

/** The `maxfwd` module: a request cannot go round for ever. */
export class MaxForwardsModule {
  /**
   * `mf_process_maxfwd_header(limit)`: counts one hop (RFC 3261 §16.3 step 3).
   *
   * @param addedValue what a request without the header gets
   * @returns `exhausted`: the request must be answered 483
   */
  process(context: RequestContext, addedValue = 70): MaxForwardsOutcome {
    const outcome = processMaxForwards(context.request, { addedValue });
    context.hopCounted = true;
    return outcome;
  }
}
