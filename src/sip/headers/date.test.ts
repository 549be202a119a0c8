import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSipError } from '../sip-error.ts';
import { formatDate, parseDate } from './date.ts';

describe('Date (RFC 3261 §20.17)', () => {
  const instants: readonly [string, number][] = [
    ['Sat, 13 Nov 2010 23:29:00 GMT', Date.UTC(2010, 10, 13, 23, 29, 0)],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Tue, 29 Feb 2000 12:00:01 GMT', Date.UTC(2000, 1, 29, 12, 0, 1)],
    ['Fri, 31 Dec 9999 23:59:59 GMT', Date.UTC(9999, 11, 31, 23, 59, 59)],
  ];
  for (const [text, at] of instants) {
    it(`§20.17: "${text}" is read and written`, () => {
      assert.equal(parseDate(text), at);
      assert.equal(formatDate(at), text);
    });
  }

  it('§20.17: the fraction of a second is not written', () => {
    assert.equal(formatDate(Date.UTC(2010, 10, 13, 23, 29, 0) + 999), 'Sat, 13 Nov 2010 23:29:00 GMT');
  });

  it('§7.3.1: names of days, months and the zone have no case', () => {
    assert.equal(parseDate('SAT, 13 nov 2010 23:29:00 gmt'), Date.UTC(2010, 10, 13, 23, 29, 0));
  });

  it('a weekday that does not fit the date does not make it another date', () => {
    assert.equal(parseDate('Mon, 13 Nov 2010 23:29:00 GMT'), Date.UTC(2010, 10, 13, 23, 29, 0));
  });

  it('a year of two centuries ago is not moved into ours', () => {
    assert.equal(parseDate('Mon, 01 Jan 0070 00:00:00 GMT'), Date.parse('0070-01-01T00:00:00Z'));
  });

  const malformed = [
    ['', 'nothing'],
    ['Fri, 01 Jan 2010 16:00:00 EST', 'another zone (RFC 4475 §3.1.2.12)'],
    ['Fri, 01 Jan 2010 16:00:00 +00', 'a numeric zone'],
    ['Fri, 1 Jan 2010 16:00:00 GMT', 'one digit of day'],
    ['Friday, 01-Jan-10 16:00:00 GMT', 'the form of RFC 850'],
    ['Fri Jan  1 16:00:00 2010 UTC!', 'the form of asctime'],
    ['Fri, 30 Feb 2010 16:00:00 GMT', 'a day that February does not have'],
    ['Fri, 00 Jan 2010 16:00:00 GMT', 'day 0'],
    ['Fri, 01 Foo 2010 16:00:00 GMT', 'no month'],
    ['Xxx, 01 Jan 2010 16:00:00 GMT', 'no day'],
    ['Fri, 01 Jan 2010 24:00:00 GMT', 'hour 24'],
    ['Fri, 01 Jan 2010 16:60:00 GMT', 'minute 60'],
    ['Fri, 01 Jan 2010 16:00:61 GMT', 'second 61'],
    ['Fri, -1 Jan 2010 16:00:00 GMT', 'a sign'],
    ['Fri, 01 Jan 2010 16.00.00 GMT', 'points for colons'],
    ['Fri; 01 Jan 2010 16:00:00 GMT', 'a semicolon for the comma'],
    ['Fri, 01-Jan-2010 16:00:00 GMT', 'hyphens for spaces'],
  ] as const;
  for (const [text, what] of malformed) {
    it(`§20.17: ${what} is refused`, () => {
      assert.ok(isSipError(parseDate(text)));
    });
  }
});
