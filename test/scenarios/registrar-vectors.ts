/**
 * The registrar's test vectors 1 to 157 as data, to be run against `save` and `lookup` alone or against a whole server
 * (`Driver`). Unless a row says otherwise: default options, To `<sip:alice@example.com>`, one Call-ID, a CSeq that grows.
 *
 * `decisions` names those that change what OpenSER 1.0 did. Two hold everywhere and are not repeated: contacts without q
 * show `default_q`, which is 0 (decision 1), and a 200 has a Date (decision 16).
 */
import type {
  ExpectedBinding,
  ExpectedLookup,
  ExpectedReply,
  LaterVector,
  MessageChanges,
  RegisterStep,
  Script,
  StartVector,
  Step,
  Vector,
} from './vector.ts';

export type { Driver, DriverFactory, LookupReport } from './vector-runner.ts';
export { runVector } from './vector-runner.ts';

/** A REGISTER with these lines, and its reply. */
function register(
  lines: readonly string[],
  expect: ExpectedReply | 'no reply',
  message: MessageChanges = {},
  script: Script = {},
): RegisterStep {
  return { step: 'register', lines, message, script, expect };
}

/** A 200 with this Contact header, or without any. */
function ok(contact?: string): ExpectedReply {
  return { status: 200, reason: 'OK', ...(contact === undefined ? {} : { contact }) };
}

/** A 400 whose reason phrase says why, as `P-Registrar-Error` does (decision 4). */
function bad(text: string, contact?: string): ExpectedReply {
  return { status: 400, reason: text, error: text, ...(contact === undefined ? {} : { contact }) };
}

/** A 400 that a server's check of every request answers in words of its own. */
function badBefore(refusedEarlier: string, text: string): ExpectedReply {
  return { ...bad(text), refusedEarlier };
}

