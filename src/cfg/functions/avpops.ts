import type { AvpName, AvpValue } from '../../routing/avps.ts';
import { wireToText } from '../../sip/wire-text.ts';
import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { numberOf } from '../variables/values.ts';
import { anyBlock, codeOf, isProblem, problem } from './arguments.ts';
import { avpArgument, avpName, avpValue, isNamed } from './avp-arguments.ts';
import { type Comparison, comparisons, operations } from './avp-operations.ts';
import { headerLinesOf, putLines } from './header-lines.ts';
import { addToForwarded } from './message-edits.ts';
import { missingFunction } from './missing-function.ts';
import { regexFrom } from './regex-argument.ts';
import { substitutionOf } from './subst-expression.ts';
import { setRequestUri } from './uri.ts';

function bindWrite(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const value = avpValue(args[0]?.text ?? '', 0, site);
  if (isProblem(value)) return value;
  const avp = avpName(args[1]?.text ?? '', 1, site);
  if (!isNamed(avp)) return avp;
  return (run) => add(run, avp.name, value(run));
}

function add({ avps }: CfgRun, name: AvpName, value: AvpValue | undefined): number {
  if (value === undefined) return -1;
  avps.add(name, value);
  return 1;
}

function bindPrintf(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const avp = avpName(args[0]?.text ?? '', 0, site);
  if (!isNamed(avp)) return avp;
  const [, format] = args;
  if (format === undefined) return problem('the text is missing');
  const { template } = format;
  return (run) => add(run, avp.name, template.text(run));
}

function bindDelete(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const avp = avpArgument(args, 0, site, 'g');
  if (isProblem(avp)) return avp;
  const { name, flags } = avp;
  if (name === undefined) return ({ avps }) => codeOf(avps.clear());
  return flags === 'g' ? ({ avps }) => codeOf(avps.delete(name)) : ({ avps }) => codeOf(avps.deleteAt(name));
}

/** Puts the value of an AVP somewhere in the message. */
type Push = (run: CfgRun, value: string) => boolean;

function pushOf(text: string): Push | undefined {
  const [, word = '', part] = /^\$(ruri|duri)(?:\/(username|domain))?$/i.exec(text) ?? [];
  if (word.toLowerCase() === 'duri') return part === undefined ? pushDestination : undefined;
  if (word !== '') return part === undefined ? pushUri : pushUriPart(part.toLowerCase());
  const [, braced, bare, where = 'request'] =
    /^\$(?:hdr\(([^)]+)\)|h(?:dr)?([^/()]+))(?:\/(request|reply))?$/i.exec(text) ?? [];
  const header = braced ?? bare;
  return header === undefined ? undefined : pushHeader(header, where.toLowerCase());
}

const pushDestination: Push = ({ branch, context }, value) => {
  if (branch === undefined) context.destinationUri = value;
  else branch.destinationUri = value;
  return true;
};

const pushUri: Push = (run, value) => {
  setRequestUri(run, value);
  return true;
};

function pushUriPart(part: string): Push {
  return (run, value) => {
    const text = run.branch === undefined ? run.context.uri : run.branch.uri;
    const [, scheme = '', user, rest = ''] = /^(sips?:)(?:([^@]*)@)?(.*)$/i.exec(text) ?? [];
    if (scheme === '') return false;
    const host = rest.replace(/^(\[[^\]]*\]|[^:;?]*)/, part === 'domain' ? value.replaceAll('$', '$$$$') : '$1');
    const name = part === 'username' ? value : user;
    setRequestUri(run, `${scheme}${name === undefined ? '' : `${name}@`}${host}`);
    return true;
  };
}

function pushHeader(name: string, where: string): Push {
  return (run, value) => {
    const lines = headerLinesOf(`${name}: ${value}`);
    if (lines === undefined) return false;
    if (where === 'reply') for (const [header, text] of lines) run.context.appendToReply(header, text);
    else addToForwarded(run, (message) => putLines(message, lines, { side: 'after', name: undefined }));
    return true;
  };
}

function bindPushTo(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const destination = args[0]?.text.trim() ?? '';
  const push = pushOf(destination);
  if (push === undefined) {
    return problem(`'${destination}' must be $ruri, $duri or $hdr(name), with a part behind a slash or not`, 0);
  }
  const avp = avpArgument(args, 1, site, 'g');
  if (isProblem(avp)) return avp;
  const { name, flags } = avp;
  if (name === undefined) return problem('the name of the AVP is missing', 1);
  return (run) => {
    const [first, ...others] = run.avps.all(name);
    if (first === undefined || !push(run, String(first))) return -1;
    if (flags === 'g') for (const other of others) pushFurther(run, push, String(other));
    return 1;
  };
}

