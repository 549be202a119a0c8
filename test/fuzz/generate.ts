import fc from 'fast-check';

/** A header as the grammar allows it: its canonical name, the value when unfolded, and the line as one of its many spellings. */
export interface GeneratedHeader {
  readonly name: string;
  readonly value: string;
  readonly line: string;
}

/** A message with what must be seen in it. */
export interface GeneratedRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly GeneratedHeader[];
  readonly body: Buffer;
  readonly bytes: Buffer;
}

const compactForms: Readonly<Record<string, string>> = {
  via: 'v',
  to: 't',
  from: 'f',
  'call-id': 'i',
  contact: 'm',
  'content-length': 'l',
  'content-type': 'c',
  supported: 'k',
  subject: 's',
};

function chars(alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
}

const alphanum = 'abcXYZ0189';
const token = chars(`${alphanum}-.!%*_+\`'~`, 1, 12);
const escaped = fc.constantFrom('%20', '%00', '%41', '%7f', '%c3%a9', '%40');

/** quoted-string, with quoted pairs, separators and UTF-8 in it; never two blanks in a row, which folding would make one. */
const quotedString = fc
  .array(fc.oneof(chars(`${alphanum};,<>@=:()`, 1, 6), fc.constantFrom('\\"', '\\\\', '\\<', '\xc3\xa9', ' x')), {
    maxLength: 6,
  })
  .map((parts) => `"${parts.join('')}"`);

const label = chars('abcxyz019', 1, 6);
const hostname = fc
  .tuple(fc.array(label, { maxLength: 3 }), chars('abcxyz', 2, 4))
  .map(([labels, top]) => [...labels, top].join('.'));
const ipv4 = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))).map((parts) => parts.join('.'));
const host = fc.oneof(
  hostname,
  ipv4,
  fc.ipV6().map((address) => `[${address}]`),
);
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
const hostport = fc.tuple(host, port).map(([name, number]) => (number === undefined ? name : `${name}:${number}`));

const userPart = fc
  .array(fc.oneof(chars(`${alphanum}-_.!~*'()&=+$,;?/`, 1, 5), escaped), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const uriParam = fc
  .tuple(
    chars(`${alphanum}-_.!~*'()[]/:&+$`, 1, 6),
    fc.option(chars(`${alphanum}-_.!~*'()[]/:&+$`, 1, 6), { nil: undefined }),
  )
  .map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`));

/** A SIP URI without headers, as a Request-URI must be. */
export const sipUri = fc
  .tuple(
    fc.constantFrom('sip', 'sips', 'SIP'),
    fc.option(userPart, { nil: undefined }),
    hostport,
    fc.array(uriParam, { maxLength: 3 }),
  )
  .map(
    ([scheme, user, where, params]) => `${scheme}:${user === undefined ? '' : `${user}@`}${where}${params.join('')}`,
  );

const genericParam = fc
  .tuple(token, fc.option(fc.oneof(token, quotedString, host), { nil: undefined }))
  .map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`));
const params = fc.array(genericParam, { maxLength: 3 }).map((list) => list.join(''));

const displayName = fc.oneof(
  fc.constant(''),
  quotedString,
  token.map((word) => `${word} `),
);
const nameAddr = fc.tuple(displayName, sipUri, params).map(([name, uri, rest]) => `${name}<${uri}>${rest}`);
const routes = fc.array(nameAddr, { minLength: 1, maxLength: 3 }).map((list) => list.join(', '));

const via = fc
  .tuple(fc.constantFrom('UDP', 'TCP', 'TLS', 'WS', 'SCTP'), hostport, token, params)
  .map(([transport, sentBy, branch, rest]) => `SIP/2.0/${transport} ${sentBy};branch=z9hG4bK${branch}${rest}`);
const vias = fc.array(via, { minLength: 1, maxLength: 3 }).map((list) => list.join(', '));

const tokens = fc.array(token, { minLength: 1, maxLength: 4 }).map((list) => list.join(', '));
const mediaType = fc.tuple(token, token, params).map(([type, subtype, rest]) => `${type}/${subtype}${rest}`);
const number = fc.nat(2 ** 31 - 2).map(String);
const text = fc.array(chars(`${alphanum};,<>"@=:()\xe9`, 1, 8), { maxLength: 5 }).map((words) => words.join(' '));
const authParams = fc
  .uniqueArray(token, { minLength: 1, maxLength: 4, selector: (name) => name.toLowerCase() })
  .chain((names) => fc.tuple(...names.map((name) => fc.oneof(token, quotedString).map((value) => `${name}=${value}`))))
  .map((list) => list.join(', '));