/** The 503 of max_contacts. */
function tooMany(contact?: string, retryAfter?: string): ExpectedReply {
  return {
    status: 503,
    reason: 'Service Unavailable',
    error: 'Too many registered contacts',
    ...(contact === undefined ? {} : { contact }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

function stored(...bindings: readonly ExpectedBinding[]): Step {
  return { step: 'stored', aor: 'alice', bindings };
}

function storedOf(aor: string, ...contacts: readonly string[]): Step {
  return { step: 'stored', aor, bindings: contacts.map((contact) => ({ contact })) };
}

function lookup(expect: ExpectedLookup, uri = 'sip:alice@example.com', method = 'INVITE'): Step {
  return { step: 'lookup', uri, method, expect };
}

function wait(seconds: number): Step {
  return { step: 'wait', seconds };
}

const a = '<sip:a@10.0.0.1>;q=0;expires=3600';
const b = '<sip:b@10.0.0.1>;q=0;expires=3600';
const c = '<sip:c@10.0.0.1>;q=0;expires=3600';
const d = '<sip:d@10.0.0.1>;q=0;expires=3600';
const e = '<sip:e@10.0.0.1>;q=0;expires=3600';

/** State before: one contact, or several in one request. */
const preA = register(['Contact: <sip:a@10.0.0.1>'], ok(a));
const preC = register(['Contact: <sip:c@10.0.0.1>'], ok(c));
const preAB = register(['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>'], ok(`${a}, ${b}`));
const preABC = register(['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>, <sip:c@10.0.0.1>'], ok(`${a}, ${b}, ${c}`));

const starExpires = '* used in contact and expires is not zero';
const starNotAlone = '* used in contact and more than 1 contact';

/** One row, with its number in the list. */
function vector(
  number: string,
  title: string,
  steps: readonly Step[],
  more: { readonly options?: Vector['options']; readonly decisions?: readonly number[] } = {},
): Vector {
  return { number, title, options: more.options ?? {}, decisions: more.decisions ?? [], steps };
}

const fetching: readonly Vector[] = [
  vector('1', 'a fetch of an unknown address-of-record is answered 200 without Contact and stores nothing', [
    register([], ok()),
    { step: 'registered', uri: 'sip:alice@example.com', expect: false },
  ]),
  vector('2', 'a contact is stored with default_expires', [
    register(['Contact: <sip:a@10.0.0.1>'], ok(a)),
    stored({ contact: 'sip:a@10.0.0.1', expires: 3600, callId: 'vector@10.0.0.1', cseq: 1, userAgent: 'Unknown' }),
  ]),
  vector('3', 'a fetch shows the seconds that remain', [
    preA,
    wait(10),
    register([], ok('<sip:a@10.0.0.1>;q=0;expires=3590')),
  ]),
  vector('4', 'the expires parameter is the lifetime', [
    register(['Contact: <sip:a@10.0.0.1>;expires=100'], ok('<sip:a@10.0.0.1>;q=0;expires=100')),
  ]),
  vector('5', 'display name and unknown parameters are dropped', [
    register(
      ['Contact: "A, \\"B\\"" <sip:a@10.0.0.1>;q=0.2;foo=bar;+x="y"'],
      ok('<sip:a@10.0.0.1>;q=0.2;expires=3600'),
    ),
  ]),
  vector('6', 'parameters after a bare URI belong to the header, not to the URI', [
    register(['Contact: sip:a@10.0.0.1;transport=tcp;expires=99'], ok('<sip:a@10.0.0.1>;q=0;expires=99')),
  ]),
  vector('7', 'parameters inside of the brackets belong to the URI', [
    register(['Contact: <sip:a@10.0.0.1;transport=tcp>'], ok('<sip:a@10.0.0.1;transport=tcp>;q=0;expires=3600')),
  ]),
  vector('8', 'the compact form of Contact counts', [
    register(['m: <sip:a@10.0.0.1>;expires=150'], ok('<sip:a@10.0.0.1>;q=0;expires=150')),
  ]),
  vector('9', 'a folded header counts as one', [
    register(['Contact: <sip:a@10.0.0.1>,\r\n <sip:b@10.0.0.1>'], ok(`${a}, ${b}`)),
  ]),
  vector('10', 'the headers part of a contact URI is kept verbatim', [
    register(['Contact: <sip:c@10.0.0.1?X=y>'], ok('<sip:c@10.0.0.1?X=y>;q=0;expires=3600')),
  ]),
  vector(
    '11',
    'URIs of other schemes are kept verbatim, what is no URI is refused',
    [
      register(['Contact: <tel:+123>'], ok('<tel:+123>;q=0;expires=3600')),
      register(['Contact: <mailto:x@y>'], ok('<tel:+123>;q=0;expires=3600, <mailto:x@y>;q=0;expires=3600')),
      register(
        ['Contact: <foo>'],
        bad('Contact parse error', '<tel:+123>;q=0;expires=3600, <mailto:x@y>;q=0;expires=3600'),
      ),
    ],
    { decisions: [31] },
  ),
  vector('12', 'the reply copies the request in its order and adds the registrar headers', [
    register(['Contact: <sip:a@10.0.0.1>'], {
      ...ok(a),
      headerOrder: ['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'date'],
    }),
  ]),
  vector('13', 'a To tag of the request is echoed unchanged', [
    register(
      ['Contact: <sip:a@10.0.0.1>'],
      { ...ok(a), toTag: 'theirs' },
      { to: '<sip:alice@example.com>;tag=theirs' },
    ),
  ]),
  vector(
    '14',
    'another method than REGISTER changes nothing',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>'],
        { status: 405, reason: 'Method Not Allowed', error: 'Only REGISTER can be saved', allow: 'REGISTER' },
        { method: 'OPTIONS' },
      ),
      stored(),
    ],
    { decisions: [26] },
  ),
];

const order: readonly Vector[] = [
  vector(
    '15',
    'contacts of one header stand in the order written',
    [register(['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>'], ok(`${a}, ${b}`))],
    { decisions: [5] },
  ),
  vector(
    '16',
    'contacts of several headers stand in the order written',
    [register(['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>', 'Contact: <sip:c@10.0.0.1>'], ok(`${a}, ${b}, ${c}`))],
    { decisions: [5] },
  ),
  vector('17', 'contacts stand in descending q, each with its own lifetime', [
    register(
      ['Contact: <sip:a@10.0.0.1>;q=0.1, <sip:b@10.0.0.1>;q=0.9;expires=100, <sip:c@10.0.0.1>'],
      ok(`<sip:b@10.0.0.1>;q=0.9;expires=100, <sip:a@10.0.0.1>;q=0.1;expires=3600, ${c}`),
    ),
  ]),
  vector(
    '18',
    'a changed q moves the contact',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>;q=0.1, <sip:b@10.0.0.1>;q=0.9;expires=100, <sip:c@10.0.0.1>'],
        ok(`<sip:b@10.0.0.1>;q=0.9;expires=100, <sip:a@10.0.0.1>;q=0.1;expires=3600, ${c}`),
      ),
      register(
        ['Contact: <sip:a@10.0.0.1>;q=1.0'],
        ok(`<sip:a@10.0.0.1>;q=1;expires=3600, <sip:b@10.0.0.1>;q=0.9;expires=100, ${c}`),
      ),
    ],
    { decisions: [7] },
  ),
  vector('19', 'with equal q the older contact comes first', [
    register(['Contact: <sip:a@10.0.0.1>;q=0.5'], ok('<sip:a@10.0.0.1>;q=0.5;expires=3600')),
    register(
      ['Contact: <sip:b@10.0.0.1>;q=0.5'],
      ok('<sip:a@10.0.0.1>;q=0.5;expires=3600, <sip:b@10.0.0.1>;q=0.5;expires=3600'),
    ),
  ]),
  vector(
    '20',
    'no q is default_q, so an explicit q=0 comes after it when it is younger',
    [preA, register(['Contact: <sip:b@10.0.0.1>;q=0'], ok(`${a}, ${b}`))],
    { decisions: [1] },
  ),
  vector(
    '21',
    'desc_time_order puts new contacts first',
    [
      preA,
      register(['Contact: <sip:b@10.0.0.1>'], ok(`${b}, ${a}`)),
      register(['Contact: <sip:c@10.0.0.1>'], ok(`${c}, ${b}, ${a}`)),
    ],
    { options: { descTimeOrder: true } },
  ),
  vector(
    '22',
    'desc_time_order puts a refreshed contact first',
    [
      preA,
      register(['Contact: <sip:b@10.0.0.1>'], ok(`${b}, ${a}`)),
      register(['Contact: <sip:c@10.0.0.1>'], ok(`${c}, ${b}, ${a}`)),
      register(['Contact: <sip:a@10.0.0.1>'], ok(`${a}, ${c}, ${b}`)),
    ],
    { options: { descTimeOrder: true } },
  ),
  vector(
    '23',
    'there is one desc_time_order: new and refreshed contacts obey it alike',
    [
      preA,
      register(['Contact: <sip:b@10.0.0.1>'], ok(`${b}, ${a}`)),
      register(['Contact: <sip:a@10.0.0.1>'], ok(`${a}, ${b}`)),
    ],
    { options: { descTimeOrder: true }, decisions: [6] },
  ),
  vector(
    '24',
    'with desc_time_order q does not count',
    [
      register(['Contact: <sip:a@10.0.0.1>;q=0.9'], ok('<sip:a@10.0.0.1>;q=0.9;expires=3600')),
      register(
        ['Contact: <sip:b@10.0.0.1>;q=0.1'],
        ok('<sip:b@10.0.0.1>;q=0.1;expires=3600, <sip:a@10.0.0.1>;q=0.9;expires=3600'),
      ),
      register(['Contact: <sip:a@10.0.0.1>'], ok(`${a}, <sip:b@10.0.0.1>;q=0.1;expires=3600`)),
    ],
    { options: { descTimeOrder: true }, decisions: [6] },
  ),
  vector(
    '24a',
    'with desc_time_order the contacts of one header keep the order written',
    [
      register(
        [`Contact: ${Array.from({ length: 13 }, (_, i) => `<sip:u${i}@10.0.0.1>`).join(', ')}`],
        ok(Array.from({ length: 13 }, (_, i) => `<sip:u${i}@10.0.0.1>;q=0;expires=3600`).join(', ')),
      ),
    ],
    { options: { descTimeOrder: true } },
  ),
  vector('25', 'one request may remove and add', [
    preAB,
    register(['Contact: <sip:a@10.0.0.1>;expires=0, <sip:c@10.0.0.1>'], ok(`${b}, ${c}`)),
  ]),
  vector(
    '26',
    'the case of the user part makes another contact, the case of the scheme does not',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>, <sip:A@10.0.0.1>, <SIP:a@10.0.0.1>'],
        ok('<SIP:a@10.0.0.1>;q=0;expires=3600, <sip:A@10.0.0.1>;q=0;expires=3600'),
      ),
    ],
    { decisions: [8, 14] },
  ),
  vector(
    '26-bytes',
    'matching_mode bytes: URIs that differ in any byte are three contacts',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>, <sip:A@10.0.0.1>, <SIP:a@10.0.0.1>'],
        ok(`${a}, <sip:A@10.0.0.1>;q=0;expires=3600, <SIP:a@10.0.0.1>;q=0;expires=3600`),
      ),
    ],
    { options: { matchingMode: 'bytes' }, decisions: [5] },
  ),
  vector(
    '27',
    'a URI parameter that only one of two URIs has does not make another contact',
    [preA, register(['Contact: <sip:a@10.0.0.1;x=1>'], ok('<sip:a@10.0.0.1;x=1>;q=0;expires=3600'))],
    { decisions: [8] },
  ),
  vector(
    '27-bytes',
    'matching_mode bytes: a URI parameter makes another contact',
    [preA, register(['Contact: <sip:a@10.0.0.1;x=1>'], ok(`${a}, <sip:a@10.0.0.1;x=1>;q=0;expires=3600`))],
    { options: { matchingMode: 'bytes' } },
  ),
];

