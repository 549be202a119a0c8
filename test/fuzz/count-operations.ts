/**
 * Counts what a text parser does, in characters: each `charCodeAt`, and how far each search goes. It stands in for time,
 * which no test may assert: a parser that reads its input again and again shows here.
 *
 * The methods of String are replaced while `work` runs, which must be synchronous.
 */
export function countOperations(work: () => void): number {
  const { charCodeAt, indexOf, lastIndexOf, includes, toLowerCase, toUpperCase, split, slice } = String.prototype;
  let count = 0;
  const prototype = String.prototype;
  try {
    prototype.charCodeAt = function (at) {
      count++;
      return charCodeAt.call(this, at);
    };
    prototype.indexOf = function (wanted, from = 0) {
      const found = indexOf.call(this, wanted, from);
      count += (found < 0 ? this.length : found) - from;
      return found;
    };
    prototype.lastIndexOf = function (this: string, wanted: string, from: number = this.length) {
      const found = lastIndexOf.call(this, wanted, from);
      count += from - Math.max(found, 0);
      return found;
    };
    prototype.includes = function (wanted, from) {
      count += this.length;
      return includes.call(this, wanted, from);
    };
    prototype.toLowerCase = function () {
      count += this.length;
      return toLowerCase.call(this);
    };
    prototype.toUpperCase = function () {
      count += this.length;
      return toUpperCase.call(this);
    };
    prototype.split = function (this: string, separator: string | RegExp, limit?: number) {
      count += this.length;
      return Reflect.apply(split, this, [separator, limit]);
    } as typeof split;
    prototype.slice = function (start, end) {
      const part = slice.call(this, start, end);
      count += part.length;
      return part;
    };
    work();
  } finally {
    Object.assign(prototype, { charCodeAt, indexOf, lastIndexOf, includes, toLowerCase, toUpperCase, split, slice });
  }
  return count;
}
