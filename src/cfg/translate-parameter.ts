import type { Dialect } from '../script/dialect.ts';

/** A parameter in the words and units of the tables here. */
export interface TranslatedParameter {
  /** The module that has it here, when that is another one. */
  readonly module?: string;
  readonly name: string;
  readonly value: string | number;
  /** What the author should know of it. */
  readonly note?: string;
}

/**
 * Brings a parameter from a dialect's name, unit or type to ours; `default`: it says what holds in any case.
 *
 * @returns a sentence with the remedy when there is no equivalent
 */
export function translate(
  module: string,
  name: string,
  value: string | number,
  dialect: Dialect,
): TranslatedParameter | 'default' | { readonly problem: string } {
  switch (`${module}.${name}`) {
    case 'registrar.received_avp':
    case 'nathelper.received_avp':
      return receivedAvp(name, value);
    // OpenSER 1.2 moved it; here it is the registrar's, as its manual has it (decision 6).
    case 'usrloc.desc_time_order':
      return { module: 'registrar', name, value };
    case 'usrloc.db_mode':
      return Number(value) === 4 ? { problem: `4 ${neverWritten}` } : { name, value };
    case 'usrloc.working_mode_preset':
    case 'usrloc.cluster_mode':
    case 'usrloc.sql_write_mode':
      return workingMode(name, value);
    case 'usrloc.restart_persistency':
      return String(value) === 'sync-from-cluster' ? { problem: `${value} ${noCluster}` } : { name, value };
    case 'usrloc.use_database':
      return useDatabase(name, value);
    case 'usrloc.flush_interval':
      // SER 0.8: how often the timer writes; 0 is at once.
      return Number(value) > 0 ? { name: 'timer_interval', value } : 'default';
    case 'usrloc.sip_instance_column':
      return { name: 'instance_column', value };
    case 'registrar.default_q':
      return defaultQ(name, value, dialect);
    case 'tm.fr_timer':
    case 'tm.fr_inv_timer':
      return dialect === 'kamailio' ? fromMilliseconds(name, value) : { name, value };
    // OpenSIPS has the same under newer names, in seconds.
    case 'tm.fr_timeout':
      return { name: 'fr_timer', value };
    case 'tm.fr_inv_timeout':
      return { name: 'fr_inv_timer', value };
    default:
      return { name, value };
  }
}

const neverWritten =
  'loads bindings and never writes them, which this server has not; use 1 (write-through), or 3 (db-only) to share a database';
const noCluster =
  'needs servers that tell each other of their bindings, which this one does not; use working_mode_preset "sql-only", where they share a database';

/** OpenSIPS' modes by its words. */
const workingModes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  working_mode_preset: {
    'single-instance-no-db': 'none',
    'single-instance-sql-write-through': 'write-through',
    'single-instance-sql-write-back': 'write-back',
    'sql-only': 'db-only',
  },
  cluster_mode: { 'sql-only': 'db-only' },
  sql_write_mode: { none: 'none', 'write-through': 'write-through', 'write-back': 'write-back' },
};
/** What holds in any case. */
const alone = 'cluster_mode none';

function workingMode(name: string, value: string | number): ReturnType<typeof translate> {
  if (`${name} ${value}` === alone) return 'default';
  const modes = workingModes[name] ?? {};
  const mode = Object.hasOwn(modes, value) ? modes[value] : undefined;
  if (mode !== undefined) {
    return { name: 'db_mode', value: mode, note: `'${name}' ${value} is db_mode ${mode} here` };
  }
  if (/^(?:federation|full-sharing)/.test(String(value))) return { problem: `${value} ${noCluster}` };
  return { problem: `must be one of ${Object.keys(modes).join(', ')}, not ${JSON.stringify(value)}` };
}

/** SER 0.8; with a flush_interval it writes back (cfg-modules §4). */
function useDatabase(name: string, value: string | number): TranslatedParameter {
  const mode = Number(value) === 0 ? 'none' : 'write-through';
  return { name: 'db_mode', value: mode, note: `'${name}' ${value} is db_mode ${mode} here` };
}

/** An AVP is a number here; `$avp(i:42)`, `i:42` and `"42"` say the same, and any name is as good as any other. */
function receivedAvp(name: string, value: string | number): TranslatedParameter {
  if (typeof value === 'number') return { name, value };
  const id = /^(?:\$avp\()?\s*(?:i:)?(\d{1,10})\s*\)?$/i.exec(value.trim())?.[1];
  if (id !== undefined) return { name, value: Number(id) };
  return {
    name,
    value: 42,
    note: `the AVP of received URIs is i:42 here, not ${value}: save and fix_nated_register agree on it`,
  };
}

/** Hundredths here and in the oldest servers, thousandths in later ones; -1 is none. */
function defaultQ(name: string, value: string | number, dialect: Dialect): TranslatedParameter | 'default' {
  const number = Number(value);
  if (number === -1) return 'default';
  if (dialect !== 'kamailio' && dialect !== 'opensips') return { name, value };
  return {
    name,
    value: Math.round(number / 10),
    note: `default_q is in thousandths here: ${number} is q=${number / 1000}`,
  };
}

function fromMilliseconds(name: string, value: string | number): TranslatedParameter {
  const number = Number(value);
  // Nobody means a timer of a few milliseconds: it was written in seconds.
  if (!Number.isInteger(number) || number < 1000) return { name, value };
  return { name, value: Math.max(1, Math.round(number / 1000)) };
}
