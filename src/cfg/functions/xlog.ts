import type { Logger } from '../../base/logger.ts';
import { wireToText } from '../../sip/wire-text.ts';
import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import { anyBlock, problem } from './arguments.ts';

type Level = keyof Logger;

/** By the third letter of a level's name, which is all that counts: `L_INFO`, `L_ERR`. */
const levels: Readonly<Record<string, Level>> = {
  A: 'error',
  B: 'error',
  C: 'error',
  E: 'error',
  W: 'warn',
  N: 'info',
  I: 'info',
  D: 'debug',
};

/** `buf_size` when nothing is said. */
const usualSize = 4096;

function bindText(argument: BoundArgument, level: Level, site: BindingSite): CfgCall {
  const given = site.parameter('xlog', 'buf_size');
  const longest = typeof given === 'number' && given > 0 ? given : usualSize;
  const { template } = argument;
  return (run) => {
    const text = template.text(run);
    const fits = text.length < longest;
    run.services.logger[level](wireToText(fits ? text : text.slice(0, longest)).trimEnd());
    return fits ? 1 : -1;
  };
}

function bindXlog(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const format = args.at(-1);
  if (format === undefined) return problem('the text is missing');
  if (args.length === 1) return bindText(format, 'error', site);
  const name = args.at(-2)?.literal?.trim();
  const level = levels[name?.toUpperCase().replace(/^L_/, '')[0] ?? ''];
  if (level === undefined || name === undefined || !/^L_/i.test(name)) {
    const levelNames = 'L_ALERT, L_CRIT, L_ERR, L_WARN, L_NOTICE, L_INFO or L_DBG';
    return problem(`the level must be ${levelNames}, not '${name ?? ''}'`, args.length - 2);
  }
  return bindText(format, level, site);
}

const returns = '1; -1 when the text is longer than buf_size and was cut';

function atLevel(name: string, level: Level): CfgFunction {
  return {
    name,
    arity: [1, 1],
    blocks: anyBlock,
    doc: `Logs a text with its variables, at the level ${level}.`,
    returns,
    bind: ([format], site) => (format === undefined ? problem('the text is missing') : bindText(format, level, site)),
  };
}

/** Log lines with variables. */
export const xlogFunctions: CfgModule = {
  name: 'xlog',
  functions: [
    {
      name: 'xlog',
      arity: [1, 3],
      blocks: anyBlock,
      doc: 'Logs a text with its variables, at a level (L_ERR when none is given); a facility before the level is not used.',
      returns,
      bind: bindXlog,
    },
    atLevel('xdbg', 'debug'),
    atLevel('xinfo', 'info'),
    atLevel('xnotice', 'info'),
    atLevel('xwarn', 'warn'),
    atLevel('xerr', 'error'),
    atLevel('xcrit', 'error'),
    atLevel('xalert', 'error'),
    atLevel('xbug', 'error'),
  ],
};
