// What a configuration may ask of the parser. Each limit is far above what people write; it stops a file that would
// otherwise fill the memory or the stack.

/** Characters of one file: a hundred thousand lines of 300 characters. */
export const maxFileCharacters = 32 * 1024 * 1024;
/** Files included by one another; the root file is the first. */
export const maxIncludeDepth = 16;
/** Files of one configuration, each inclusion counted. */
export const maxIncludes = 1_000;
/** Tokens of one configuration after its definitions were expanded. */
export const maxTokens = 2_000_000;
/** Definitions that stand in one another's values. */
export const maxDefineDepth = 32;
/** Blocks in blocks (cfg-language §6). */
export const maxBlockDepth = 100;
/** Expressions in parentheses, arguments and negations (cfg-language §6). */
export const maxExpressionDepth = 100;
/** Operators of one chain such as `a + b + c`. */
export const maxChain = 500;
/** Pseudo-variables in the names, indexes and transformations of others. */
export const maxPvDepth = 8;
/** Diagnostics of one run; the rest is counted. */
export const maxDiagnostics = 1_000;
