import { SipRequest } from '../../sip/message.ts';
import { isSipError } from '../../sip/sip-error.ts';
import { isSipUri, parseUri } from '../../sip/uri.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { anyBlock, codeOf, fails, problem, requestOnly, succeeds, textOf } from './arguments.ts';
import { requestUri, uriTests } from './uri.ts';

// A request of the first hop has one Via and was recorded by nobody; an answer to it, our own Record-Route on top.
function isFirstHop(run: CfgRun): number {
  const { message } = run;
  if (message instanceof SipRequest) return codeOf(message.values('via').length === 1 && !message.has('record-route'));
  const recorded = message.recordRoutes;
  const top = isSipError(recorded) ? undefined : recorded[0]?.uri;
  if (top === undefined || isSipError(top) || !isSipUri(top)) return -1;
  return codeOf(run.services.domains.isOurs(top.host, top.port));
}

// RFC 3261 §11.2
const optionsHeaders = [
  ['Accept', '*/*'],
  ['Accept-Language', 'en'],
] as const;

function replyToOptions(run: CfgRun): number {
  const uri = requestUri(run);
  if (run.context.method !== 'OPTIONS' || uri === undefined || !isSipUri(uri) || uri.user !== undefined) return -1;
  return codeOf(run.context.sendReply(200, 'OK', optionsHeaders));
}

type TextTest = (text: string) => boolean;

const isE164: TextTest = (text) => /^\+[0-9]{3,15}$/.test(text);

function userOf(text: string): string {
  const uri = parseUri(text);
  return isSipError(uri) || !isSipUri(uri) ? '' : (uri.user ?? '');
}

const textTests: readonly (readonly [name: string, doc: string, test: TextTest])[] = [
  ['is_e164', 'Whether a text is a number by E.164: + and 3 to 15 digits.', isE164],
  ['is_uri_user_e164', 'Whether the user part of a URI is a number by E.164.', (text) => isE164(userOf(text))],
  ['is_numeric', 'Whether a text has digits only.', (text) => /^[0-9]+$/.test(text)],
  ['is_alphanum', 'Whether a text has letters and digits only.', (text) => /^[A-Za-z0-9]+$/.test(text)],
  [
    'is_tel_number',
    'Whether a text is a telephone number: digits, after a + or not.',
    (text) => /^\+?[0-9]+$/.test(text),
  ],
];

function bindTextTest(args: readonly BoundArgument[], test: TextTest): CfgCall | BindingProblem {
  const [argument] = args;
  if (argument === undefined) return problem('the text is missing');
  const text = textOf(argument);
  return (run) => codeOf(test(text(run)));
}

const truth = '1 true; -1 false';

const optionsReply: CfgFunction = {
  name: 'options_reply',
  arity: [0, 0],
  blocks: requestOnly,
  doc: 'Answers 200 to an OPTIONS whose Request-URI has no user.',
  returns: '1 when it answered; -1 when the request is not for it',
  bind: () => replyToOptions,
};

/** Small tests of messages and texts. */
export const siputilsFunctions: CfgModule = {
  name: 'siputils',
  functions: [
    ...uriTests,
    {
      name: 'is_request',
      arity: [0, 0],
      blocks: anyBlock,
      doc: 'Whether the message at hand is a request.',
      returns: truth,
      bind: (_args, { block }) => (block === 'reply' ? fails : succeeds),
    },
    {
      name: 'is_reply',
      arity: [0, 0],
      blocks: anyBlock,
      doc: 'Whether the message at hand is a reply.',
      returns: truth,
      bind: (_args, { block }) => (block === 'reply' ? succeeds : fails),
    },
    {
      name: 'is_first_hop',
      arity: [0, 0],
      blocks: anyBlock,
      doc: 'Whether this server is the first one that the request came to, or the last one that its answer goes through.',
      returns: truth,
      bind: () => isFirstHop,
    },
    ...textTests.map(
      ([name, doc, test]): CfgFunction => ({
        name,
        arity: [1, 1],
        blocks: anyBlock,
        doc,
        returns: truth,
        bind: (args) => bindTextTest(args, test),
      }),
    ),
    optionsReply,
  ],
};

/** Answers to OPTIONS. */
export const optionsFunctions: CfgModule = { name: 'options', functions: [optionsReply] };