const removal: readonly Vector[] = [
  vector('28', 'expires=0 removes a contact', [preAB, register(['Contact: <sip:a@10.0.0.1>;expires=0'], ok(b))]),
  vector('29', 'an Expires header of 0 removes the contacts named', [
    preA,
    register(['Contact: <sip:a@10.0.0.1>', 'Expires: 0'], ok()),
    { step: 'registered', uri: 'sip:alice@example.com', expect: false },
  ]),
  vector('30', 'removing from an unknown address-of-record succeeds and stores nothing', [
    register(['Contact: <sip:zz@10.0.0.1>;expires=0'], ok()),
    stored(),
  ]),
  vector('31', 'removing an unknown contact succeeds', [
    preA,
    register(['Contact: <sip:zz@10.0.0.1>;expires=0'], ok(a)),
  ]),
  vector('32', 'a removal does not look at q', [preA, register(['Contact: <sip:a@10.0.0.1>;expires=0;q=9'], ok())]),
  vector('33', 'the expires parameter beats an Expires header of 0', [
    preA,
    register(['Contact: <sip:a@10.0.0.1>;expires=100', 'Expires: 0'], ok('<sip:a@10.0.0.1>;q=0;expires=100')),
  ]),
  vector('34', 'an expires parameter of 0 beats the Expires header', [
    preA,
    register(['Contact: <sip:a@10.0.0.1>;expires=0', 'Expires: 500'], ok()),
  ]),
  vector(
    '35',
    'a removal with a lower CSeq of the same Call-ID is refused',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), { cseq: 5 }),
      register(['Contact: <sip:a@10.0.0.1>;expires=0'], bad('Invalid CSeq number', a), { cseq: 4 }),
    ],
    { decisions: [9] },
  ),
  vector(
    '35-unchecked',
    'cseq_check=0: a removal with a lower CSeq is done',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), { cseq: 5 }),
      register(['Contact: <sip:a@10.0.0.1>;expires=0'], ok(), { cseq: 4 }),
    ],
    { options: { cseqCheck: false } },
  ),
  vector('36', 'expires=00 is a removal', [preA, register(['Contact: <sip:a@10.0.0.1>;expires=00'], ok())]),
];

const star: readonly Vector[] = [
  vector('37', '* with Expires: 0 removes every contact', [
    preAB,
    register(['Contact: *', 'Expires: 0'], ok()),
    { step: 'registered', uri: 'sip:alice@example.com', expect: false },
  ]),
  vector('38', '* succeeds for an unknown address-of-record', [register(['Contact: *', 'Expires: 0'], ok())]),
  vector('39', '* without Expires is refused', [preA, register(['Contact: *'], bad(starExpires, a))], {
    decisions: [10],
  }),
  vector('40', '* with an Expires above 0 is refused', [register(['Contact: *', 'Expires: 10'], bad(starExpires))]),
  vector('41', '* with a parameter is refused', [register(['Contact: *;expires=0'], bad('Contact parse error'))], {
    decisions: [13],
  }),
  vector('42', '* with an Expires that is a date is refused', [
    register(['Contact: *', 'Expires: Thu, 01 Dec 2025 16:00:00 GMT'], bad(starExpires)),
  ]),
  vector(
    '43',
    '* with a contact after it is refused',
    [preA, register(['Contact: *', 'Contact: <sip:a@10.0.0.1>', 'Expires: 0'], bad(starNotAlone, a))],
    { decisions: [10] },
  ),
  vector('44', '* with a contact before it is refused', [
    register(['Contact: <sip:a@10.0.0.1>', 'Contact: *', 'Expires: 0'], bad(starNotAlone)),
  ]),
  vector('45', '* with a contact after it and without Expires: the Expires is blamed', [
    register(['Contact: *', 'Contact: <sip:a@10.0.0.1>'], bad(starExpires)),
  ]),
  vector(
    '46',
    '* at the head of a list is refused',
    [preA, register(['Contact: *, <sip:a@10.0.0.1>', 'Expires: 0'], bad('Contact parse error', a))],
    { decisions: [13] },
  ),
  vector(
    '47',
    '* at the head of other text is refused',
    [preA, register(['Contact: *foo <sip:a@10.0.0.1>', 'Expires: 0'], bad('Contact parse error', a))],
    { decisions: [13] },
  ),
  vector('48', '* at the end of a list is refused', [
    register(['Contact: <sip:a@10.0.0.1>, *'], bad('Contact parse error')),
  ]),
  vector(
    '49',
    '* with a lower CSeq of the same Call-ID removes nothing',
    [
      register(['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>'], ok(`${a}, ${b}`), { cseq: 500 }),
      register(['Contact: *', 'Expires: 0'], bad('Invalid CSeq number', `${a}, ${b}`), { cseq: 5 }),
    ],
    { decisions: [9] },
  ),
  vector(
    '49-unchecked',
    'cseq_check=0: * with a lower CSeq removes everything',
    [
      register(['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>'], ok(`${a}, ${b}`), { cseq: 500 }),
      register(['Contact: *', 'Expires: 0'], ok(), { cseq: 5 }),
    ],
    { options: { cseqCheck: false } },
  ),
];

/** One REGISTER of a with this parameter text or these lines, shown with a lifetime. */
function lifetime(parameter: string, seconds: number, ...lines: readonly string[]): Step {
  return register([`Contact: <sip:a@10.0.0.1>${parameter}`, ...lines], ok(`<sip:a@10.0.0.1>;q=0;expires=${seconds}`));
}

const expires: readonly Vector[] = [
  vector('50', 'a lifetime below min_expires is raised to it', [lifetime(';expires=1', 60)]),
  vector('51', 'min_expires itself is not raised', [
    lifetime(';expires=59', 60),
    lifetime(';expires=60', 60),
    lifetime(';expires=61', 61),
  ]),
  vector('52', 'a lifetime above max_expires is lowered to it', [lifetime(';expires=999999', 7200)], {
    options: { maxExpires: 7200 },
  }),
  vector('53', 'max_expires is applied after min_expires', [lifetime(';expires=45', 30)], {
    options: { minExpires: 60, maxExpires: 30 },
  }),
  vector('54', 'min_expires=0 raises nothing', [lifetime(';expires=5', 5)], { options: { minExpires: 0 } }),
  vector(
    '55',
    'an expires parameter that is no number is 3600, not default_expires',
    [lifetime(';expires=abc', 3600), lifetime(';expires=-1', 3600), lifetime(';expires=60.5', 3600)],
    { options: { defaultExpires: 1800 } },
  ),
  vector('56', 'a quoted expires parameter counts', [lifetime(';expires="200"', 200)]),
  vector('57', 'an expires parameter without value is as if absent', [lifetime(';expires', 500, 'Expires: 500')]),
  vector('58', 'of a repeated expires parameter the last counts', [lifetime(';expires=100;expires=200', 200)]),
  vector('59', 'names of parameters have no case', [
    register(['Contact: <sip:a@10.0.0.1>;EXPIRES=123;Q=0.3'], ok('<sip:a@10.0.0.1>;q=0.3;expires=123')),
  ]),
  vector('60', 'blanks around the Expires header do not count', [lifetime('', 150, 'Expires:  150 \t')]),
  vector('61', 'of several Expires headers the first counts', [lifetime('', 100, 'Expires: 100', 'Expires: 200')]),
  vector('62', 'an Expires header with a date is as if absent', [
    lifetime('', 3600, 'Expires: Thu, 01 Dec 2025 16:00:00 GMT'),
  ]),
  vector('63', 'an Expires header that is no number is as if absent', [
    lifetime('', 3600, 'Expires: -5'),
    lifetime('', 3600, 'Expires: 100;x'),
  ]),
  vector(
    '64',
    'an empty Expires header is refused',
    [preA, register(['Contact: <sip:b@10.0.0.1>', 'Expires:'], bad('Expires parse error', a))],
    { decisions: [10] },
  ),
  vector('65', 'a huge Expires header saturates', [preA, lifetime('', 2_147_483_647, 'Expires: 4294967296')], {
    decisions: [11],
  }),
  vector('66', 'a huge expires parameter saturates', [lifetime(';expires=4294967295', 2_147_483_647)], {
    decisions: [11],
  }),
  vector('67', 'default_expires=0 is raised to min_expires', [lifetime('', 60)], { options: { defaultExpires: 0 } }),
  vector(
    '68',
    'default_expires=0 with min_expires=0 makes no binding that anybody sees',
    [register(['Contact: <sip:a@10.0.0.1>'], ok()), stored()],
    { options: { defaultExpires: 0, minExpires: 0 } },
  ),
  vector('69', 'max_expires bounds default_expires', [lifetime('', 7200)], {
    options: { defaultExpires: 100_000, maxExpires: 7200 },
  }),
];

