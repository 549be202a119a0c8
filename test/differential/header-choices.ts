import type { SeededRandom } from '../fuzz/seeded-random.ts';

/**
 * A value as an ordinary phone writes it, and as somebody else might: legal but unusual, malformed, hostile. A choice
 * that is undefined leaves the header out, several lines are a list.
 */
export interface Choices {
  readonly usual: readonly Choice[];
  readonly odd: readonly Choice[];
}

export type Choice = string | readonly string[] | undefined;

/** Whom a REGISTER is about: few of each, so that requests meet each other's bindings. */
export interface Person {
  readonly user: string;
  readonly host: string;
  readonly contactPort: number;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
  readonly sentBy: string;
}

const long = (length: number, text = 'x'): string => text.repeat(length);

/** Users that are written without escapes; with some hosts, the last ones are too long for an address of record. */
export const users = [
  'alice',
  'Alice',
  'bob',
  '1002',
  "!*'()&=+$,;?/",
  long(180, 'u'),
  long(240, 'u'),
  long(245, 'u'),
] as const;
/** Hosts of an address of record; the last ones are none, or none that a name may look like. */
export const hosts = [
  'example.com',
  'example.com',
  'EXAMPLE.com',
  'sip.example.com',
  'example.com:5060',
  '127.0.0.1',
  '192.0.2.1:5070',
  'other.example',
  'example.com.',
] as const;
const oddHosts = [
  'a..b',
  '-a.b',
  'a-.com',
  'host',
  'h.1',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  'a_b.com',
  '[2001:db8::1]',
  '[::1]:5060',
  '2001:db8::1',
  'example.com:',
  'example.com:0',
  'example.com:65535',
  'example.com:65536',
  'example.com:5060x',
  'com.',
  '.',
  '',
  'ex%61mple.com',
  long(300, 'a'),
] as const;

/** What stands between `REGISTER` and the line break. */
export function requestLine({ user, host }: Person): Choices {
  return {
    usual: [`REGISTER sip:${host} SIP/2.0`],
    odd: [
      ...oddHosts.map((name) => `REGISTER sip:${name} SIP/2.0`),
      'REGISTER sip:elsewhere.example SIP/2.0',
      'REGISTER sip:sip.example.com SIP/2.0',
      `REGISTER sip:${user}@${host} SIP/2.0`,
      `REGISTER sips:${host} SIP/2.0`,
      `REGISTER SIP:${host} SIP/2.0`,
      `REGISTER sip:${host};transport=udp SIP/2.0`,
      `REGISTER sip:${host}?a=b SIP/2.0`,
      'REGISTER tel:+123 SIP/2.0',
      'REGISTER http://example.com SIP/2.0',
      `register sip:${host} SIP/2.0`,
      `REGISTER  sip:${host} SIP/2.0`,
      `REGISTER sip:${host}  SIP/2.0`,
      `REGISTER sip:${host} SIP/2.0 `,
      `REGISTER sip:${host} sip/2.0`,
      `REGISTER sip:${host} SIP/3.0`,
      `REGISTER sip:${host} SIP/2.00`,
      `REGISTER sip:${host}`,
      `REGISTER <sip:${host}> SIP/2.0`,
      `OPTIONS sip:${host} SIP/2.0`,
      `MESSAGE sip:${user}@${host} SIP/2.0`,
    ],
  };
}