/** Values by canonical name, of headers that may be there or not. */
const optionalValues: Readonly<Record<string, fc.Arbitrary<string>>> = {
  accept: fc.array(mediaType, { maxLength: 3 }).map((list) => list.join(', ')),
  'accept-encoding': fc.tuple(token, params).map((parts) => parts.join('')),
  'alert-info': fc.tuple(sipUri, params).map(([uri, rest]) => `<${uri}>${rest}`),
  allow: tokens,
  authorization: authParams.map((list) => `Digest ${list}`),
  // Decision 13: a contact that begins with "*" is exactly that, whatever display names may begin with.
  contact: routes.filter((list) => !/(^|, )\*/.test(list)),
  'content-disposition': fc.tuple(token, params).map((parts) => parts.join('')),
  'content-type': mediaType,
  date: fc
    .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toUTCString()),
  expires: number,
  'in-reply-to': tokens,
  'max-forwards': fc.nat(255).map(String),
  'min-expires': number,
  path: routes,
  priority: token,
  'record-route': routes,
  require: tokens,
  'retry-after': fc.tuple(number, fc.constantFrom('', ' (busy (very))'), params).map((parts) => parts.join('')),
  route: routes,
  subject: text,
  supported: tokens,
  'user-agent': fc.tuple(token, token).map(([name, version]) => `${name}/${version} (a \\) b)`),
  warning: fc.tuple(fc.integer({ min: 300, max: 399 }), host, quotedString).map((parts) => parts.join(' ')),
  'x-unknown': text,
};

/** One spelling of a header line: long or compact name in any case, blanks around the colon, folding at the blanks. */
function spelled(name: string, value: string): fc.Arbitrary<GeneratedHeader> {
  const names = compactForms[name] === undefined ? [name] : [name, compactForms[name]];
  return fc
    .record({
      spelling: fc.constantFrom(...names),
      upper: fc.boolean(),
      beforeColon: fc.constantFrom('', '', ' ', '\t '),
      afterColon: fc.constantFrom(' ', '', '  ', '\r\n '),
      fold: fc.constantFrom(' ', ' ', '\r\n ', ' \r\n\t'),
      end: fc.constantFrom('', '', ' '),
    })
    .map(({ spelling, upper, beforeColon, afterColon, fold, end }) => ({
      name,
      value,
      line: `${upper ? spelling.toUpperCase() : spelling}${beforeColon}:${afterColon}${value.replaceAll(' ', fold)}${end}\r\n`,
    }));
}

function header(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<GeneratedHeader> {
  return value.chain((generated) => spelled(name, generated));
}

const optionalHeaders = fc
  .uniqueArray(fc.constantFrom(...Object.keys(optionalValues)), { maxLength: 8 })
  // The cast: the name is one of the keys.
  .chain((names) => fc.tuple(...names.map((name) => header(name, optionalValues[name] as fc.Arbitrary<string>))));

/** A request that the grammar of RFC 3261 §25.1 allows and that may be served. */
export const request: fc.Arbitrary<GeneratedRequest> = fc
  .record({ method: token, uri: sipUri, sequence: fc.nat(2 ** 31 - 1), body: fc.uint8Array({ maxLength: 40 }) })
  .chain(({ method, uri, sequence, body }) =>
    fc
      .tuple(
        header('via', vias),
        header('to', nameAddr),
        header('from', nameAddr),
        header('call-id', token),
        spelled('cseq', `${sequence} ${method}`),
        spelled('content-length', String(body.length)),
      )
      .chain((mandatory) => optionalHeaders.chain((optional) => shuffled([...mandatory, ...optional])))
      .map((headers) => {
        const head = `${method} ${uri} SIP/2.0\r\n${headers.map(({ line }) => line).join('')}\r\n`;
        return {
          method,
          uri,
          headers,
          body: Buffer.from(body),
          bytes: Buffer.concat([Buffer.from(head, 'latin1'), body]),
        };
      }),
  );

function shuffled(headers: readonly GeneratedHeader[]): fc.Arbitrary<readonly GeneratedHeader[]> {
  return fc.shuffledSubarray([...headers], { minLength: headers.length });
}
