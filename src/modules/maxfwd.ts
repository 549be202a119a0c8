import type { MaxForwardsOutcome } from '../proxy/max-forwards.ts';
import { defaultsOf } from '../routing/define-module.ts';
import type { RequestContext } from '../routing/request-context.ts';
import { type MaxfwdModuleOptions, maxfwdModule } from './maxfwd-module.ts';

/** The largest value of the header (RFC 3261 §20.22). */
const mostHops = 255;

/** The `maxfwd` module: a request cannot go round for ever. */
export class MaxForwardsModule {
  readonly #maxLimit: number;

  constructor(options: MaxfwdModuleOptions = defaultsOf(maxfwdModule)) {
    this.#maxLimit = Math.min(options.maxLimit, mostHops);
  }

  /**
   * `mf_process_maxfwd_header(limit)`: counts one hop (RFC 3261 §16.3 step 3).
   *
   * @param addedValue what a request without the header gets
   * @returns `exhausted`: the request must be answered 483
   */
  process(context: RequestContext, addedValue = 70): MaxForwardsOutcome {
    return context.countHop({ addedValue, maxLimit: this.#maxLimit });
  }
}
