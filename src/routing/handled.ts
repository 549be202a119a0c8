declare const handled: unique symbol;

/**
 * What every route must return: the proof that the request was answered, relayed, or dropped on purpose. A route
 * that falls off its end does not compile.
 */
export interface Handled {
  readonly [handled]: true;
  /** How the request ended. */
  readonly outcome: 'replied' | 'relayed' | 'dropped' | 'left';
}

function make(outcome: Handled['outcome']): Handled {
  return Object.freeze({ outcome }) as Handled;
}

/** A reply was sent. */
export const replied = make('replied');
/** The request went on to its targets; the reply comes from there. */
export const relayed = make('relayed');
/** The request ends here without an answer, on purpose. */
export const dropped = make('dropped');
/** A failure route leaves the reply that won as it is. */
export const left = make('left');