/** A q that is no number, as a contact of a request that has a good one too. */
const badQ = ['2', '-1', 'abc', '0.', '1.', '1.001', '0.5x'];

const preference: readonly Vector[] = [
  vector('70', 'q is printed in its shortest form', [
    register(
      ['Contact: <sip:a@10.0.0.1>;q=1, <sip:b@10.0.0.1>;q=1.0, <sip:c@10.0.0.1>;q=1.000, <sip:d@10.0.0.1>;q=0'],
      ok(
        '<sip:a@10.0.0.1>;q=1;expires=3600, <sip:b@10.0.0.1>;q=1;expires=3600, <sip:c@10.0.0.1>;q=1;expires=3600, ' +
          '<sip:d@10.0.0.1>;q=0;expires=3600',
      ),
    ),
  ]),
  vector('71', 'q is read in every form that phones write', [
    register(
      [
        'Contact: <sip:a@10.0.0.1>;q=.5, <sip:b@10.0.0.1>;q=00.7, <sip:c@10.0.0.1>;q=0.12345',
        'Contact: <sip:d@10.0.0.1>;q=0.001, <sip:e@10.0.0.1>;q=01',
      ],
      ok(
        '<sip:e@10.0.0.1>;q=1;expires=3600, <sip:b@10.0.0.1>;q=0.7;expires=3600, <sip:a@10.0.0.1>;q=0.5;expires=3600, ' +
          '<sip:c@10.0.0.1>;q=0.123;expires=3600, <sip:d@10.0.0.1>;q=0.001;expires=3600',
      ),
    ),
  ]),
  vector(
    '72',
    'a malformed q is refused and nothing is stored',
    badQ.map((q) => register([`Contact: <sip:a@10.0.0.1>;q=${q}`], bad('Invalid q param in contact'))),
  ),
  vector('73', 'a malformed q changes nothing that was stored', [
    preA,
    ...badQ.map((q) => register([`Contact: <sip:a@10.0.0.1>;q=${q}`], bad('Invalid q param in contact', a))),
  ]),
  vector('74', 'an empty q is default_q', [
    register(['Contact: <sip:a@10.0.0.1>;q'], ok(a)),
    register(['Contact: <sip:b@10.0.0.1>;q=""'], ok(`${a}, ${b}`)),
  ]),
  vector('75', '"q=" at the end of the header is an empty q, as later versions have it', [
    register(['Contact: <sip:a@10.0.0.1>;q='], ok(a)),
  ]),
  vector(
    '76',
    'default_q is in hundredths',
    [register(['Contact: <sip:a@10.0.0.1>'], ok('<sip:a@10.0.0.1>;q=0.38;expires=3600'))],
    { options: { defaultQ: 38 }, decisions: [1] },
  ),
  vector(
    '78',
    'a refresh without q has default_q again',
    [register(['Contact: <sip:a@10.0.0.1>;q=0.5'], ok('<sip:a@10.0.0.1>;q=0.5;expires=3600')), preA],
    { decisions: [1] },
  ),
  vector(
    '79',
    'a malformed q in the second contact undoes the first',
    [
      preC,
      register(['Contact: <sip:b@10.0.0.1>', 'Contact: <sip:a@10.0.0.1>;q=7'], bad('Invalid q param in contact', c)),
    ],
    { decisions: [10] },
  ),
  vector('80', 'a malformed q in the second contact of a first request stores nothing', [
    register(['Contact: <sip:b@10.0.0.1>', 'Contact: <sip:a@10.0.0.1>;q=7'], bad('Invalid q param in contact')),
  ]),
];

/** A REGISTER of a with this To. */
function registerTo(to: string, expect: ExpectedReply = ok(a)): Step {
  return register(['Contact: <sip:a@10.0.0.1>'], expect, { to });
}

const malformedTo = 'Malformed To URI';