/** Via values. */
export function via({ branch, sentBy }: Person): Choices {
  const start = `SIP/2.0/UDP ${sentBy}`;
  const unique = `branch=z9hG4bK${branch}`;
  return {
    usual: [
      `${start};${unique};rport`,
      `${start};rport;${unique}`,
      `${start};${unique}`,
      `SIP/2.0/TCP ${sentBy};${unique};alias`,
      `SIP/2.0/UDP phone.example.com;rport;${unique}`,
    ],
    odd: [
      `${start};${unique};rport=1234`,
      `${start};${unique};rport=0`,
      `${start};${unique};rport=`,
      `${start};${unique};RPORT`,
      `${start};${unique};rport;rport`,
      `${start};rport;${unique};rport`,
      `${start};${unique};received=198.51.100.1`,
      `${start};${unique};received=198.51.100.1;rport`,
      `${start};rport;received=198.51.100.1;${unique};x=y`,
      `${start};${unique};maddr=127.0.0.1`,
      `${start};${unique};maddr=255.255.255.255`,
      `${start};${unique};ttl=16`,
      `${start};${unique};ttl=16;maddr=224.2.0.1`,
      `${start};${unique};alias;rport`,
      `${start};alias=1;${unique};rport`,
      `${start};alias="1";${unique}`,
      `${start};${unique};x`,
      `${start};${unique};x=y;rport`,
      `${start};${unique};x="y;rport"`,
      `${start};${unique};keep;rport`,
      `${start};${unique};`,
      `${start};;${unique}`,
      `${start};=x;${unique}`,
      `${start}; ${unique} ; rport`,
      `${start} ;${unique};rport`,
      `${start};${unique};rport `,
      `${start};branch = z9hG4bK${branch}`,
      `${start};Branch=z9hG4bK${branch};rport`,
      `${start};${unique};${unique}`,
      `${start};${unique};branch=z9hG4bKother`,
      `${start};${unique}[x]`,
      `${start};${unique}:x;rport`,
      `${start};branch="z9hG4bK${branch}"`,
      `${start};branch=z9hG4bK`,
      `${start};branch=z9hG4bK;rport`,
      `${start};branch=Z9HG4BK${branch};rport`,
      `${start};branch=${branch}`,
      `${start};branch=`,
      `${start};branch`,
      start,
      `${start};rport`,
      `SIP/2.0/UDP ${sentBy}:5060;${unique}`,
      `SIP/2.0/UDP 10.0.0.1:;${unique};rport`,
      `SIP/2.0/UDP 10.0.0.1:0;${unique};rport`,
      `SIP/2.0/UDP 10.0.0.1:65535;${unique};rport`,
      `SIP/2.0/UDP 10.0.0.1:65536;${unique};rport`,
      `SIP/2.0/UDP 10.0.0.1:99999999999;${unique};rport`,
      `SIP/2.0/UDP 10.0.0.1:005060;${unique};rport`,
      `SIP/2.0/UDP 10.0.0.1 : 5060;${unique};rport`,
      `SIP/2.0/UDP 10.0.0.1:5060x;${unique};rport`,
      `SIP/2.0/UDP [2001:db8::9]:5060;${unique};rport`,
      `SIP/2.0/UDP [2001:db8::9];${unique};rport`,
      `SIP/2.0/UDP 2001:db8::9;${unique};rport`,
      `SIP/2.0/UDP fe80::1:5060;${unique}`,
      `SIP/2.0/UDP a_b;${unique};rport`,
      `SIP/2.0/UDP -;${unique};rport`,
      `SIP/2.0/UDP ..;${unique};rport`,
      `SIP/2.0/UDP ;${unique}`,
      `SIP/2.0/TLS ${sentBy};${unique};rport`,
      `SIP/2.0/WS d7.invalid;${unique}`,
      `SIP/2.0/SCTP ${sentBy};${unique}`,
      `SIP/2.0/udp ${sentBy};${unique};rport`,
      `sip/2.0/UDP ${sentBy};${unique}`,
      `SIP / 2.0 / UDP ${sentBy};${unique}`,
      `SIP/2.0/UDP  ${sentBy};${unique}`,
      `SIP/2.0/UDP\t${sentBy};${unique}`,
      `SIP/2.0/UDP${sentBy};${unique}`,
      `SIP/3.0/UDP ${sentBy};${unique}`,
      `${start};${unique}, SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKnext`,
      [`${start};${unique};rport`, 'SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKnext'],
      ['SIP/2.0/UDP 10.9.9.9', `${start};${unique};rport`],
      `${start};${unique}${long(400, 'b')};rport`,
      `${start};${unique}\xe9;rport`,
      undefined,
      '',
    ],
  };
}