// Further values for the Request-URI become branches.
function pushFurther(run: CfgRun, push: Push, value: string): void {
  if (push === pushUri && run.branch === undefined) run.context.appendBranch({ uri: value });
  else if (push !== pushUri && push !== pushDestination) push(run, value);
}

function bindCheck(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const avp = avpArgument(args, 0, site, 'g');
  if (isProblem(avp)) return avp;
  const { name, flags } = avp;
  if (name === undefined) return problem('the name of the AVP is missing', 0);
  const test = testOf(args, site);
  if (typeof test !== 'function') return test;
  return (run) => {
    const values = flags === 'g' ? run.avps.all(name) : [run.avps.get(name)];
    return codeOf(values.some((value) => value !== undefined && test(run, value)));
  };
}

type AvpTest = (run: CfgRun, value: AvpValue) => boolean;

/** Reads `op/value[/flags]`. */
function testOf(args: readonly BoundArgument[], site: BindingSite): AvpTest | BindingProblem {
  const text = args[1]?.text ?? '';
  const [, operator = '', rest = ''] = /^([a-z]+)\/(.*)$/is.exec(text.trim()) ?? [];
  const flagStart = /\/[gi]*$/i.exec(rest)?.index ?? rest.length;
  // `$from/username` has a slash of its own.
  const operand = rest.slice(0, flagStart);
  const ignoreCase = rest
    .slice(flagStart + 1)
    .toLowerCase()
    .includes('i');
  const name = operator.toLowerCase();
  if (name === 're') {
    const regex = regexFrom(operand, ignoreCase ? 'i' : '', 1);
    return isProblem(regex) ? regex : (_run, value) => regex.test(String(value));
  }
  const compare: Comparison | undefined = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
  if (compare === undefined) {
    return problem(`'${text}' must be op/value/flags, op one of ${Object.keys(comparisons).join(', ')} and re`, 1);
  }
  const other = avpValue(operand, 1, site);
  if (isProblem(other)) return other;
  return (run, value) => {
    const right = other(run);
    return right !== undefined && compare(value, right, ignoreCase);
  };
}

function bindCopy(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const from = avpArgument(args, 0, site, 'g');
  if (isProblem(from)) return from;
  const to = avpArgument(args, 1, site, 'gdns');
  if (isProblem(to)) return to;
  const [source, target] = [from.name, to.name];
  if (source === undefined || target === undefined) return problem('both AVPs must be named');
  const all = from.flags.includes('g') || to.flags.includes('g');
  return ({ avps }) => {
    const values = all ? avps.all(source) : avps.all(source).slice(0, 1);
    if (values.length === 0) return -1;
    if (to.flags.includes('d')) for (const _ of values) avps.deleteAt(source);
    // The one that was first stays first.
    for (const value of values.toReversed()) avps.add(target, converted(value, to.flags));
    return 1;
  };
}

function converted(value: AvpValue, flags: string): AvpValue {
  if (flags.includes('n')) return numberOf(value) ?? 0;
  return flags.includes('s') ? String(value) : value;
}

/** `src[/dst[/flags]]`. */
interface FromTo {
  readonly source: AvpName;
  readonly target: AvpName;
  readonly flags: string;
}

function fromTo(args: readonly BoundArgument[], site: BindingSite): FromTo | BindingProblem {
  const [from = '', to = '', flags = ''] = (args[0]?.text ?? '').split('/');
  const source = avpName(from, 0, site);
  if (!isNamed(source)) return source;
  const target = to.trim() === '' ? source : avpName(to, 0, site);
  if (!isNamed(target)) return target;
  if (!/^[gd]*$/.test(flags)) return problem(`'/${flags}' must be g or d`, 0);
  return { source: source.name, target: target.name, flags };
}

function bindSubst(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const names = fromTo(args, site);
  if (isProblem(names)) return names;
  const substitute = substitutionOf(args, 1, site);
  if (isProblem(substitute)) return substitute;
  return (run) => change(run, names, (value) => substitute(run)(String(value)));
}