const addressOfRecord: readonly Vector[] = [
  vector('81', 'use_domain=0: the domain does not count, nor do capitals', [
    preA,
    register([], ok(a), { to: '<sip:ALICE@Other.org>' }),
  ]),
  vector(
    '82',
    'use_domain=1: the domain counts',
    [registerTo('<sip:ALice@EXAMPLE.com>'), storedOf('alice@example.com', 'sip:a@10.0.0.1')],
    { options: { useDomain: true } },
  ),
  vector(
    '83',
    'case_sensitive=1: capitals of the user count, those of the domain never',
    [registerTo('<sip:ALice@EXAMPLE.com>'), storedOf('ALice@example.com', 'sip:a@10.0.0.1')],
    { options: { useDomain: true, caseSensitive: true } },
  ),
  vector(
    '84',
    'realm_prefix is taken off, by save and lookup alike',
    [
      registerTo('<sip:alice@sip.example.com>'),
      storedOf('alice@example.com', 'sip:a@10.0.0.1'),
      lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'] }, 'sip:alice@sip.example.com'),
      lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'] }, 'sip:alice@example.com'),
      { step: 'registered', uri: 'sip:alice@sip.example.com', expect: true },
    ],
    { options: { useDomain: true, realmPrefix: 'sip.' } },
  ),
  vector(
    '85',
    'realm_prefix has no case',
    [registerTo('<sip:alice@SIP.example.com>'), storedOf('alice@example.com', 'sip:a@10.0.0.1')],
    { options: { useDomain: true, realmPrefix: 'sip.' }, decisions: [21] },
  ),
  vector(
    '86',
    'a host that is nothing but realm_prefix stays',
    [registerTo('<sip:alice@sip.>'), storedOf('alice@sip.', 'sip:a@10.0.0.1')],
    { options: { useDomain: true, realmPrefix: 'sip.' } },
  ),
  vector(
    '87',
    'use_domain=0: realm_prefix has no effect',
    [registerTo('<sip:alice@sip.example.com>'), storedOf('alice', 'sip:a@10.0.0.1')],
    { options: { realmPrefix: 'sip.' } },
  ),
  vector('88', 'escapes of the user are undone', [
    registerTo('<sip:%61lice@example.com>'),
    register([], ok(a), { to: '<sip:%41LICE@example.com>' }),
    storedOf('alice', 'sip:a@10.0.0.1'),
  ]),
  vector('89', 'escapes that are none, or no printable character, are refused', [
    registerTo('<sip:%6@example.com>', badBefore(malformedTo, 'Error while parsing AOR')),
    registerTo('<sip:%zz@example.com>', badBefore(malformedTo, 'Error while parsing AOR')),
    registerTo('<sip:a%07@example.com>', bad('Error while unescaping username')),
    registerTo('<sip:%80@example.com>', bad('Error while unescaping username')),
  ]),
  vector(
    '90',
    'use_domain=1: a To without user is its domain',
    [registerTo('<sip:example.com>'), storedOf('example.com', 'sip:a@10.0.0.1')],
    { options: { useDomain: true } },
  ),
  vector(
    '90-user',
    'use_domain=0: a To without user is refused',
    [
      registerTo('<sip:example.com>', bad('No username in To URI')),
      lookup({ outcome: 'not-found', targets: [] }, 'sip:example.com'),
      storedOf(''),
    ],
    { decisions: [24] },
  ),
  vector(
    '91',
    'password, port and parameters of To do not count',
    [registerTo('<sip:alice:pw@example.com:5070;transport=tcp>'), storedOf('alice@example.com', 'sip:a@10.0.0.1')],
    { options: { useDomain: true } },
  ),
  vector('92', 'a tel URI is its number', [registerTo('<tel:+1234>'), storedOf('+1234', 'sip:a@10.0.0.1')]),
  vector(
    '92-domain',
    'use_domain=1: a tel URI has an empty domain',
    [registerTo('<tel:+1234>'), storedOf('+1234@', 'sip:a@10.0.0.1')],
    { options: { useDomain: true } },
  ),
  vector(
    '92a',
    'strangers do not share an address-of-record without user',
    [
      registerTo('<sip:example.com>', bad('No username in To URI')),
      register([], bad('No username in To URI'), { to: '<sip:foo.org>' }),
    ],
    { decisions: [24] },
  ),
  vector('92b', 'an escaped @ is part of the user', [registerTo('<sip:a%40b@x>'), storedOf('a@b', 'sip:a@10.0.0.1')]),
  vector(
    '93',
    'an address-of-record of more than 256 characters is refused with 400',
    [registerTo(`<sip:${'x'.repeat(300)}@example.com>`, bad('Address Of Record too long'))],
    { options: { retryAfter: 30 }, decisions: [4] },
  ),
  vector('94', 'a To of another scheme is refused', [
    registerTo('<foo:alice@example.com>', bad('Error while parsing AOR')),
  ]),
  vector('95', 'a request without To is refused', [
    register(['Contact: <sip:a@10.0.0.1>'], badBefore('Missing To header field', 'To header not found'), { to: null }),
  ]),
  vector('96', 'a request without Call-ID or CSeq is refused', [
    register(['Contact: <sip:a@10.0.0.1>'], badBefore('Missing Call-ID header field', 'Call-ID header not found'), {
      callId: null,
    }),
    register(['Contact: <sip:a@10.0.0.1>'], badBefore('Missing CSeq header field', 'CSeq header not found'), {
      cseq: null,
    }),
  ]),
  vector(
    '97',
    'a request without From is refused',
    [
      register(['Contact: <sip:a@10.0.0.1>'], badBefore('Missing From header field', 'From header not found'), {
        from: null,
      }),
    ],
    { decisions: [25] },
  ),
  vector(
    '98',
    'a To that cannot be parsed is refused',
    [registerTo('<sip:alice@exa mple.com>', badBefore(malformedTo, 'Error while parsing AOR'))],
    { decisions: [22] },
  ),
];

const ordering: readonly Vector[] = [
  vector(
    '99',
    'an equal CSeq of the same Call-ID is a retransmission: 200 and no change',
    [
      register(['Contact: <sip:a@10.0.0.1>;expires=100'], ok('<sip:a@10.0.0.1>;q=0;expires=100'), { cseq: 10 }),
      register(['Contact: <sip:a@10.0.0.1>;expires=200'], ok('<sip:a@10.0.0.1>;q=0;expires=100'), { cseq: 10 }),
    ],
    { decisions: [9] },
  ),
  vector(
    '99-unchecked',
    'cseq_check=0: an equal CSeq updates',
    [
      register(['Contact: <sip:a@10.0.0.1>;expires=100'], ok('<sip:a@10.0.0.1>;q=0;expires=100'), { cseq: 10 }),
      register(['Contact: <sip:a@10.0.0.1>;expires=200'], ok('<sip:a@10.0.0.1>;q=0;expires=200'), { cseq: 10 }),
    ],
    { options: { cseqCheck: false } },
  ),
  vector(
    '100',
    'a lower CSeq of the same Call-ID is refused',
    [
      register(['Contact: <sip:a@10.0.0.1>;expires=100'], ok('<sip:a@10.0.0.1>;q=0;expires=100'), { cseq: 10 }),
      register(
        ['Contact: <sip:a@10.0.0.1>;expires=200'],
        bad('Invalid CSeq number', '<sip:a@10.0.0.1>;q=0;expires=100'),
        { cseq: 9 },
      ),
    ],
    { decisions: [9] },
  ),
  vector(
    '100-whole',
    'a lower CSeq for one contact refuses the whole request',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), { cseq: 10 }),
      register(['Contact: <sip:b@10.0.0.1>, <sip:a@10.0.0.1>'], bad('Invalid CSeq number', a), { cseq: 9 }),
    ],
    { decisions: [9, 10] },
  ),
  vector(
    '100-unchecked',
    'cseq_check=0: a lower CSeq updates',
    [
      register(['Contact: <sip:a@10.0.0.1>;expires=100'], ok('<sip:a@10.0.0.1>;q=0;expires=100'), { cseq: 10 }),
      register(['Contact: <sip:a@10.0.0.1>;expires=200'], ok('<sip:a@10.0.0.1>;q=0;expires=200'), { cseq: 9 }),
    ],
    { options: { cseqCheck: false } },
  ),
  vector('101', 'a lower CSeq of another Call-ID updates, and both are stored', [
    register(['Contact: <sip:a@10.0.0.1>;expires=100'], ok('<sip:a@10.0.0.1>;q=0;expires=100'), { cseq: 10 }),
    register(['Contact: <sip:a@10.0.0.1>;expires=200'], ok('<sip:a@10.0.0.1>;q=0;expires=200'), {
      cseq: 9,
      callId: 'other@10.0.0.1',
    }),
    stored({ contact: 'sip:a@10.0.0.1', callId: 'other@10.0.0.1', cseq: 9 }),
  ]),
  vector('102', 'a CSeq that is no number is refused', [
    register(['Contact: <sip:a@10.0.0.1>'], badBefore('CSeq has no sequence number', 'Invalid CSeq number'), {
      cseq: 'abc REGISTER',
    }),
  ]),
  vector(
    '103',
    'a CSeq that is no number is refused for a fetch as well',
    [
      preA,
      register(
        [],
        { ...bad('Invalid CSeq number', a), refusedEarlier: 'CSeq has no sequence number' },
        { cseq: 'abc REGISTER' },
      ),
    ],
    { decisions: [22] },
  ),
];