/** The To that belongs to a person, or another one. */
export function to(person: Person): Choices {
  const { user, host } = person;
  const aor = `sip:${user}@${host}`;
  return {
    usual: [`<${aor}>`, `<${aor}>`, `"A. Lice" <${aor}>`],
    odd: [
      ...addresses(person),
      ...addresses(person),
      `<${aor}>;tag=x`,
      `<${aor}>;tag=`,
      `<${aor}>;tag`,
      `<${aor}>;x=y`,
      `<${aor}> `,
      `<${aor}>,<sip:bob@example.com>`,
      '<sip:bob@elsewhere.example>',
      [`<${aor}>`, `<${aor}>`],
      undefined,
      '',
    ],
  };
}

/** The From of a person's own registration, or another one. */
export function from(person: Person): Choices {
  const aor = `sip:${person.user}@${person.host}`;
  return {
    usual: [`<${aor}>;tag=f1`, `"A. Lice" <${aor}>;tag=f-1.!%*_+\`'~`],
    odd: [
      ...addresses(person).map((address) => `${address};tag=f2`),
      `<${aor}>`,
      `<${aor}>;tag=`,
      `<${aor}>;tag=f[1]`,
      `<${aor}>;tag="f1"`,
      `<${aor}>;TAG=f1`,
      `<${aor}>;tag=f1;x=y`,
      `<${aor}>;x=y;tag=f1`,
      `<${aor}>;tag=f1;`,
      `<${aor}> ;tag=f1`,
      `<${aor}>; tag=f1`,
      `<${aor}>;tag = f1`,
      `<${aor}>;tag=f1 `,
      `<${aor}>;tag=f1;tag=f2`,
      '<sip:bob@elsewhere.example>;tag=f1',
      [`<${aor}>;tag=f1`, `<${aor}>;tag=f1`],
      undefined,
      '',
    ],
  };
}

/** Ways to write somebody's address, right and wrong. */
function addresses({ user, host }: Person): string[] {
  const aor = `sip:${user}@${host}`;
  return [
    ...oddHosts.map((name) => `<sip:${user}@${name}>`),
    aor,
    `Alice <${aor}>`,
    `A L <${aor}>`,
    `"A \\"L\\"" <${aor}>`,
    `"A \\\\" <${aor}>`,
    `"" <${aor}>`,
    `"A"<${aor}>`,
    `"A"  <${aor}>`,
    `"<sip:x@y>;tag=1, " <${aor}>`,
    `"Zo\xc3\xa9" <${aor}>`,
    `Zo\xc3\xa9 <${aor}>`,
    `"A\x07" <${aor}>`,
    `"A\n" <${aor}>`,
    `"A\r\n" <${aor}>`,
    `"A\\\n" <${aor}>`,
    `"A\x7f" <${aor}>`,
    `"A <${aor}>`,
    `A" <${aor}>`,
    ` <${aor}>`,
    `<${aor}`,
    `${aor}>`,
    `<<${aor}>>`,
    `< ${aor}>`,
    `<${aor} >`,
    '<>',
    '<sip:>',
    `<sip:@${host}>`,
    `<sip:${host}>`,
    `<sip:${user}:secret@${host}>`,
    `<sip:%61lice@${host}>`,
    `<sip:al%69ce@${host}>`,
    `<sip:al%00ice@${host}>`,
    `<sip:al%zzce@${host}>`,
    `<sip:al\xe9ce@${host}>`,
    `<sip:al ice@${host}>`,
    `<sip:al@ice@${host}>`,
    `<sip:${user.toUpperCase()}@${host}>`,
    `<SIP:${user}@${host}>`,
    `<sips:${user}@${host}>`,
    `<${aor};user=phone>`,
    `<${aor};transport=tcp>`,
    `<${aor}?Subject=x>`,
    '<tel:+15551234>',
    '<tel:123;phone-context=example.com>',
    '<mailto:alice@example.com>',
    'alice@example.com',
    `<sip:${long(260)}@${host}>`,
    `<sip:${long(199)}@e.com>`,
  ];
}

