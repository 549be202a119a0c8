/** A list in JSON that comes in portions: an item a line. */
export class JsonList {
  #isBegun = false;

  /** The text of some more items. */
  items(items: readonly unknown[]): string {
    let text = '';
    for (const item of items) {
      text += `${this.#isBegun ? ',' : '['}\n${JSON.stringify(item)}`;
      this.#isBegun = true;
    }
    return text;
  }

  /** The text that makes it whole. */
  end(): string {
    return this.#isBegun ? '\n]\n' : '[]\n';
  }
}