const limited = { maxContacts: 3, retryAfter: 30 } as const;

const maxContacts: readonly Vector[] = [
  vector(
    '104',
    'more contacts than max_contacts are refused, all of them',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>, <sip:c@10.0.0.1>, <sip:d@10.0.0.1>'],
        tooMany(undefined, '30'),
      ),
    ],
    { options: limited },
  ),
  vector(
    '105',
    'one contact more than max_contacts is refused',
    [preABC, register(['Contact: <sip:d@10.0.0.1>'], tooMany(`${a}, ${b}, ${c}`, '30'))],
    { options: limited },
  ),
  vector(
    '106',
    'a contact that goes makes place for one that comes',
    [preABC, register(['Contact: <sip:d@10.0.0.1>, <sip:a@10.0.0.1>;expires=0'], ok(`${b}, ${c}, ${d}`))],
    { options: limited },
  ),
  vector(
    '107',
    'the order of going and coming does not count',
    [preABC, register(['Contact: <sip:e@10.0.0.1>', 'Contact: <sip:a@10.0.0.1>;expires=0'], ok(`${b}, ${c}, ${e}`))],
    { options: limited },
  ),
  vector(
    '108',
    'a refresh of what is there is allowed',
    [preABC, register(['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>, <sip:c@10.0.0.1>'], ok(`${a}, ${b}, ${c}`))],
    { options: limited },
  ),
  vector(
    '109',
    'a contact given twice counts once',
    [
      preABC,
      register(['Contact: <sip:a@10.0.0.1>;expires=0,<sip:e@10.0.0.1>,<sip:e@10.0.0.1>'], ok(`${b}, ${c}, ${e}`)),
    ],
    { options: limited, decisions: [15] },
  ),
  vector(
    '110',
    'removing an unknown contact makes no place',
    [preABC, register(['Contact: <sip:f@10.0.0.1>, <sip:nope@10.0.0.1>;expires=0'], tooMany(`${a}, ${b}, ${c}`, '30'))],
    { options: limited },
  ),
  vector(
    '111',
    'removing a contact twice makes one place',
    [
      preABC,
      register(
        ['Contact: <sip:a@10.0.0.1>;expires=0,<sip:a@10.0.0.1>;expires=0,<sip:d@10.0.0.1>,<sip:e@10.0.0.1>'],
        tooMany(`${a}, ${b}, ${c}`, '30'),
      ),
    ],
    { options: limited, decisions: [15] },
  ),
  vector(
    '112',
    'an expired contact does not count, and counts as new when it comes back',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>;expires=60, <sip:b@10.0.0.1>, <sip:c@10.0.0.1>'],
        ok(`<sip:a@10.0.0.1>;q=0;expires=60, ${b}, ${c}`),
      ),
      wait(60),
      register(
        ['Contact: <sip:d@10.0.0.1>'],
        ok('<sip:b@10.0.0.1>;q=0;expires=3540, <sip:c@10.0.0.1>;q=0;expires=3540, <sip:d@10.0.0.1>;q=0;expires=3600'),
      ),
      register(
        ['Contact: <sip:a@10.0.0.1>'],
        tooMany(
          '<sip:b@10.0.0.1>;q=0;expires=3540, <sip:c@10.0.0.1>;q=0;expires=3540, <sip:d@10.0.0.1>;q=0;expires=3600',
          '30',
        ),
      ),
    ],
    { options: limited, decisions: [15] },
  ),
  vector(
    '113',
    'when all have expired there is place for as many',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>, <sip:c@10.0.0.1>', 'Expires: 60'],
        ok('<sip:a@10.0.0.1>;q=0;expires=60, <sip:b@10.0.0.1>;q=0;expires=60, <sip:c@10.0.0.1>;q=0;expires=60'),
      ),
      wait(60),
      register(
        ['Contact: <sip:d@10.0.0.1>, <sip:e@10.0.0.1>, <sip:f@10.0.0.1>'],
        ok(`${d}, ${e}, <sip:f@10.0.0.1>;q=0;expires=3600`),
      ),
    ],
    { options: limited },
  ),
  vector(
    '114',
    'retry_after=0: no Retry-After',
    [preABC, register(['Contact: <sip:d@10.0.0.1>'], tooMany(`${a}, ${b}, ${c}`))],
    { options: { maxContacts: 3 } },
  ),
  vector('115', 'max_contacts=0 limits nothing', [
    register(
      [`Contact: ${Array.from({ length: 50 }, (_, i) => `<sip:u${i}@10.0.0.1>`).join(', ')}`],
      ok(Array.from({ length: 50 }, (_, i) => `<sip:u${i}@10.0.0.1>;q=0;expires=3600`).join(', ')),
    ),
  ]),
];

const duplicates: readonly Vector[] = [
  vector(
    '116',
    'a new contact given twice is one binding with the later value',
    [
      register(
        ['Contact: <sip:a@10.0.0.1>;expires=100, <sip:a@10.0.0.1>;expires=200'],
        ok('<sip:a@10.0.0.1>;q=0;expires=200'),
      ),
    ],
    { decisions: [14] },
  ),
  vector(
    '117',
    'a stored contact given twice gets the later value',
    [
      preA,
      register(
        ['Contact: <sip:a@10.0.0.1>;expires=300, <sip:a@10.0.0.1>;expires=400'],
        ok('<sip:a@10.0.0.1>;q=0;expires=400'),
      ),
    ],
    { decisions: [14] },
  ),
  vector(
    '118',
    'a contact that is refreshed and then removed is removed',
    [preA, register(['Contact: <sip:a@10.0.0.1>;expires=300, <sip:a@10.0.0.1>;expires=0'], ok())],
    { decisions: [5, 14] },
  ),
];

const nated: Script = { fixNatedRegister: true };
const flag6: Script = { flags: [6] };
const socketOptions = { sockFlag: 18, sockHdrName: 'Sock-Info' } as const;
const flag18: Script = { flags: [18] };

