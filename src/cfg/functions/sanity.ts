import { badExtension, unsupportedOptions } from '../../sip/check-extensions.ts';
import { checkRequest, checkResponse } from '../../sip/check-request.ts';
import { parseDeltaSeconds } from '../../sip/headers/expires.ts';
import { type SipRequest, SipResponse } from '../../sip/message.ts';
import { badRequest, type RequestRefusal } from '../../sip/request-refusal.ts';
import { isSipError } from '../../sip/sip-error.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgModule } from '../cfg-function.ts';
import { codeOf, integerOf, isProblem } from './arguments.ts';

/** Tests of messages that the check before every route leaves to others, by sanity's bits. */
const messageTests = { expires: 256, proxyRequire: 512 } as const;
/** Tests of URIs, by sanity's bits. */
const uriTests = { contact: 4 } as const;
/** What `sanity_check()` tests. */
const usualMessageTests = 999;
const usualUriTests = 7;

/** Options that a Proxy-Require may name. */
const supported: ReadonlySet<string> = new Set();

function refusalOf(request: SipRequest, tests: number, uris: number): RequestRefusal | undefined {
  const refusal = checkRequest(request);
  if (refusal) return refusal;
  if ((tests & messageTests.expires) !== 0) {
    const value = request.header('expires');
    if (value !== undefined && parseDeltaSeconds(value) === undefined) return badRequest('Invalid Expires value');
  }
  if ((tests & messageTests.proxyRequire) !== 0) {
    const options = unsupportedOptions(request, 'proxy-require', supported);
    if (options.length > 0) return badExtension(options);
  }
  return (uris & uriTests.contact) !== 0 && hasBadContact(request) ? badRequest('Malformed Contact URI') : undefined;
}

function hasBadContact({ contacts }: SipRequest): boolean {
  if (contacts === '*') return false;
  return isSipError(contacts) || contacts.some(({ uri }) => isSipError(uri));
}

function bindCheck(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const bits = { min: 0, max: 2 ** 31 - 1 };
  const tests = args.length > 0 ? integerOf(args, 0, { what: 'the mask of message tests', ...bits }) : undefined;
  if (tests !== undefined && isProblem(tests)) return tests;
  const uris = args.length > 1 ? integerOf(args, 1, { what: 'the mask of URI tests', ...bits }) : undefined;
  if (uris !== undefined && isProblem(uris)) return uris;
  return (run) => {
    // Nobody answers a reply.
    if (run.message instanceof SipResponse) return codeOf(checkResponse(run.message) === undefined);
    const messageMask = tests === undefined ? usualMessageTests : tests(run);
    const uriMask = uris === undefined ? usualUriTests : uris(run);
    const refusal = refusalOf(run.request, messageMask ?? usualMessageTests, uriMask ?? usualUriTests);
    if (refusal === undefined) return 1;
    run.context.sendReply(refusal.status, refusal.reason, refusal.headers);
    return -1;
  };
}

/** Tests of the syntax of requests; most of them are made before every route. */
export const sanityFunctions: CfgModule = {
  name: 'sanity',
  functions: [
    {
      name: 'sanity_check',
      arity: [0, 2],
      blocks: ['request', 'reply'],
      doc: 'Answers a request that is malformed. What nobody should act on was refused before the script, whatever the masks say.',
      returns: '1 when the message is sound; -1 when not',
      bind: bindCheck,
    },
  ],
};
