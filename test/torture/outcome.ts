/**
 * What must come of a torture message, in layers: the parser sees a message or nothing, `checkRequest` or `checkResponse`
 * lets it pass or not. What a later layer answers (a proxy's 483, a registrar's 400) has its test there; `later` names it.
 */
export interface TortureRow {
  /** The file's name without `.dat`. */
  readonly name: string;
  /** The section of the RFC that explains the message. */
  readonly section: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Where the RFC leaves a choice, what we chose and why. */
  readonly choice?: string;
  /** What another layer does with the message, and where the RFC says so. */
  readonly later?: string;
}

export type Outcome =
  | {
      readonly kind: 'accepted';
      /** What must be seen in the message: the named values of `observe`. */
      readonly sees: Readonly<Record<string, unknown>>;
      /** Headers whose value does not fit their grammar, though the message is served: nobody on the way needs them (RFC 3261 §16.3 item 1). */
      readonly malformed?: readonly string[];
    }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** A response, which nobody answers. */
  | { readonly kind: 'dropped'; readonly code: string };