const natAndSocket: readonly Vector[] = [
  vector('119', 'fix_nated_register: the source is stored and shown', [
    register(['Contact: <sip:a@10.0.0.1>'], ok(`${a};received="sip:{source}"`), {}, nated),
  ]),
  vector('120', 'a received parameter of the contact beats the source', [
    register(['Contact: <sip:a@10.0.0.1>;received="sip:7.7.7.7:77"'], ok(`${a};received="sip:7.7.7.7:77"`), {}, nated),
  ]),
  vector('121', 'a refresh without fix_nated_register clears the received URI', [
    register(['Contact: <sip:a@10.0.0.1>'], ok(`${a};received="sip:{source}"`), {}, nated),
    preA,
    stored({ contact: 'sip:a@10.0.0.1', received: undefined }),
  ]),
  vector(
    '122',
    'received_param names the parameter in both directions',
    [
      register(['Contact: <sip:a@10.0.0.1>;rcv="sip:7.7.7.7"'], ok(`${a};rcv="sip:7.7.7.7"`)),
      register(['Contact: <sip:a@10.0.0.1>;received="sip:8.8.8.8"'], ok(`${a};rcv="sip:8.8.8.8"`)),
    ],
    { options: { receivedParam: 'rcv' }, decisions: [2] },
  ),
  vector('123', 'the received URI of a TCP source says so', [
    register(
      ['Contact: <sip:a@10.0.0.1>'],
      ok(`${a};received="sip:{source};transport=TCP"`),
      {},
      { fixNatedRegister: true, tcp: true },
    ),
  ]),
  vector(
    '124',
    'nat_flag is stored, and cleared by a refresh without it',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), {}, flag6),
      stored({ contact: 'sip:a@10.0.0.1', flags: 1 }),
      preA,
      stored({ contact: 'sip:a@10.0.0.1', flags: 0 }),
    ],
    { options: { natFlag: 6 } },
  ),
  vector(
    '125',
    'sip_natping_flag is stored, and no lookup gives it back',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), {}, { flags: [7] }),
      stored({ contact: 'sip:a@10.0.0.1', flags: 512 }),
      lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'], messageFlags: [], branchFlags: [] }),
    ],
    { options: { sipNatpingFlag: 7 } },
  ),
  vector(
    '126',
    'sock_flag: the socket of the header is stored, in every form it is written',
    [
      register(['Contact: <sip:a@10.0.0.1>', 'Sock-Info: {other.old}'], ok(a), {}, flag18),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{other}' }),
      preA,
      stored({ contact: 'sip:a@10.0.0.1', socket: '{receiving}' }),
      register(['Contact: <sip:a@10.0.0.1>', 'sock-info: {other.address}'], ok(a), {}, flag18),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{other}' }),
      preA,
      register(['Contact: <sip:a@10.0.0.1>', 'Sock-Info: {other}'], ok(a), {}, flag18),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{other}' }),
    ],
    { options: socketOptions, decisions: [3] },
  ),
  vector(
    '127',
    'sock_flag: a header that is absent, empty or not ours leaves the receiving socket',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), {}, flag18),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{receiving}' }),
      register(['Contact: <sip:a@10.0.0.1>', 'Sock-Info: 192.0.2.9:5060'], ok(a), {}, flag18),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{receiving}' }),
      register(['Contact: <sip:a@10.0.0.1>', 'Sock-Info:'], ok(a), {}, flag18),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{receiving}' }),
    ],
    { options: socketOptions },
  ),
  vector(
    '128',
    'sock_flag: a header without a port, or with a bad one, means port 5060 and is accepted',
    [
      register(['Contact: <sip:a@10.0.0.1>', 'Sock-Info: 192.0.2.9'], ok(a), {}, flag18),
      register(['Contact: <sip:a@10.0.0.1>', 'Sock-Info: 192.0.2.9_x'], ok(a), {}, flag18),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{receiving}' }),
    ],
    { options: socketOptions },
  ),
  vector(
    '129',
    'without sock_flag the header is ignored',
    [
      register(['Contact: <sip:a@10.0.0.1>', 'Sock-Info: {other.address}'], ok(a)),
      stored({ contact: 'sip:a@10.0.0.1', socket: '{receiving}' }),
    ],
    { options: socketOptions },
  ),
];

/** a with q=0.1 behind a NAT, b with q=0.9 not. */
const natedBehind: readonly Step[] = [
  register(['Contact: <sip:a@10.0.0.1>;q=0.1'], ok('<sip:a@10.0.0.1>;q=0.1;expires=3600'), {}, flag6),
  register(
    ['Contact: <sip:b@10.0.0.1>;q=0.9'],
    ok('<sip:b@10.0.0.1>;q=0.9;expires=3600, <sip:a@10.0.0.1>;q=0.1;expires=3600'),
  ),
];

const lookups: readonly Vector[] = [
  vector('131', 'lookup of an unknown address-of-record finds nothing', [
    lookup({ outcome: 'not-found', targets: [], messageFlags: [], branchFlags: [] }),
  ]),
  vector(
    '132',
    'lookup takes the first contact for the Request-URI and the others for branches',
    [preAB, lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1', 'sip:b@10.0.0.1'] })],
    { decisions: [5] },
  ),
  vector(
    '133',
    'append_branches=0: lookup takes the first contact alone',
    [preAB, lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'], dropped: 0 })],
    { options: { appendBranches: false }, decisions: [5] },
  ),
  vector('135', 'lookup passes over an expired contact', [
    register(
      ['Contact: <sip:a@10.0.0.1>;q=0.9;expires=60, <sip:b@10.0.0.1>'],
      ok(`<sip:a@10.0.0.1>;q=0.9;expires=60, ${b}`),
    ),
    wait(60),
    lookup({ outcome: 'found', targets: ['sip:b@10.0.0.1'] }),
  ]),
  vector('136', 'lookup finds nothing when all contacts have expired', [
    lifetime(';expires=60', 60),
    wait(59),
    lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'] }),
    wait(1),
    lookup({ outcome: 'not-found', targets: [] }),
  ]),
  vector('137', 'lookup sends to the received URI', [
    register(['Contact: <sip:a@10.0.0.1>'], ok(`${a};received="sip:{source}"`), {}, nated),
    lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'], destinations: ['sip:{source}'] }),
  ]),
  vector(
    '139',
    'use_branch_flags=0: the NAT mark of a branch marks the message',
    [
      ...natedBehind,
      lookup({
        outcome: 'found',
        targets: ['sip:b@10.0.0.1', 'sip:a@10.0.0.1'],
        messageFlags: [6],
        branchFlags: [[]],
      }),
    ],
    { options: { natFlag: 6 } },
  ),
  vector(
    '140',
    'use_branch_flags=1: the NAT mark of a branch marks that branch',
    [
      ...natedBehind,
      lookup({
        outcome: 'found',
        targets: ['sip:b@10.0.0.1', 'sip:a@10.0.0.1'],
        messageFlags: [],
        branchFlags: [[6]],
      }),
    ],
    { options: { natFlag: 6, useBranchFlags: true } },
  ),
  vector(
    '141',
    'use_branch_flags=1: the NAT mark of the Request-URI marks the message',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), {}, flag6),
      lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'], messageFlags: [6], branchFlags: [] }),
    ],
    { options: { natFlag: 6, useBranchFlags: true } },
  ),
  vector('142', 'of 13 contacts lookup uses 12', [
    register(
      [`Contact: ${Array.from({ length: 13 }, (_, i) => `<sip:u${i}@10.0.0.1>`).join(', ')}`],
      ok(Array.from({ length: 13 }, (_, i) => `<sip:u${i}@10.0.0.1>;q=0;expires=3600`).join(', ')),
    ),
    lookup({
      outcome: 'found',
      targets: Array.from({ length: 12 }, (_, i) => `sip:u${i}@10.0.0.1`),
      dropped: 1,
    }),
  ]),
  vector('143', 'a second lookup asks for the user of the contact', [
    preA,
    lookup({ outcome: 'found', targets: ['sip:a@10.0.0.1'] }),
    lookup({ outcome: 'not-found', targets: [] }, 'sip:a@10.0.0.1'),
  ]),
  vector(
    '144',
    'registered is true with a valid contact and false at the second it expires',
    [
      { step: 'registered', uri: 'sip:alice@example.com', expect: false },
      lifetime(';expires=60', 60),
      { step: 'registered', uri: 'sip:alice@example.com', expect: true },
      wait(60),
      { step: 'registered', uri: 'sip:alice@example.com', expect: false },
    ],
    { decisions: [18] },
  ),
  vector('145', 'a Request-URI with a bad escape finds nothing', [
    lookup({ outcome: 'not-found', targets: [] }, 'sip:%80@example.com'),
    { step: 'registered', uri: 'sip:%80@example.com', expect: false },
  ]),
];

