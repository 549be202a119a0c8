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

/** Brings a parameter from a dialect's name, unit or type to ours; `default`: it says what holds in any case. */
export function translate(
  module: string,
  name: string,
  value: string | number,
  dialect: Dialect,
): TranslatedParameter | 'default' {
  switch (`${module}.${name}`) {
    case 'registrar.received_avp':
    case 'nathelper.received_avp':
      return receivedAvp(name, value);
    // OpenSER 1.2 moved it; here it is the registrar's, as its manual has it (decision 6).
    case 'usrloc.desc_time_order':
      return { module: 'registrar', name, value };
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
