import { isToken } from '../../sip/char-class.ts';
import { textToWire } from '../../sip/wire-text.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgFunction } from '../cfg-function.ts';
import type { BlockKind } from '../run.ts';
import { anyBlock, checkedText, codeOf, isProblem, type Read, textOf } from './arguments.ts';
import { headerLinesOf, type LinePlace, putLines } from './header-lines.ts';
import { addToForwarded, changeForwarded, seenMessage } from './message-edits.ts';
import { regexOf } from './regex-argument.ts';

// The functions of textops that work on whole header lines.

const notReply: readonly BlockKind[] = ['request', 'failure', 'branch'];

type Lines = ReturnType<typeof headerLinesOf>;

/** The header lines of an argument; a literal is checked at once. */
function linesOf(args: readonly BoundArgument[]): Read<Exclude<Lines, undefined>> | BindingProblem {
  const text = checkedText(args, 0, wrongLines);
  if (isProblem(text)) return text;
  const literal = args[0]?.literal;
  if (literal !== undefined) {
    const lines = headerLinesOf(textToWire(literal));
    return () => lines;
  }
  return (run) => headerLinesOf(text(run) ?? '');
}

function wrongLines(text: string): string | undefined {
  return headerLinesOf(text) === undefined
    ? `'${text.trim()}' must be a header line, as "Name: value\\r\\n"`
    : undefined;
}

function headerName(args: readonly BoundArgument[], index: number): Read<string> | BindingProblem {
  return checkedText(args, index, (name) => (isToken(name) ? undefined : `'${name}' is no header name`));
}

function bindPut(args: readonly BoundArgument[], side: LinePlace['side']): CfgCall | BindingProblem {
  const lines = linesOf(args);
  if (isProblem(lines)) return lines;
  const name = args.length > 1 ? headerName(args, 1) : undefined;
  if (name !== undefined && isProblem(name)) return name;
  return (run) => {
    const added = lines(run);
    if (added === undefined) return -1;
    const place: LinePlace = { side, name: name?.(run) };
    addToForwarded(run, (message) => putLines(message, added, place));
    return 1;
  };
}

function bindAppendUri(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const [prefix, suffix] = args.map(textOf);
  return (run) => {
    const text = `${prefix?.(run) ?? ''}${run.context.request.uriText}${suffix?.(run) ?? ''}`;
    const lines = headerLinesOf(text);
    if (lines === undefined) return -1;
    addToForwarded(run, (message) => putLines(message, lines, { side: 'after', name: undefined }));
    return 1;
  };
}

function bindAppendToReply(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const lines = linesOf(args);
  if (isProblem(lines)) return lines;
  return (run) => {
    const added = lines(run);
    if (added === undefined) return -1;
    for (const [name, value] of added) run.context.appendToReply(name, value);
    return 1;
  };
}

function bindRemove(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const name = headerName(args, 0);
  if (isProblem(name)) return name;
  return (run) => {
    const header = name(run);
    if (header === undefined || !seenMessage(run).has(header)) return -1;
    changeForwarded(run, (message) => message.remove(header));
    return 1;
  };
}

function bindIsPresent(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const name = headerName(args, 0);
  if (isProblem(name)) return name;
  return (run) => {
    const header = name(run);
    return codeOf(header !== undefined && seenMessage(run).has(header));
  };
}

function bindRemoveMatching(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, 'i');
  if (isProblem(regex)) return regex;
  return (run) => {
    const matching = regex(run);
    const names = new Set<string>();
    for (const { name } of seenMessage(run).headerFields()) if (matching?.test(name)) names.add(name);
    if (names.size === 0) return -1;
    changeForwarded(run, (message) => {
      for (const name of names) message.remove(name);
    });
    return 1;
  };
}

function bindIsPresentMatching(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, 'i');
  if (isProblem(regex)) return regex;
  return (run) => {
    const matching = regex(run);
    return codeOf(
      seenMessage(run)
        .headerFields()
        .some(({ name }) => matching?.test(name) === true),
    );
  };
}

const one = '1; -1 when variables made it no header line';
const truth = '1 true; -1 false';

export const headerFunctions: readonly CfgFunction[] = [
  {
    name: 'append_hf',
    arity: [1, 2],
    blocks: anyBlock,
    doc: 'Adds header lines to what goes out: at the end, or after the first header of a name.',
    returns: one,
    bind: (args) => bindPut(args, 'after'),
  },
  {
    name: 'insert_hf',
    arity: [1, 2],
    blocks: anyBlock,
    doc: 'Adds header lines to what goes out: at the top, or before the first header of a name.',
    returns: one,
    bind: (args) => bindPut(args, 'before'),
  },
  {
    name: 'append_urihf',
    arity: [2, 2],
    blocks: notReply,
    doc: 'Adds a header to what goes out: a prefix, the Request-URI as it came in, a suffix.',
    returns: '1; -1 when that is no header line',
    bind: bindAppendUri,
  },
  {
    name: 'append_to_reply',
    arity: [1, 1],
    blocks: notReply,
    doc: 'Adds header lines to every reply made here to this request.',
    returns: one,
    bind: bindAppendToReply,
  },
  {
    name: 'remove_hf',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Removes all headers of a name from what goes out; compact forms count.',
    returns: '1; -1 when there is none',
    bind: bindRemove,
  },
  {
    name: 'remove_hf_re',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Removes all headers whose names match a regular expression from what goes out.',
    returns: '1; -1 when there is none',
    bind: bindRemoveMatching,
  },
  {
    name: 'is_present_hf',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether the message came with a header of that name; compact forms count.',
    returns: truth,
    bind: bindIsPresent,
  },
  {
    name: 'is_present_hf_re',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether the message came with a header whose name matches a regular expression.',
    returns: truth,
    bind: bindIsPresentMatching,
  },
];