const functionsAndStore: readonly Vector[] = [
  vector('148', 'save_noreply stores and sends nothing', [
    register(['Contact: <sip:a@10.0.0.1>'], 'no reply', {}, { save: 'save_noreply' }),
    stored({ contact: 'sip:a@10.0.0.1', expires: 3600 }),
  ]),
  vector(
    '149',
    'the contacts of one user are never in the reply to another',
    [
      register(['Contact: <sip:a@10.0.0.1>'], 'no reply', {}, { save: 'save_noreply' }),
      register(['Contact: <sip:b@10.0.0.1>;q=7'], bad('Invalid q param in contact'), { to: '<sip:bob@example.com>' }),
      register(['Contact: *', 'Expires: 0'], ok(), { to: '<sip:bob@example.com>' }),
      register([], ok(), { to: '<sip:bob@example.com>' }),
    ],
    { decisions: [23] },
  ),
  vector('153', 'save_memory replies and marks the binding', [
    register(['Contact: <sip:a@10.0.0.1>'], ok(a), {}, { save: 'save_memory' }),
    stored({ contact: 'sip:a@10.0.0.1', flags: 256 }),
  ]),
  vector(
    '154',
    'a plain save of that contact takes the mark away',
    [
      register(['Contact: <sip:a@10.0.0.1>'], ok(a), {}, { save: 'save_memory' }),
      preA,
      stored({ contact: 'sip:a@10.0.0.1', flags: 0 }),
    ],
    { decisions: [27] },
  ),
  vector('155', 'a removed contact is not listed again', [
    preA,
    register(['Contact: <sip:a@10.0.0.1>;expires=0'], ok()),
    register([], ok()),
  ]),
  vector('156', 'a removed contact can come back at once', [
    preA,
    register(['Contact: <sip:a@10.0.0.1>;expires=0'], ok()),
    preA,
  ]),
  vector(
    '156a',
    'a binding is invisible from the second of its expiry on',
    [lifetime(';expires=2', 2), wait(2), register([], ok())],
    { options: { minExpires: 0 } },
  ),
  vector('157', 'a permanent contact is always valid and listed', [
    { step: 'add', command: { aor: 'alice', contact: 'sip:p@10.0.0.1', expires: 0, q: 1000, flags: 128 } },
    wait(86_400),
    register([], ok('<sip:p@10.0.0.1>;q=1;expires=0')),
    lookup({ outcome: 'found', targets: ['sip:p@10.0.0.1'] }),
  ]),
];

/** Every vector of the registrar with bindings in memory. */
export const registrarVectors: readonly Vector[] = [
  ...fetching,
  ...order,
  ...removal,
  ...star,
  ...expires,
  ...preference,
  ...addressOfRecord,
  ...ordering,
  ...maxContacts,
  ...duplicates,
  ...natAndSocket,
  ...lookups,
  ...functionsAndStore,
];

/** The vectors about options that are wrong. */
export const startVectors: readonly StartVector[] = [
  {
    number: '77',
    title: 'default_q above 100 is an error at the start',
    options: { defaultQ: 5000 },
    decisions: [1],
    errors: ['defaultQ'],
    warnings: [],
  },
  {
    number: '77-negative',
    title: 'default_q below 0 is an error at the start',
    options: { defaultQ: -7 },
    decisions: [1],
    errors: ['defaultQ'],
    warnings: [],
  },
  {
    number: '152',
    title: 'sock_flag without sock_hdr_name starts with a warning and has no effect',
    options: { sockFlag: 18 },
    decisions: [],
    errors: [],
    warnings: ['sockFlag'],
  },
];

/** The vectors that other parts have to hold. */
export const laterVectors: readonly LaterVector[] = [
  {
    number: '130',
    title: 'add_sock_hdr adds the receiving socket to the forwarded copy',
    part: 'routing',
    reason: 'a forwarded request; the text of the header is tested with src/registrar/socket-header.ts',
  },
  {
    number: '134',
    title: 'a 302 of the script lists the contacts that a lookup found',
    part: 'routing',
    reason: 'a redirect built from the destination set',
  },
  {
    number: '138',
    title: 'a found contact without received clears a destination URI set before (decision 17)',
    part: 'routing',
    reason: 'the destination URI belongs to the request context',
  },
  {
    number: '146',
    title: 'in a failure route only appended branches are tried',
    part: 'routing',
    reason: 'relaying from a failure route',
  },
  {
    number: '147',
    title: 'a stored socket is forced for sending, or its counterpart in the transport needed',
    part: 'transport',
    reason: 'the choice of a listener',
  },
  {
    number: '150',
    title: 'after an error reply of save the script ends (decision 20)',
    part: 'routing',
    reason: 'the return value of a script function',
  },
  {
    number: '151',
    title: 'use_domain of usrloc and registrar have to agree',
    part: 'configuration',
    reason: 'two modules of one configuration',
  },
  {
    number: '153-row',
    title: 'save_memory writes no row (decision 27)',
    part: 'persistence',
    reason: 'there is no database yet',
  },
  {
    number: '154-row',
    title: 'a plain save after save_memory writes the row (decision 27)',
    part: 'persistence',
    reason: 'there is no database yet',
  },
  {
    number: '155-row',
    title: 'write-back: the row of a removed contact goes at the next flush',
    part: 'persistence',
    reason: 'there is no database yet',
  },
  {
    number: '156-row',
    title: 'write-back: a contact that comes back before the flush keeps its row',
    part: 'persistence',
    reason: 'there is no database yet',
  },
  {
    number: '156b',
    title: 'write-back with use_domain=1: a To without user makes a row with an empty username',
    part: 'persistence',
    reason: 'there is no database yet',
  },
];