export function callId({ callId: usual }: Person): Choices {
  return {
    usual: [usual],
    odd: [
      `${usual} `,
      ` ${usual}`,
      `${usual} x`,
      `${usual}\t`,
      `${usual.toUpperCase()}`,
      '"<>()[]{}:\\/?=,;@@',
      `${usual}\xe9`,
      `${usual}\x7f`,
      `${usual}\x00`,
      long(1023, 'c'),
      long(1024, 'c'),
      long(1025, 'c'),
      [usual, usual],
      [usual, 'other'],
      undefined,
      '',
    ],
  };
}

export function cseq({ cseq: number }: Person): Choices {
  return {
    usual: [`${number} REGISTER`],
    odd: [
      `0${number} REGISTER`,
      `000000000${number} REGISTER`,
      `${number}  REGISTER`,
      `${number}\tREGISTER`,
      `${number} REGISTER `,
      ` ${number} REGISTER`,
      `${number} register`,
      `${number} REGISTERS`,
      `${number} INVITE`,
      `${number}REGISTER`,
      `${number}`,
      `-1 REGISTER`,
      `+1 REGISTER`,
      `1.5 REGISTER`,
      '999999999 REGISTER',
      '1000000000 REGISTER',
      '2147483647 REGISTER',
      '2147483648 REGISTER',
      '99999999999999999999 REGISTER',
      'REGISTER 1',
      [`${number} REGISTER`, `${number} REGISTER`],
      undefined,
      '',
    ],
  };
}

