/** What a wheel can hold: one place per entry, linked without memory of its own. */
export class WheelEntry {
  /** The second it is due (epoch seconds); meaningless while `slot` is -1. */
  dueSecond: number;
  /** Index of its slot; -1 when it is on no wheel. */
  slot: number;
  previousEntry: WheelEntry | undefined;
  nextEntry: WheelEntry | undefined;

  constructor() {
    this.dueSecond = 0;
    this.slot = -1;
    this.previousEntry = undefined;
    this.nextEntry = undefined;
  }
}

/**
 * A hashed timing wheel with slots of one second: scheduling, moving and cancelling cost the same whatever it holds,
 * and a second costs what falls due in it. An entry due beyond one turn of the wheel is met once per turn.
 */
export class TimingWheel<Entry extends WheelEntry> {
  readonly #slots: (WheelEntry | undefined)[];
  /** The last second that `advance` has seen; undefined before the first. */
  #cursor: number | undefined;
  #size: number;

  /** @param slotCount seconds of one turn; the default is longer than the usual lifetime of a registration */
  constructor(slotCount = 8192) {
    this.#slots = new Array<WheelEntry | undefined>(slotCount).fill(undefined);
    this.#cursor = undefined;
    this.#size = 0;
  }

  /** How many entries it holds. */
  get size(): number {
    return this.#size;
  }

  /**
   * Puts an entry on the wheel, or moves it there.
   *
   * @param dueAt epoch milliseconds; an instant that has passed falls due at the next second
   */
  schedule(entry: Entry, dueAt: number): void {
    this.cancel(entry);
    entry.dueSecond = Math.ceil(dueAt / 1000);
    const visited = this.#cursor === undefined ? entry.dueSecond : Math.max(entry.dueSecond, this.#cursor + 1);
    this.#link(entry, visited % this.#slots.length);
  }

  /** Takes an entry off; does nothing when it is on no wheel. */
  cancel(entry: Entry): void {
    if (entry.slot !== -1) this.#unlink(entry);
  }

  /**
   * Moves on to `now`. Every entry that is due is taken off the wheel and handed to `due`, which may schedule it anew
   * and may schedule or cancel any other.
   *
   * @param now epoch milliseconds
   */
  advance(now: number, due: (entry: Entry) => void): void {
    const second = Math.floor(now / 1000);
    const turn = this.#slots.length;
    // Without a past, or after a leap of the clock longer than a turn, every slot is looked at once.
    const elapsed = this.#cursor === undefined ? turn : Math.min(second - this.#cursor, turn);
    this.#cursor = second;
    const fallen: Entry[] = [];
    for (let s = second - elapsed + 1; s <= second; s++) this.#detachDue(s % turn, second, fallen);
    for (const entry of fallen) {
      // Scheduled again meanwhile by the `due` of another.
      if (entry.slot === -1) due(entry);
    }
  }

  #detachDue(slot: number, second: number, fallen: Entry[]): void {
    let entry = this.#slots[slot];
    while (entry !== undefined) {
      const next = entry.nextEntry;
      if (entry.dueSecond <= second) {
        this.#unlink(entry);
        // Only entries of this type get in, by `schedule`.
        fallen.push(entry as Entry);
      }
      entry = next;
    }
  }

  #link(entry: WheelEntry, slot: number): void {
    const head = this.#slots[slot];
    entry.slot = slot;
    entry.previousEntry = undefined;
    entry.nextEntry = head;
    if (head !== undefined) head.previousEntry = entry;
    this.#slots[slot] = entry;
    this.#size += 1;
  }

  #unlink(entry: WheelEntry): void {
    const { previousEntry, nextEntry } = entry;
    if (previousEntry === undefined) this.#slots[entry.slot] = nextEntry;
    else previousEntry.nextEntry = nextEntry;
    if (nextEntry !== undefined) nextEntry.previousEntry = previousEntry;
    entry.slot = -1;
    entry.previousEntry = undefined;
    entry.nextEntry = undefined;
    this.#size -= 1;
  }
}
