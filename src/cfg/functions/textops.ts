import { formatDate } from '../../sip/headers/date.ts';
import { isKnownMethod } from '../../sip/methods.ts';
import { isSipError } from '../../sip/sip-error.ts';
import { isSipUri, parseUri } from '../../sip/uri.ts';
import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { BlockKind, CfgRun } from '../run.ts';
import { anyBlock, checkedText, codeOf, isProblem, problem, succeeds, textOf } from './arguments.ts';
import { headerFunctions } from './header-functions.ts';
import { applyEdits, seenMessage } from './message-edits.ts';
import { regexOf } from './regex-argument.ts';
import { substitutionOf } from './subst-expression.ts';
import { changeText, partOf, replacing, type TextPart } from './text-edits.ts';

const notReply: readonly BlockKind[] = ['request', 'failure', 'branch'];

/** Letters in either case, and lines: how textops matches (cfg-modules §7). */
const lineMode = 'im';

function bindSearch(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, lineMode);
  if (isProblem(regex)) return regex;
  // The first line included.
  return (run) => codeOf(regex(run)?.test(seenMessage(run).toWire()) === true);
}

function bindSearchBody(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, lineMode);
  if (isProblem(regex)) return regex;
  return (run) => codeOf(regex(run)?.test(partOf(seenMessage(run), 'body')) === true);
}

function bindReplace(args: readonly BoundArgument[], part: TextPart, all: boolean): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, lineMode);
  if (isProblem(regex)) return regex;
  const text = textAt(args, 1);
  if (isProblem(text)) return text;
  return (run) => {
    const matching = regex(run);
    if (matching === undefined) return -1;
    const inserted = text(run);
    return codeOf(
      changeText(
        run,
        part,
        replacing(matching, () => inserted, all),
      ),
    );
  };
}

function bindSearchAppend(args: readonly BoundArgument[], part: TextPart): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, lineMode);
  if (isProblem(regex)) return regex;
  const text = textAt(args, 1);
  if (isProblem(text)) return text;
  return (run) => {
    const matching = regex(run);
    if (matching === undefined) return -1;
    const inserted = text(run);
    return codeOf(
      changeText(
        run,
        part,
        replacing(matching, ([match = '']) => match + inserted, false),
      ),
    );
  };
}

function textAt(args: readonly BoundArgument[], index: number): ((run: CfgRun) => string) | BindingProblem {
  const argument = args[index];
  return argument === undefined ? problem('the text is missing') : textOf(argument);
}

function bindSubst(args: readonly BoundArgument[], site: BindingSite, part: TextPart): CfgCall | BindingProblem {
  const substitute = substitutionOf(args, 0, site);
  if (isProblem(substitute)) return substitute;
  return (run) => codeOf(changeText(run, part, substitute(run)));
}

function bindSubstUri(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const substitute = substitutionOf(args, 0, site);
  if (isProblem(substitute)) return substitute;
  return (run) => {
    const changed = substitute(run)(uriOf(run));
    if (changed === undefined) return -1;
    setUri(run, changed);
    return 1;
  };
}

function bindSubstUser(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const substitute = substitutionOf(args, 0, site);
  if (isProblem(substitute)) return substitute;
  return (run) => {
    const text = uriOf(run);
    const uri = parseUri(text);
    if (isSipError(uri) || !isSipUri(uri)) return -1;
    const changed = substitute(run)(uri.user ?? '');
    if (changed === undefined) return -1;
    setUri(run, withUser(uri, changed));
    return 1;
  };
}

function withUser(
  {
    text,
    scheme,
    user,
    password,
  }: { text: string; scheme: string; user: string | undefined; password: string | undefined },
  changed: string,
): string {
  const behind = user === undefined ? text.slice(scheme.length + 1) : text.slice(text.indexOf('@') + 1);
  if (changed === '') return `${scheme}:${behind}`;
  return `${scheme}:${changed}${password === undefined ? '' : `:${password}`}@${behind}`;
}

function uriOf({ branch, context }: CfgRun): string {
  return branch === undefined ? context.uri : branch.uri;
}

