/** How a contact of a request finds its binding (decision 8). */
export type MatchingMode = 'uri' | 'bytes' | 'uri+callid' | 'uri+path' | 'callid';

/**
 * The registrar's parameters under their OpenSER names in camelCase, with OpenSER's units and the manual's defaults.
 * `spec`: registrar manual 1.3.1–1.3.18, and four switches for habits that sources disagree about.
 */
export interface RegistrarOptions {
  /** Lifetime of a contact that names none, in seconds. */
  readonly defaultExpires: number;
  /** Seconds a lifetime is raised to; 0: no minimum. */
  readonly minExpires: number;
  /** Seconds a lifetime is lowered to; 0: no maximum. Applied after the minimum. */
  readonly maxExpires: number;
  /** Preference of a contact that names none, in hundredths, 0..100. */
  readonly defaultQ: number;
  /** The message flag 1..31 that marks a contact behind a NAT; -1: none. */
  readonly natFlag: number;
  /** The message flag 1..31 that marks a contact to be pinged by SIP requests; -1: none. */
  readonly sipNatpingFlag: number;
  /** Taken off the host of an address-of-record; '': nothing is. Only with `useDomain`. */
  readonly realmPrefix: string;
  /** Whether a lookup uses every contact or the first alone. */
  readonly appendBranches: boolean;
  /** Whether the domain belongs to the address-of-record. */
  readonly useDomain: boolean;
  readonly caseSensitive: boolean;
  /** Whether contacts stand in descending order of modification, whatever their q. */
  readonly descTimeOrder: boolean;
  /** The AVP that holds the received URI. */
  readonly receivedAvp: number;
  /** The contact parameter that shows a received URI. */
  readonly receivedParam: string;
  /** Bindings of one address-of-record; 0: any number. */
  readonly maxContacts: number;
  /** Seconds of `Retry-After` on 5xx; 0: no such header. */
  readonly retryAfter: number;
  /** The message flag 1..31 that makes `save` look for a socket in a header; -1: none. */
  readonly sockFlag: number;
  /** The name of that header; '': none. */
  readonly sockHdrName: string;
  /** Whether the NAT mark of further contacts goes into branch flags instead of the message's. */
  readonly useBranchFlags: boolean;

  /** Whether Call-ID and CSeq order the requests (RFC 3261 §10.3 steps 6, 7); false is OpenSER 1.0. */
  readonly cseqCheck: boolean;
  /** What happens to a lifetime below the minimum: the manual raises it, RFC 3261 §10.3 allows 423. */
  readonly minExpiresMode: 'raise' | 'reject';
  /** Whether `add_sock_hdr` writes `proto:ip:port` instead of `ip:port`. */
  readonly sockHdrProto: boolean;
  readonly matchingMode: MatchingMode;
}

export const registrarDefaults: RegistrarOptions = Object.freeze({
  defaultExpires: 3600,
  minExpires: 60,
  maxExpires: 0,
  defaultQ: 0,
  natFlag: -1,
  sipNatpingFlag: -1,
  realmPrefix: '',
  appendBranches: true,
  useDomain: false,
  caseSensitive: false,
  descTimeOrder: false,
  receivedAvp: 42,
  receivedParam: 'received',
  maxContacts: 0,
  retryAfter: 0,
  sockFlag: -1,
  sockHdrName: '',
  useBranchFlags: false,
  cseqCheck: true,
  minExpiresMode: 'raise',
  sockHdrProto: false,
  matchingMode: 'uri',
});

/** What is wrong with a parameter, in words that name it and the remedy. */
export interface OptionProblem {
  readonly severity: 'error' | 'warning';
  readonly option: keyof RegistrarOptions;
  readonly message: string;
}

type NumberOption = {
  [Name in keyof RegistrarOptions]: RegistrarOptions[Name] extends number ? Name : never;
}[keyof RegistrarOptions];

/** The largest number of seconds SIP knows (RFC 3261 §20.19: 2**32-1), kept to what a signed column can hold. */
const maxSeconds = 2 ** 31 - 1;

const ranges: readonly (readonly [NumberOption, number, number, string])[] = [
  ['defaultExpires', 0, maxSeconds, 'seconds'],
  ['minExpires', 0, maxSeconds, 'seconds; 0 turns it off'],
  ['maxExpires', 0, maxSeconds, 'seconds; 0 turns it off'],
  ['defaultQ', 0, 100, 'hundredths: 38 is q=0.38'],
  ['receivedAvp', 1, maxSeconds, 'the id of an AVP'],
  ['maxContacts', 0, maxSeconds, 'bindings; 0 turns it off'],
  ['retryAfter', 0, maxSeconds, 'seconds; 0 turns it off'],
];

const flags = ['natFlag', 'sipNatpingFlag', 'sockFlag'] as const satisfies readonly NumberOption[];

/** Everything that is wrong with a set of options; an error stops the start. */
export function registrarProblems(options: RegistrarOptions): readonly OptionProblem[] {
  const problems: OptionProblem[] = [];
  for (const [option, least, most, unit] of ranges) {
    const value = options[option];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    problems.push(fault(option, `is ${value}, but has to be a whole number from ${least} to ${most} (${unit})`));
  }
  for (const option of flags) {
    const value = options[option];
    if (Number.isInteger(value) && (value === -1 || (value >= 1 && value <= 31))) continue;
    problems.push(fault(option, `is ${value}, but has to be a flag from 1 to 31, or -1 for none`));
  }
  if (!isToken(options.receivedParam)) {
    problems.push(fault('receivedParam', `is "${options.receivedParam}", but has to be the name of a parameter`));
  }
  if (options.sockHdrName !== '' && !isToken(options.sockHdrName)) {
    problems.push(fault('sockHdrName', `is "${options.sockHdrName}", but has to be the name of a header`));
  }
  if (options.sockFlag !== -1 && options.sockHdrName === '') {
    problems.push(warning('sockFlag', 'has no effect without sockHdrName: name the header that holds the socket'));
  } else if (options.sockFlag === -1 && options.sockHdrName !== '') {
    problems.push(warning('sockHdrName', 'has no effect without sockFlag: name the flag that makes save read it'));
  }
  if (options.realmPrefix !== '' && !options.useDomain) {
    problems.push(warning('realmPrefix', 'has no effect without useDomain'));
  }
  if (options.maxExpires > 0 && options.maxExpires < options.minExpires) {
    problems.push(
      warning('maxExpires', `is below minExpires (${options.minExpires}): every lifetime becomes the maximum`),
    );
  }
  return problems;
}

function fault(option: keyof RegistrarOptions, words: string): OptionProblem {
  return { severity: 'error', option, message: `${option} ${words}` };
}

function warning(option: keyof RegistrarOptions, words: string): OptionProblem {
  return { severity: 'warning', option, message: `${option} ${words}` };
}

/** RFC 3261 §25.1 token: what names of headers and parameters are made of. */
function isToken(text: string): boolean {
  return /^[A-Za-z0-9.!%*_+`'~-]+$/.test(text);
}
