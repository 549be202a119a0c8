/** A value that is usually there at once, so that the usual case stays synchronous. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether `value` has to be waited for. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Goes on with a value: at once when it is there, else once it is. What `next` throws rejects the promise then. */
export function then<T, U>(value: MaybePromise<T>, next: (value: T) => U): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}
