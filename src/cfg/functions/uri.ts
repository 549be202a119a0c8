import { isSipError } from '../../sip/sip-error.ts';
import { isSipUri, isTelUri, parseUri, type SipUri, type Uri } from '../../sip/uri.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { BlockKind, CfgRun } from '../run.ts';
import { anyBlock, checkedText, codeOf, isProblem, type Read, textOf } from './arguments.ts';
import { missingFunction } from './missing-function.ts';

const notReply: readonly BlockKind[] = ['request', 'failure', 'branch'];

/** The Request-URI as it stands; undefined when it cannot be read. */
export function requestUri({ branch, context }: CfgRun): Uri | undefined {
  const uri = branch === undefined ? context.parsedUri : parseUri(branch.uri);
  return isSipError(uri) ? undefined : uri;
}

export function setRequestUri({ branch, context }: CfgRun, uri: string): void {
  if (branch === undefined) context.uri = uri;
  else branch.uri = uri;
}

function sipRequestUri(run: CfgRun): SipUri | undefined {
  const uri = requestUri(run);
  return uri !== undefined && isSipUri(uri) ? uri : undefined;
}

function hasToTag({ message: { to } }: CfgRun): number {
  return codeOf(!isSipError(to) && to.tag !== undefined);
}

function wrongName(text: string): string | undefined {
  return /^[^\s;=?@<>"]+$/.test(text) ? undefined : `'${text}' is no name of a URI parameter`;
}

function bindUriParam(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const name = checkedText(args, 0, wrongName);
  if (isProblem(name)) return name;
  const [, value] = args;
  const wanted: Read<string> = value === undefined ? () => '' : textOf(value);
  return (run) => {
    const parameter = name(run);
    const found = parameter === undefined ? undefined : sipRequestUri(run)?.params.raw(parameter);
    return codeOf(found !== undefined && found.toLowerCase() === wanted(run)?.toLowerCase());
  };
}

function bindAddUriParam(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const parameter = checkedText(args, 0, (text) =>
    /^[^\s;=?@<>"]+(=[^\s;=?@<>"]+)?$/.test(text) ? undefined : `'${text}' must be name or name=value`,
  );
  if (isProblem(parameter)) return parameter;
  return (run) => {
    const added = parameter(run);
    const uri = sipRequestUri(run);
    if (added === undefined || uri === undefined) return -1;
    const headers = uri.headers === '' ? '' : `?${uri.headers}`;
    setRequestUri(run, `${uri.text.slice(0, uri.text.length - headers.length)};${added}${headers}`);
    return 1;
  };
}

// RFC 3261 §19.1.6: what follows the number stays a part of the user.
function telToSip(run: CfgRun): number {
  const uri = requestUri(run);
  if (uri === undefined) return -1;
  if (!isTelUri(uri)) return 1;
  const { from } = run.request;
  const caller = isSipError(from) ? from : from.uri;
  if (isSipError(caller) || !isSipUri(caller)) return -1;
  setRequestUri(run, `sip:${uri.text.slice('tel:'.length)}@${caller.host};user=phone`);
  return 1;
}

const truth = '1 true; -1 false';

/** What `uri` and its successor siputils have in common. */
export const uriTests: readonly CfgFunction[] = [
  {
    name: 'has_totag',
    arity: [0, 0],
    blocks: anyBlock,
    doc: 'Whether To has a tag: whether the request belongs to a dialog.',
    returns: truth,
    bind: () => hasToTag,
  },
  {
    name: 'uri_param',
    arity: [1, 2],
    blocks: notReply,
    doc: 'Whether the Request-URI has a parameter: without a value, or with that one.',
    returns: truth,
    bind: bindUriParam,
  },
  {
    name: 'add_uri_param',
    arity: [1, 1],
    blocks: notReply,
    doc: 'Adds a parameter to the Request-URI.',
    returns: '1; -1 when the Request-URI is no SIP URI',
    bind: bindAddUriParam,
  },
  {
    name: 'tel2sip',
    arity: [0, 0],
    blocks: notReply,
    doc: 'Makes a tel Request-URI a sip one, with the host of From; other URIs stay as they are.',
    returns: '1; -1 when From has no host',
    bind: () => telToSip,
  },
];

const noUsers = 'it looks users up in a database, which this version has not';

/** Request-URIs and who sends them. */
export const uriFunctions: CfgModule = {
  name: 'uri',
  functions: [
    ...uriTests,
    missingFunction('is_user', 'it needs credentials that were verified, and digest verification is not built yet'),
  ],
};

/** Users of a database. */
export const uriDbFunctions: CfgModule = {
  name: 'uri_db',
  functions: ['check_to', 'check_from', 'does_uri_exist', 'does_uri_user_exist'].map((name) =>
    missingFunction(name, noUsers),
  ),
};
