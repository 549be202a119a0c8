/** What a reply adds behind a piece of its request. */
export const added = { nothing: 0, rport: 1, received: 2, tag: 3 } as const;

/** Five lines that a reply copies, Via in three pieces and To in two. */
const maxPieces = 8;

/**
 * The lines of a request that its reply repeats (RFC 3261 §8.2.6), as pieces of the head: start, end, and what the
 * reply has behind them. Used again for every request.
 */
export class PlainReply {
  readonly #pieces = new Int32Array(maxPieces * 3);
  #end = 0;

  /** Begins with a new request. */
  clear(): void {
    this.#end = 0;
  }

  /** What stands from `start` to `end` goes into the reply, with something added behind it. */
  copy(start: number, end: number, what: number = added.nothing): void {
    const pieces = this.#pieces;
    let at = this.#end;
    // Lines that follow each other are one piece.
    const continues = at > 0 && pieces[at - 2] === start && pieces[at - 1] === added.nothing;
    if (continues) at -= 3;
    else pieces[at] = start;
    pieces[at + 1] = end;
    pieces[at + 2] = what;
    this.#end = at + 3;
  }

  /**
   * The status line and the pieces of `head`.
   *
   * @param received the source address, to be written into the Via (RFC 3261 §18.2.1); undefined: it stays as it is
   * @param rport the source port, for a Via that asks for it (RFC 3581 §4)
   * @param toTag of this reply
   */
  text(head: string, received: string | undefined, rport: number, toTag: string): string {
    const pieces = this.#pieces;
    let text = 'SIP/2.0 200 OK\r\n';
    for (let at = 0; at < this.#end; at += 3) {
      text += head.slice(pieces[at], pieces[at + 1]);
      const what = pieces[at + 2];
      if (what === added.tag) text += `;tag=${toTag}`;
      else if (what === added.rport) text += `=${rport}`;
      else if (what === added.received && received !== undefined) text += `;received=${received}`;
    }
    return text;
  }
}