function setUri({ branch, context }: CfgRun, uri: string): void {
  if (branch === undefined) context.uri = uri;
  else branch.uri = uri;
}

function bindIsMethod(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const names = args[0]?.literal;
  if (names === undefined) {
    const text = checkedText(args, 0, wrongMethods);
    if (isProblem(text)) return text;
    return (run) => {
      const wanted = text(run);
      return codeOf(wanted !== undefined && methodsOf(wanted).includes(run.context.method));
    };
  }
  const wrong = wrongMethods(names);
  if (wrong !== undefined) return problem(wrong, 0);
  const methods = methodsOf(names);
  const [only = '', ...others] = methods;
  if (others.length === 0) return (run) => (run.context.method === only ? 1 : -1);
  const set = new Set(methods);
  return (run) => (set.has(run.context.method) ? 1 : -1);
}

function wrongMethods(text: string): string | undefined {
  return /^[A-Za-z0-9\-.!%*_+`'~]+(\|[A-Za-z0-9\-.!%*_+`'~]+)*$/.test(text.trim())
    ? undefined
    : `'${text}' must be a method, or several with | between them`;
}

// Methods have a case; an author who writes `invite` means the known one.
function methodsOf(text: string): readonly string[] {
  return text
    .trim()
    .split('|')
    .map((name) => (isKnownMethod(name.toUpperCase()) ? name.toUpperCase() : name));
}

function bindHasBody(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const wanted = args[0]?.literal?.toLowerCase();
  if (args.length === 0) return (run) => codeOf(seenMessage(run).body.length > 0);
  if (wanted === undefined || !/^[^\s/;]+\/[^\s/;]+$/.test(wanted)) {
    return problem('the type of a body must be written out, as application/sdp', 0);
  }
  return (run) => {
    const message = seenMessage(run);
    const [type = ''] = (message.header('content-type') ?? '').split(';');
    return codeOf(message.body.length > 0 && type.trim().toLowerCase() === wanted);
  };
}

function bindIsPrivacy(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const wanted = args[0]?.literal?.toLowerCase();
  if (wanted === undefined || wanted === '') return problem('the kind of privacy must be written out, as id', 0);
  return (run) => {
    const kinds = (seenMessage(run).header('privacy') ?? '').toLowerCase().split(';');
    return codeOf(kinds.some((kind) => kind.trim() === wanted));
  };
}

function appendTime({ context }: CfgRun): number {
  context.appendToReply('Date', formatDate(context.now));
  return 1;
}

type Comparison = (left: string, right: string) => boolean;

const comparisons: readonly (readonly [name: string, doc: string, compare: Comparison])[] = [
  ['cmp_str', 'Whether two texts are equal.', (left, right) => left === right],
  [
    'cmp_istr',
    'Whether two texts are equal, in either case.',
    (left, right) => left.toLowerCase() === right.toLowerCase(),
  ],
  ['starts_with', 'Whether a text begins with another one.', (left, right) => left.startsWith(right)],
  ['ends_with', 'Whether a text ends with another one.', (left, right) => left.endsWith(right)],
  ['str_find', 'Whether a text has another one in it.', (left, right) => left.includes(right)],
];

function bindComparison(args: readonly BoundArgument[], compare: Comparison): CfgCall | BindingProblem {
  const [left, right] = args;
  if (left === undefined || right === undefined) return problem('there must be two texts');
  const [leftOf, rightOf] = [textOf(left), textOf(right)];
  return (run) => codeOf(compare(leftOf(run), rightOf(run)));
}

function bindInList(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const [item, list, separator] = args;
  if (item === undefined || list === undefined || separator === undefined) {
    return problem('there must be a text, a list and what separates its items');
  }
  const [itemOf, listOf, separatorOf] = [textOf(item), textOf(list), textOf(separator)];
  return (run) => {
    const mark = separatorOf(run);
    return codeOf(mark !== '' && listOf(run).split(mark).includes(itemOf(run)));
  };
}

const matched = '1 when something matched; -1 when nothing did';
const truth = '1 true; -1 false';

const searches: readonly CfgFunction[] = [
  {
    name: 'search',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether a regular expression matches anywhere in the message as it came in.',
    returns: truth,
    bind: bindSearch,
  },
  {
    name: 'search_body',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether a regular expression matches in the body as it came in.',
    returns: truth,
    bind: bindSearchBody,
  },
];

const parts = [
  ['', 'message', 'behind the first line'],
  ['_body', 'body', 'in the body'],
] as const;

const changes: readonly CfgFunction[] = parts.flatMap(([suffix, part, where]): readonly CfgFunction[] => [
  {
    name: `search_append${suffix}`,
    arity: [2, 2],
    blocks: anyBlock,
    doc: `Puts a text after the first match ${where} of what goes out.`,
    returns: matched,
    bind: (args) => bindSearchAppend(args, part),
  },
  {
    name: suffix === '' ? 'replace' : 'replace_body',
    arity: [2, 2],
    blocks: anyBlock,
    doc: `Puts a text in the place of the first match ${where} of what goes out.`,
    returns: matched,
    bind: (args) => bindReplace(args, part, false),
  },
  {
    name: suffix === '' ? 'replace_all' : 'replace_body_all',
    arity: [2, 2],
    blocks: anyBlock,
    doc: `Puts a text in the place of every match ${where} of what goes out.`,
    returns: matched,
    bind: (args) => bindReplace(args, part, true),
  },
  {
    name: `subst${suffix}`,
    arity: [1, 1],
    blocks: anyBlock,
    doc: `Substitutes ${where} of what goes out, as sed does.`,
    returns: matched,
    bind: (args, site) => bindSubst(args, site, part),
  },
]);

const uriChanges: readonly CfgFunction[] = [
  {
    name: 'subst_uri',
    arity: [1, 1],
    blocks: notReply,
    doc: 'Substitutes in the Request-URI, at once.',
    returns: matched,
    bind: bindSubstUri,
  },
  {
    name: 'subst_user',
    arity: [1, 1],
    blocks: notReply,
    doc: 'Substitutes in the user part of the Request-URI, at once.',
    returns: matched,
    bind: bindSubstUser,
  },
];

const tests: readonly CfgFunction[] = [
  {
    name: 'is_method',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether the method is one of those; of a reply, the method in CSeq.',
    returns: truth,
    bind: bindIsMethod,
  },
  {
    name: 'has_body',
    arity: [0, 1],
    blocks: anyBlock,
    doc: 'Whether the message has a body, of that type when one is given.',
    returns: truth,
    bind: bindHasBody,
  },
  {
    name: 'is_privacy',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether the Privacy header asks for that (RFC 3323).',
    returns: truth,
    bind: bindIsPrivacy,
  },
  {
    name: 'append_time',
    arity: [0, 0],
    blocks: notReply,
    doc: 'Replies made here to this request have a Date.',
    returns: '1',
    bind: () => appendTime,
  },
  ...comparisons.map(
    ([name, doc, compare]): CfgFunction => ({
      name,
      arity: [2, 2],
      blocks: anyBlock,
      doc,
      returns: truth,
      bind: (args) => bindComparison(args, compare),
    }),
  ),
  {
    name: 'in_list',
    arity: [3, 3],
    blocks: anyBlock,
    doc: 'Whether a text is an item of a list.',
    returns: truth,
    bind: bindInList,
  },
];

/** Tests and changes of messages as texts. */
export const textopsFunctions: CfgModule = {
  name: 'textops',
  functions: [...searches, ...changes, ...uriChanges, ...headerFunctions, ...tests],
};

/** What Kamailio keeps apart from textops. */
export const textopsxFunctions: CfgModule = {
  name: 'textopsx',
  functions: [
    {
      name: 'msg_apply_changes',
      arity: [0, 0],
      blocks: ['request', 'reply'],
      doc: 'Makes the changes so far in the message itself, so that the script sees them.',
      returns: '1',
      bind: () => (run) => {
        applyEdits(run);
        return succeeds(run);
      },
    },
  ],
};
