/** A walk over all users that visits each once per round, far apart from one step to the next. */
export class UserWalk {
  readonly users: number;
  readonly #stride: number;
  #at = 0;

  /** @param ratio where the stride lies between 0 and `users`; two walks with other ratios have other orders */
  constructor(users: number, ratio: number) {
    this.users = users;
    let stride = Math.max(1, Math.floor(users * ratio));
    while (commonDivisor(stride, users) !== 1) stride++;
    this.#stride = stride % users;
  }

  /** The next user's number, from 0 up to, but not including, `users`. */
  next(): number {
    const user = this.#at;
    this.#at += this.#stride;
    if (this.#at >= this.users) this.#at -= this.users;
    return user;
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
