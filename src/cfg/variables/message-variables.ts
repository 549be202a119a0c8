import { canonicalHeaderName } from '../../sip/header-name.ts';
import { parseDeltaSeconds } from '../../sip/headers/expires.ts';
import { type SipMessage, SipRequest, SipResponse } from '../../sip/message.ts';
import { isSipError } from '../../sip/sip-error.ts';
import type { CfgRun } from '../run.ts';
import { byWord, plain, type VariableEntry } from './entry.ts';
import { choose } from './pv-index.ts';
import type { CfgValue } from './template.ts';

/** The message itself. */
export const messageVariables: readonly VariableEntry[] = [
  {
    name: 'rm',
    doc: 'The method of the request; `$null` in a reply.',
    origin: 'OpenSER 1.0',
    make: plain((run) => (run.reply === undefined ? run.context.method : undefined)),
  },
  {
    name: 'rs',
    doc: 'The status of the reply; `$null` in a request.',
    origin: 'OpenSER 1.0',
    make: plain((run) => run.reply?.response.status),
  },
  {
    name: 'rr',
    doc: 'The reason phrase of the reply; `$null` in a request.',
    origin: 'OpenSER 1.0',
    make: plain((run) => run.reply?.response.reason),
  },
  { name: 'rv', doc: 'The version of SIP.', origin: 'Kamailio', make: plain((run) => versionOf(run.message)) },
  {
    name: 'rb',
    doc: 'The body.',
    origin: 'OpenSER 1.0',
    make: plain((run) => bodyOf(run.message)),
  },
  { name: 'ua', doc: 'The User-Agent header.', origin: 'OpenSER 1.0', make: header('user-agent') },
  {
    name: 'ci',
    doc: 'The Call-ID.',
    origin: 'OpenSER 1.0',
    make: plain((run) => {
      const { callId } = run.message;
      return isSipError(callId) ? undefined : callId;
    }),
  },
  {
    name: 'cs',
    doc: 'The number in CSeq.',
    origin: 'OpenSER 1.0',
    make: plain((run) => {
      const { cseq } = run.message;
      return isSipError(cseq) ? undefined : cseq.number;
    }),
  },
  { name: 'csb', doc: 'The whole of CSeq.', origin: 'Kamailio', make: header('cseq') },
  {
    name: 'ct',
    doc: 'The first Contact header, as written.',
    origin: 'OpenSER 1.0',
    indexed: true,
    make: ({ index }) => ({ read: (run) => choose(linesOf(run.message, 'contact'), index, run) }),
  },
  { name: 'cT', doc: 'The Content-Type header.', origin: 'OpenSER 1.0', make: header('content-type') },
  {
    name: 'cl',
    doc: 'The number in Content-Length.',
    origin: 'OpenSER 1.0',
    make: plain((run) => {
      const { contentLength } = run.message;
      return typeof contentLength === 'number' ? contentLength : undefined;
    }),
  },
  {
    name: 'mb',
    doc: 'The whole message.',
    origin: 'OpenSER 1.0',
    make: plain((run) => run.message.toWire()),
  },
  {
    name: 'ml',
    doc: 'How many bytes the whole message has.',
    origin: 'OpenSER 1.0',
    make: plain((run) => run.message.toWire().length),
  },
  {
    name: 'mi',
    doc: 'A number that is the same wherever one message is at work, and another for the next.',
    origin: 'OpenSER 1.0',
    make: ({ scope }) => ({ read: (run) => scope.messageNumbers.of(run) }),
  },
  {
    name: 'mt',
    doc: '1 for a request, 2 for a reply.',
    origin: 'Kamailio',
    make: plain((run) => (run.reply === undefined ? 1 : 2)),
  },
  {
    name: 'msg',
    doc: 'A part of the message: `buf` all of it, `len` its bytes, `body`, `hdrs` the header lines, `fline` the first line.',
    origin: 'Kamailio',
    argument: 'len',
    make: byWord(
      {
        buf: (run) => run.message.toWire(),
        len: (run) => run.message.toWire().length,
        body: (run) => bodyOf(run.message),
        hdrs: (run) => linesText(run.message),
        fline: (run) => firstLineOf(run.message),
      },
      'msg',
    ),
  },
  {
    name: 'expires',
    doc: 'The shortest (`min`) or longest (`max`) lifetime that Expires and the contacts ask for, seconds.',
    origin: 'Kamailio',
    argument: 'min',
    make: byWord(
      {
        min: (run) => lifetimes(run.message)?.least,
        max: (run) => lifetimes(run.message)?.most,
      },
      'expires',
    ),
  },
  {
    name: 'hdr',
    doc: 'A header: the value of its first line, of the line that an index names, or of all with commas between them.',
    origin: 'OpenSER 1.0',
    argument: 'Via',
    indexed: true,
    make: ({ argument, argumentText, index }) => {
      if (argumentText !== undefined && index === undefined) {
        const name = canonicalHeaderName(argumentText);
        return { read: (run) => run.message.header(name) };
      }
      return { read: (run) => choose(linesOf(run.message, argument?.text(run) ?? ''), index, run) };
    },
  },
  {
    name: 'hdrc',
    doc: 'How many lines of a header there are.',
    origin: 'Kamailio',
    argument: 'Via',
    make: ({ argument }) => ({ read: (run) => run.message.headerLines(argument?.text(run) ?? '').length }),
  },
  {
    name: 'hdrcnt',
    doc: 'The same as `$hdrc`.',
    origin: 'OpenSIPS',
    argument: 'Via',
    make: ({ argument }) => ({ read: (run) => run.message.headerLines(argument?.text(run) ?? '').length }),
  },
  {
    name: 'hfl',
    doc: 'A header that is a list: its first value, the one that an index names, or all with commas between them.',
    origin: 'Kamailio',
    argument: 'Route',
    indexed: true,
    make: ({ argument, index }) => ({
      read: (run) => choose(run.message.values(argument?.text(run) ?? ''), index, run),
    }),
  },
  {
    name: 'hflc',
    doc: 'How many values a header that is a list has.',
    origin: 'Kamailio',
    argument: 'Route',
    make: ({ argument }) => ({ read: (run) => run.message.values(argument?.text(run) ?? '').length }),
  },
];

