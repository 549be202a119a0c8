/** A value that most messages have in common, such as the host of a domain: the same string for all of them. */
export class RepeatedText {
  #text = '';

  /**
   * What stands from `start` to `end`.
   *
   * @param head the text of `bytes`, one character a byte
   */
  read(head: string, bytes: Uint8Array, start: number, end: number): string {
    if (this.#isAt(bytes, start, end)) return this.#text;
    this.#text = head.slice(start, end);
    return this.#text;
  }

  #isAt(bytes: Uint8Array, start: number, end: number): boolean {
    const text = this.#text;
    if (text.length !== end - start) return false;
    for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }
}