export function contact({ user, contactPort }: Person): Choices {
  const uri = `sip:${user}@10.0.0.1:${contactPort}`;
  return {
    usual: [
      `<${uri}>`,
      `<${uri}>;expires=3600`,
      `<${uri}>;expires=60`,
      `<${uri}>;expires=5`,
      `<${uri}>;expires=0`,
      `<${uri};transport=tcp>;expires=600`,
      `<${uri}>;expires=600;q=0.5`,
      `<${uri}>;+sip.instance="<urn:uuid:1>";reg-id=1`,
      undefined,
    ],
    odd: [
      ...['', 'abc', '-1', '0000', '0', '007', '59', '61', '999999999', '1000000000', '4294967296', '9'.repeat(30)].map(
        (expires) => `<${uri}>;expires=${expires}`,
      ),
      ...['0', '1', '1.0', '1.000', '0.25', '0.2501', '1.001', '.5', '0.', 'abc', '', '-0.5', '2', '00.5'].map(
        (q) => `<${uri}>;q=${q}`,
      ),
      `<${uri}>;expires`,
      `<${uri}>;expires="60"`,
      `<${uri}>;EXPIRES=60`,
      `<${uri}>;expires=60;expires=90`,
      `<${uri}>;expires=60;q=0.7`,
      `<${uri}>;q=0.7;expires=60`,
      `<${uri}>;expires=60;`,
      `<${uri}>;;expires=60`,
      `<${uri}> ;expires=60`,
      `<${uri}>; expires=60`,
      `<${uri}>;expires = 60`,
      `<${uri}>;expires=60 `,
      `<${uri}>;expires=60x`,
      `<${uri}>;expires=6[0]`,
      `<${uri}>;x`,
      `<${uri}>;x=y`,
      `<${uri}>;x="a,b";expires=90`,
      `<${uri}>;x="a`,
      `<${uri}>;received="sip:198.51.100.1:5060"`,
      `<${uri}>;rcv="sip:198.51.100.2:5060";expires=120`,
      `<${uri}>;received=abc`,
      `<${uri}>;methods="INVITE, BYE"`,
      `<${uri}>;+sip.instance="<urn:uuid:1>"`,
      `<${uri}>;+sip.instance="<urn:uuid:1>";reg-id=2`,
      `<sip:${user}@10.9.9.9>;+sip.instance="<urn:uuid:1>";reg-id=1`,
      `<${uri}>;+sip.instance=;reg-id=0`,
      `<${uri}>;reg-id=4294967296`,
      `${uri}`,
      `${uri};expires=60`,
      `${uri}?a=b`,
      `"A" <${uri}>`,
      `A <${uri}>;expires=60`,
      `"A,B" <${uri}>;expires=60`,
      `<${uri}>,<sip:${user}@10.0.0.2>`,
      `<${uri}>;expires=0, <sip:${user}@10.0.0.2>;expires=60`,
      `<${uri}>, <${uri}>;expires=0`,
      `<${uri}>;expires=0, <${uri}>`,
      `<${uri}>,`,
      `,<${uri}>`,
      [`<${uri}>`, `<sip:${user}@10.0.0.3>;q=0.1`],
      [`<${uri}>`, `<${uri}>`],
      [`<${uri}>;expires=60`, '*'],
      '*',
      '*;expires=0',
      '* ',
      '*,<sip:a@b>',
      '<*>',
      `*x <${uri}>`,
      `<${uri};lr;x=%41>`,
      `<${uri};transport=tcp;transport=udp>`,
      `<sip:${user}@10.0.0.1:${contactPort};b;a>`,
      `<sip:${user}@10.0.0.1:${contactPort};a;b>`,
      `<SIP:${user}@10.0.0.1:${contactPort}>`,
      `<sip:${user.toUpperCase()}@10.0.0.1:${contactPort}>`,
      `<sip:%61lice@10.0.0.1:${contactPort}>`,
      `<sip:alice@10.0.0.1:${contactPort}?Route=%3Csip:x%3E>`,
      `<sip:a,b@10.0.0.1>`,
      `<sip:a%2cb@10.0.0.1>`,
      `<sip:${user}@EXAMPLE.com>`,
      `<sip:${user}@example.com>`,
      `<sip:${user}@[2001:db8::1]:5060>`,
      `<sip:${user}@[2001:DB8:0::1]:5060>`,
      `<sips:${user}@10.0.0.1>`,
      '<tel:+15551234>',
      '<mailto:alice@example.com>',
      '<http://example.com/a?b#c>',
      '<sip:10.0.0.1>',
      ...oddHosts.map((host) => `<sip:x@${host}>;expires=300`),
      '<sip:x@10.0.0.1;x=[1]>',
      '<sip:x y@10.0.0.1>',
      '<sip:x\xe9@10.0.0.1>',
      '<sip:x%@10.0.0.1>',
      '<sip:x%4@10.0.0.1>',
      '<sip:x@y@10.0.0.1>',
      '<sip:x@10.0.0.1:70000>',
      '<sip:x@10.0.0.1;>',
      '<sip:x@10.0.0.1;=1>',
      '<sip:x@10.0.0.1?>',
      '<nothing>',
      '<:>',
      '<>',
      '<',
      '>',
      `<${uri}`,
      `<${uri}>>`,
      `<<${uri}>`,
      `<sip:${long(1200)}@10.0.0.1>`,
      `<${uri}>;x="${long(600)}"`,
      '',
    ],
  };
}

export const expires: Choices = {
  usual: [undefined, undefined, '3600', '600', '60', '5', '0'],
  odd: [
    '00',
    '007',
    '59',
    '999999999',
    '1000000000',
    '2147483648',
    '99999999999999999999',
    '-1',
    '+1',
    '1.5',
    'abc',
    '60 ',
    ' 60',
    '60\t',
    '60x',
    'Thu, 01 Dec 2040 16:00:00 GMT',
    ['60', '0'],
    ['abc', '60'],
    '',
  ],
};

