import type { CfgRun } from '../run.ts';
import { byWord, plain, type VariableEntry } from './entry.ts';
import { formatTime, localParts, type TimeParts, utcParts } from './time-format.ts';

/** The time: the whole second in which the request arrived. */
export const timeVariables: readonly VariableEntry[] = [
  {
    name: 'Ts',
    doc: 'Seconds since the beginning of 1970.',
    origin: 'OpenSER 1.0',
    make: plain((run) => Math.floor(run.context.now / 1000)),
  },
  {
    name: 'Tf',
    doc: 'Date and time in words, in the local zone.',
    origin: 'OpenSER 1.0',
    make: plain((run) => formatTime('%a %b %e %H:%M:%S %Y', localParts(run.context.now))),
  },
  {
    name: 'TF',
    doc: 'The same as `$Tf`.',
    origin: 'Kamailio',
    make: plain((run) => formatTime('%a %b %e %H:%M:%S %Y', localParts(run.context.now))),
  },
  {
    name: 'time',
    doc: 'A part of the local time: `sec`, `min`, `hour`, `mday`, `mon` (1 to 12), `year`, `wday` (1 is Sunday), `yday`, `isdst`; OpenSIPS: a format of `strftime`.',
    origin: 'OpenSER 1.3',
    argument: 'hour',
    make: (site) => {
      const { argumentText } = site;
      if (argumentText?.includes('%')) return { read: (run) => formatTime(argumentText, localParts(run.context.now)) };
      return localWords(site);
    },
  },
  {
    name: 'utime',
    doc: 'As `$time`, in UTC.',
    origin: 'Kamailio',
    argument: 'hour',
    make: byWord(parts(utcParts), 'utime'),
  },
  {
    name: 'timef',
    doc: 'The local time in a format of `strftime`.',
    origin: 'Kamailio',
    argument: '%Y-%m-%d',
    make: ({ argument }) => ({ read: (run) => formatTime(argument?.text(run) ?? '', localParts(run.context.now)) }),
  },
  {
    name: 'utimef',
    doc: 'The time in UTC, in a format of `strftime`.',
    origin: 'Kamailio',
    argument: '%Y-%m-%d',
    make: ({ argument }) => ({ read: (run) => formatTime(argument?.text(run) ?? '', utcParts(run.context.now)) }),
  },
];

function parts(partsOf: (now: number) => TimeParts): Record<string, (run: CfgRun) => number> {
  return {
    sec: (run) => partsOf(run.context.now).second,
    min: (run) => partsOf(run.context.now).minute,
    hour: (run) => partsOf(run.context.now).hour,
    mday: (run) => partsOf(run.context.now).day,
    mon: (run) => partsOf(run.context.now).month,
    year: (run) => partsOf(run.context.now).year,
    wday: (run) => partsOf(run.context.now).weekday + 1,
    yday: (run) => partsOf(run.context.now).yearday,
    isdst: (run) => (partsOf(run.context.now).isSummer ? 1 : 0),
  };
}

const localWords = byWord(parts(localParts), 'time');