function bindOp(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const names = fromTo(args, site);
  if (isProblem(names)) return names;
  const [, operator = '', operand = '0'] = /^([a-z]+)(?:\/([^/]*))?/i.exec(args[1]?.text.trim() ?? '') ?? [];
  const name = operator.toLowerCase();
  const operate = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operate === undefined) return problem(`the operation must be one of ${Object.keys(operations).join(', ')}`, 1);
  const other = avpValue(/^-?\d+$/.test(operand) ? `i:${operand}` : operand, 1, site);
  if (isProblem(other)) return other;
  return (run) => {
    const right = numberOf(other(run));
    return change(run, names, (value) => {
      const left = numberOf(value);
      return left === undefined || right === undefined ? undefined : operate(left, right);
    });
  };
}

function change(
  { avps }: CfgRun,
  { source, target, flags }: FromTo,
  use: (value: AvpValue) => AvpValue | undefined,
): number {
  const values = flags.includes('g') ? avps.all(source) : avps.all(source).slice(0, 1);
  const results = values.map((value, place) => [place, use(value)] as const);
  let isChanged = false;
  for (const [place, result] of results.toReversed()) {
    if (result === undefined) continue;
    isChanged = true;
    if (source === target) avps.replace(source, place, result);
    else avps.add(target, result);
  }
  if (isChanged && source !== target && flags.includes('d')) for (const _ of values) avps.deleteAt(source);
  return codeOf(isChanged);
}

function bindIsSet(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const avp = avpArgument(args, 0, site, 'ns');
  if (isProblem(avp)) return avp;
  const { name, flags } = avp;
  if (name === undefined) return problem('the name of the AVP is missing', 0);
  return ({ avps }) => {
    const value = avps.get(name);
    if (value === undefined) return -1;
    return codeOf(flags === '' || flags.includes(typeof value === 'number' ? 'n' : 's'));
  };
}

function print({ avps, services }: CfgRun): number {
  for (const { name, value } of avps.entries()) {
    services.logger.info('avp', { name, value: typeof value === 'string' ? wireToText(value) : value });
  }
  return 1;
}

const truth = '1 true; -1 false';

const functions: readonly CfgFunction[] = [
  {
    name: 'avp_write',
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Adds an AVP with a value: of the message, of a variable, or written out.',
    returns: '1; -1 when there is no value',
    bind: bindWrite,
  },
  {
    name: 'avp_printf',
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Adds an AVP with a text, its variables expanded.',
    returns: '1',
    bind: bindPrintf,
  },
  {
    name: 'avp_delete',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Deletes the first value of an AVP, with /g every one; without a name, all AVPs.',
    returns: '1; -1 when there was none',
    bind: bindDelete,
  },
  {
    name: 'avp_pushto',
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Puts the value of an AVP into the Request-URI, the destination URI or a header; with /g, further values become branches.',
    returns: '1; -1 when the AVP is not set',
    bind: bindPushTo,
  },
  {
    name: 'avp_check',
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Compares the value of an AVP: eq, ne, lt, le, gt, ge, re, fm, and, or, xor.',
    returns: '1 true; -1 false, also when it is not set',
    bind: bindCheck,
  },
  {
    name: 'avp_copy',
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Copies an AVP under another name; d deletes the source, n and s convert.',
    returns: '1; -1 when it is not set',
    bind: bindCopy,
  },
  {
    name: 'avp_subst',
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Substitutes in the value of an AVP, as sed does.',
    returns: '1 when something matched; -1 when nothing did',
    bind: bindSubst,
  },
  {
    name: 'avp_op',
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Calculates with the value of an AVP: add, sub, mul, div, mod, and, or, xor, not.',
    returns: '1; -1 when there is no number',
    bind: bindOp,
  },
  {
    name: 'is_avp_set',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether an AVP has a value: a number with /n, a text with /s.',
    returns: truth,
    bind: bindIsSet,
  },
  {
    name: 'avp_print',
    arity: [0, 0],
    blocks: anyBlock,
    doc: 'Logs all AVPs.',
    returns: '1',
    bind: () => print,
  },
];

/** Attribute-value pairs. */
export const avpopsFunctions: CfgModule = {
  name: 'avpops',
  functions: [
    ...functions,
    ...['avp_db_load', 'avp_db_store', 'avp_db_delete', 'avp_db_query'].map((name) =>
      missingFunction(name, 'it keeps AVPs in a database, which this version has not'),
    ),
  ],
};