export const maxForwards: Choices = {
  usual: ['70', '70', '69', undefined],
  odd: ['0', '1', '255', '256', '999', '1000', '000070', '0255', '-1', 'abc', '70 ', '7 0', ['70', '70'], ''],
};

export const userAgent: Choices = {
  usual: ['Phone/1.0', 'Phone/1.0', undefined],
  odd: [
    'Phone/1.0 ',
    'Phone\t',
    '\tPhone',
    'Voil\xc3\xa0',
    '\xa0Phone\xa0',
    'Phone\x0b',
    'Phone\x0c',
    'Phone\x00',
    '\xa0',
    long(255, 'p'),
    long(256, 'p'),
    `${long(254, 'p')}\xc3\xa0`,
    ['Phone/1.0', 'Phone/2.0'],
    '',
    ' ',
  ],
};

export const contentLength: Choices = {
  usual: ['0', '0', '0', undefined],
  odd: ['00', '0 ', ' 0', '1', '5', '-1', 'abc', '99999999999999999999', ['0', '0'], ['0', '5'], ''],
};

/** Header lines that may stand anywhere, and mostly mean nothing to a registrar. */
export const otherLines: Choices = {
  usual: [
    [],
    [],
    ['Allow: INVITE, ACK, CANCEL, BYE'],
    ['Supported: path, gruu, outbound', 'Allow-Events: talk'],
    ['Accept: application/sdp', 'Allow: INVITE'],
  ],
  odd: [
    'Allow:',
    'Allow: ',
    'allow: INVITE',
    'Allowx: INVITE',
    'Supported: \xe9\x00\x01',
    'Accept-Language: en',
    'Date: Thu, 01 Dec 2040 16:00:00 GMT',
    'Server: x',
    'Timestamp: 54.2',
    'Subject: x',
    's: x',
    'k: path',
    'X-Anything: at all',
    'X-Real-IP: 10.0.0.1',
    'P-Preferred-Identity: <sip:alice@example.com>',
    'Authorization: Digest username="alice"',
    'Require: path',
    'Require: PATH',
    'Require: outbound',
    'Require: ',
    'Require: gruu, foo',
    'Proxy-Require: foo',
    'Path: <sip:p1.example.com;lr>',
    'Path: <sip:p1.example.com;lr>,<sip:p2.example.com;lr>',
    'Path: nonsense',
    'Route: <sip:127.0.0.1:5060;lr>',
    'Route: <sip:127.0.0.1:5060;transport=udp;lr>, <sip:p2.example.com;lr>',
    'Route: sip:127.0.0.1:5060;lr',
    'Route: <sip:127.0.0.1:70000;lr>',
    'Route: nonsense',
    'Route: <sip:[::1;lr>',
    'Record-Route: <sip:p.example.com;lr>',
    'Content-Type: application/sdp',
    'Event: reg',
    'Min-Expires: 5',
    'Contact : <sip:blank@10.0.0.1>',
    'm: <sip:compact@10.0.0.1>;expires=77',
    'i: another',
    'l: 0',
    'e: gzip',
    'v: SIP/2.0/UDP 10.8.8.8;branch=z9hG4bKcompact',
    't: <sip:bob@example.com>',
    'f: <sip:bob@example.com>;tag=9',
    'no header at all',
    ': no name',
    ' a continuation',
    '\ta continuation',
    `X-Long: ${long(1500)}`,
    Array.from({ length: 60 }, (_, index) => `X-Many-${index}: 1`),
    Array.from({ length: 260 }, () => 'Allow: A'),
  ],
};

/** One of the usual choices, or one of the odd ones. */
export function choose(choices: Choices, odd: boolean, random: SeededRandom): Choice {
  return random.pick(odd ? choices.odd : choices.usual);
}
