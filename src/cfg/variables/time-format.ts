/** An instant in the terms of a calendar. */
export interface TimeParts {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  /** 1 to 12. */
  readonly month: number;
  readonly year: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearday: number;
  readonly isSummer: boolean;
  /** Minutes east of UTC. */
  readonly offset: number;
  /** Epoch seconds. */
  readonly epoch: number;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const dayMs = 86_400_000;

/** In the zone of the machine. @param now epoch milliseconds */
export function localParts(now: number): TimeParts {
  const date = new Date(now);
  const year = date.getFullYear();
  const offset = -date.getTimezoneOffset();
  // Summer is the half of the year in which clocks are ahead.
  const winter = -Math.max(new Date(year, 0, 1).getTimezoneOffset(), new Date(year, 6, 1).getTimezoneOffset());
  const midnight = Date.UTC(year, date.getMonth(), date.getDate());
  return {
    second: date.getSeconds(),
    minute: date.getMinutes(),
    hour: date.getHours(),
    day: date.getDate(),
    month: date.getMonth() + 1,
    year,
    weekday: date.getDay(),
    yearday: Math.round((midnight - Date.UTC(year, 0, 1)) / dayMs) + 1,
    isSummer: offset > winter,
    offset,
    epoch: Math.floor(now / 1000),
  };
}

/** In UTC. @param now epoch milliseconds */
export function utcParts(now: number): TimeParts {
  const date = new Date(now);
  const year = date.getUTCFullYear();
  return {
    second: date.getUTCSeconds(),
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    year,
    weekday: date.getUTCDay(),
    yearday: Math.floor((now - Date.UTC(year, 0, 1)) / dayMs) + 1,
    isSummer: false,
    offset: 0,
    epoch: Math.floor(now / 1000),
  };
}

/** `strftime` in the C locale; a letter that it does not know stays as it is written. */
export function formatTime(format: string, time: TimeParts): string {
  return format.replace(/%([A-Za-z%])/g, (written, letter: string) => formatLetter(letter, time) ?? written);
}

function formatLetter(letter: string, time: TimeParts): string | undefined {
  const { year, month, day, hour, minute, second, weekday, yearday } = time;
  switch (letter) {
    case '%':
      return '%';
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'a':
      return days[weekday]?.slice(0, 3);
    case 'A':
      return days[weekday];
    case 'b':
    case 'h':
      return months[month - 1]?.slice(0, 3);
    case 'B':
      return months[month - 1];
    case 'C':
      return two(Math.floor(year / 100));
    case 'd':
      return two(day);
    case 'e':
      return String(day).padStart(2, ' ');
    case 'H':
      return two(hour);
    case 'I':
      return two(hour % 12 || 12);
    case 'j':
      return String(yearday).padStart(3, '0');
    case 'm':
      return two(month);
    case 'M':
      return two(minute);
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 's':
      return String(time.epoch);
    case 'S':
      return two(second);
    case 'u':
      return String(weekday || 7);
    case 'w':
      return String(weekday);
    case 'y':
      return two(year % 100);
    case 'Y':
      return String(year);
    case 'z':
      return zone(time.offset);
    case 'c':
      return formatTime('%a %b %e %H:%M:%S %Y', time);
    case 'D':
    case 'x':
      return formatTime('%m/%d/%y', time);
    case 'F':
      return formatTime('%Y-%m-%d', time);
    case 'r':
      return formatTime('%I:%M:%S %p', time);
    case 'R':
      return formatTime('%H:%M', time);
    case 'T':
    case 'X':
      return formatTime('%H:%M:%S', time);
    default:
      return undefined;
  }
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function zone(offset: number): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
