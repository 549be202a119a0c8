import type { LogFields } from '../../base/logger.ts';
import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { CoreSite } from '../function-index.ts';
import type { Run, Step } from '../run-state.ts';
import { anyBlock, type CoreCommand, problem, requestLike, requestOnly, requestOrFailure } from './command.ts';
import { numberOfArgument } from './numbers.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** Levels by the number of OpenSER: -1 error, 1 warning, 2 notice, 3 info, 4 debug. */
function levelOf(number: number): Level {
  if (number <= 0) return 'error';
  if (number === 1) return 'warn';
  return number <= 3 ? 'info' : 'debug';
}

const levelWords: ReadonlyMap<string, number> = new Map([
  ['L_ALERT', -3],
  ['L_CRIT', -2],
  ['L_ERR', -1],
  ['L_WARN', 1],
  ['L_NOTICE', 2],
  ['L_INFO', 3],
  ['L_DBG', 4],
]);

function bindLog(args: readonly BoundArgument[]): Step | BindingProblem {
  const text = args.at(-1);
  if (text === undefined) return problem('the text is missing');
  let level: Level = 'debug';
  if (args.length === 2) {
    const written = args[0]?.literal ?? '';
    const number = levelWords.get(written) ?? (/^-?\d$/.test(written) ? Number(written) : undefined);
    if (number === undefined) return problem(`'${written}' is no level: expected -3 to 4, or L_ERR to L_DBG`, 0);
    level = levelOf(number);
  }
  const { template } = text;
  return (run) => {
    const fields: LogFields = { callId: String(run.request.callId) };
    run.services.logger[level](template.text(run).trimEnd(), fields);
    return 1;
  };
}

/** A command whose effect is there in any case, or cannot be had: it returns 1, and a diagnostic says so. */
function inert(names: readonly string[], most: number, why: string, severity: 'info' | 'warning'): CoreCommand {
  return {
    names,
    arity: [0, most],
    blocks: anyBlock,
    doc: `No effect: ${why}.`,
    returns: '1',
    bind: (_args: readonly BoundArgument[], { unit, span }: CoreSite) => {
      unit.report.add(severity, 'no-effect', `'${names[0]}' has no effect: ${why}`, span);
      return () => 1;
    },
  };
}

/** A command that this server refuses. */
function refusedCommand(names: readonly string[], why: string): CoreCommand {
  return {
    names,
    arity: [0, 8],
    blocks: anyBlock,
    doc: `Not here: ${why}.`,
    returns: 'nothing: the call is an error',
    bind: () => problem(`'${names[0]}' cannot be called: ${why}`),
  };
}

function bindLengthAbove(args: readonly BoundArgument[]): Step | BindingProblem {
  const limit = args[0]?.literal === 'max_len' ? () => 65_535 : numberOfArgument(args, 0, 'the length', 0, 65_535);
  if (typeof limit !== 'function') return limit;
  return (run: Run) => {
    const bytes = limit(run);
    return bytes !== undefined && run.message.toWire().length >= bytes ? 1 : -1;
  };
}

/** Commands that belong nowhere else. */
export const otherCommands: readonly CoreCommand[] = [
  {
    names: ['log'],
    arity: [1, 2],
    blocks: anyBlock,
    doc: 'Logs a text, at the level debug unless one is given.',
    returns: '1',
    bind: bindLog,
  },
  {
    names: ['error'],
    arity: [2, 2],
    blocks: anyBlock,
    doc: 'Logs two texts as an error.',
    returns: '1',
    bind: ([first, second]) => {
      if (first === undefined || second === undefined) return problem('a text is missing');
      return (run) => {
        run.services.logger.error(`${first.template.text(run)}: ${second.template.text(run)}`);
        return 1;
      };
    },
  },
  {
    names: ['len_gt'],
    arity: [1, 1],
    blocks: requestLike,
    doc: 'Whether the message has at least so many bytes (SER).',
    returns: '1 true; -1 false',
    bind: bindLengthAbove,
  },
  {
    names: ['sl_filter_ACK'],
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Nothing: an ACK to a reply of ours never reaches a route (SER).',
    returns: '1',
    bind: () => () => 1,
  },
  inert(['force_local_rport', 'add_local_rport'], 0, 'our own Via always has rport', 'info'),
  inert(['force_tcp_alias', 'add_tcp_alias'], 1, 'a binding is reached by the connection that it came by', 'info'),
  inert(['set_advertised_address'], 1, "what is advertised belongs to a listener: ';advertise=host:port'", 'warning'),
  inert(['set_advertised_port'], 1, "what is advertised belongs to a listener: ';advertise=host:port'", 'warning'),
  inert(['serialize_branches'], 2, 'all branches are tried at once', 'warning'),
  {
    names: ['next_branches'],
    arity: [0, 0],
    blocks: requestOrFailure,
    doc: 'No effect: all branches are tried at once, so that none are left for a failure_route.',
    returns: '1 in a route; -1 in a failure_route',
    bind: (_args, { block }) => {
      const code = block === 'failure' ? -1 : 1;
      return () => code;
    },
  },
  refusedCommand(['exec'], 'this server runs no programs'),
];
