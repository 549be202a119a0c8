/** What bounds the work of a regular expression that an operator writes and a stranger's message is matched against. */
export const regexLimits = {
  /** Longest pattern: no rule that people read is longer. */
  maxPattern: 2000,
  /** Deepest nesting of groups, so that reading one cannot exhaust the stack. */
  maxDepth: 50,
  /** Most groups: a replacement can name nine. */
  maxGroups: 100,
  /** Highest number in `{n,m}`; the C library's own is 255 in the standard (RE_DUP_MAX). */
  maxRepeat: 255,
  /** Most steps of the automaton that a pattern becomes: with the longest text this is half a second at the worst. */
  maxProgram: 500,
  /** Longest text that is looked at: the longest message (cfg-language 7.3, `max_len`). What is behind it is not seen. */
  maxText: 65_535,
  /** Steps that the engine of JavaScript may take at the worst; where a text could cost more, the automaton matches. */
  maxSteps: 1_000_000,
} as const;