function header(name: string): VariableEntry['make'] {
  return plain((run: CfgRun) => run.message.header(name));
}

function linesOf(message: SipMessage, name: string): readonly CfgValue[] {
  return message.headerLines(name).map(({ value }) => value);
}

function bodyOf({ body }: SipMessage): string | undefined {
  return body.length === 0 ? undefined : body.toString('latin1');
}

function versionOf(message: SipMessage): string | undefined {
  return message instanceof SipRequest || message instanceof SipResponse ? message.version : undefined;
}

function firstLineOf(message: SipMessage): string {
  const wire = message.toWire();
  const end = wire.indexOf('\r\n');
  return end < 0 ? wire : wire.slice(0, end);
}

function linesText(message: SipMessage): string {
  let text = '';
  for (const field of message.headerFields()) text += field.line;
  return text;
}

interface Lifetimes {
  readonly least: number;
  readonly most: number;
}

/** What Expires and the contacts ask for; undefined when none asks for anything. */
function lifetimes(message: SipMessage): Lifetimes | undefined {
  const { contacts } = message;
  const asked: number[] = [];
  const general = parseDeltaSeconds(message.header('expires') ?? '');
  if (Array.isArray(contacts)) {
    for (const { expires } of contacts) {
      const own = expires === undefined ? general : (parseDeltaSeconds(expires) ?? general);
      if (own !== undefined) asked.push(own);
    }
  }
  if (asked.length === 0 && general !== undefined) asked.push(general);
  if (asked.length === 0) return undefined;
  return { least: Math.min(...asked), most: Math.max(...asked) };
}
