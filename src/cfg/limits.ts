/** Routes that call one another (cfg-language §6); the stack holds several times as many. */
export const maxRouteDepth = 100;
/** Rounds of one `while`, unless `max_while_loops` says otherwise: an endless one would stop the whole server. */
export const defaultWhileLoops = 100;
/** Most that `max_while_loops` may ask for. */
export const mostWhileLoops = 100_000;
/** Rounds of loops and calls of routes in one run: loops in loops, and routes that call each other twice, would go on for years. */
export const maxSteps = 100_000;
/** Regular expressions that come out of variables are kept compiled, this many for each place. */
export const keptPatterns = 16;
