import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { Run, Step } from '../run-state.ts';
import { type CoreCommand, problem, requestLike, requestOrFailure } from './command.ts';
import { numberOfArgument } from './numbers.ts';
import {
  stripped,
  strippedAtEnd,
  type UriEdit,
  withHost,
  withHostPort,
  withPort,
  withPrefix,
  withUser,
  withUserPassword,
} from './uri-edit.ts';

/** Longest Request-URI that a command makes (cfg-language §8). */
const maxUriLength = 1024;

/** The Request-URI of the block: a branch has its own. */
export function uriOf(run: Run): string {
  return run.branch === undefined ? run.context.uri : run.branch.uri;
}

/** Puts another Request-URI in its place; -1 when there is none. */
export function rewrite(run: Run, uri: string | undefined): 1 | -1 {
  if (uri === undefined || uri === '' || uri.length > maxUriLength) return -1;
  if (run.branch === undefined) run.context.uri = uri;
  else run.branch.uri = uri;
  return 1;
}

function editing(
  names: readonly string[],
  doc: string,
  edit: UriEdit,
  check?: (text: string) => string | undefined,
): CoreCommand {
  return {
    names,
    arity: [1, 1],
    blocks: requestLike,
    doc,
    returns: '1; -1 when the Request-URI cannot be read or would become none, and nothing is changed',
    bind: ([argument]) => {
      if (argument === undefined) return problem('the argument is missing');
      const wrong = argument.literal === undefined ? undefined : check?.(argument.literal);
      if (wrong !== undefined) return problem(wrong, 0);
      const { template } = argument;
      return (run) => rewrite(run, edit(uriOf(run), template.text(run)));
    },
  };
}

function stripping(name: string, doc: string, strip: (uri: string, count: number) => string | undefined): CoreCommand {
  return {
    names: [name],
    arity: [1, 1],
    blocks: requestLike,
    doc,
    returns: '1; -1 when the Request-URI cannot be read',
    bind: (args): Step | BindingProblem => {
      const count = numberOfArgument(args, 0, 'the number of characters', 0, maxUriLength);
      if (typeof count !== 'function') return count;
      return (run) => {
        const characters = count(run);
        return characters === undefined ? -1 : rewrite(run, strip(uriOf(run), characters));
      };
    },
  };
}

function bindUri([argument]: readonly BoundArgument[]): Step | BindingProblem {
  if (argument === undefined) return problem('the URI is missing');
  const { template } = argument;
  return (run) => rewrite(run, template.text(run));
}

function revert(run: Run): number {
  run.context.revertUri();
  return 1;
}

function checkPort(text: string): string | undefined {
  return /^\d{0,5}$/.test(text) && Number(text) <= 65_535 ? undefined : `'${text}' is no port`;
}

/** Commands that change the Request-URI (cfg-language §8). */
export const uriCommands: readonly CoreCommand[] = [
  editing(['rewritehost', 'sethost', 'seth'], 'Replaces the host of the Request-URI.', withHost),
  editing(['rewritehostport', 'sethostport', 'sethp'], 'Replaces host and port of the Request-URI.', withHostPort),
  editing(['rewriteuser', 'setuser', 'setu'], 'Replaces the user of the Request-URI; a password stays.', withUser),
  editing(
    ['rewriteuserpass', 'setuserpass', 'setup'],
    'Replaces user and password of the Request-URI.',
    withUserPassword,
  ),
  editing(['rewriteport', 'setport', 'setp'], 'Replaces the port of the Request-URI.', withPort, checkPort),
  editing(['prefix'], 'Puts a text in front of the user of the Request-URI.', withPrefix),
  stripping('strip', 'Takes characters off the beginning of the user of the Request-URI.', stripped),
  stripping('strip_tail', 'Takes characters off the end of the user of the Request-URI.', strippedAtEnd),
  {
    names: ['rewriteuri', 'seturi'],
    arity: [1, 1],
    blocks: requestLike,
    doc: 'Replaces the whole Request-URI.',
    returns: '1; -1 when the text is empty or longer than 1024 bytes',
    bind: bindUri,
  },
  {
    names: ['revert_uri'],
    arity: [0, 0],
    blocks: requestOrFailure,
    doc: 'Puts the received Request-URI back; destination URI and branches stay.',
    returns: '1',
    bind: () => revert,
  },
];
