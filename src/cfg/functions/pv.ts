import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import type { CfgValue, Variable } from '../variables/template.ts';
import { numberOf } from '../variables/values.ts';
import { anyBlock, codeOf, problem } from './arguments.ts';

type ValueTest = (value: CfgValue) => boolean;

const isEmpty: ValueTest = (value) => value === undefined || value === '';

function bindTest(args: readonly BoundArgument[], test: ValueTest): CfgCall | BindingProblem {
  const [argument] = args;
  if (argument === undefined) return problem('the variable is missing');
  const { template } = argument;
  return (run) => codeOf(test(template.value(run)));
}

/** A variable that can be assigned to. */
function variableAt(args: readonly BoundArgument[], site: BindingSite): Required<Variable> | BindingProblem {
  const text = args[0]?.text ?? '';
  const variable = site.variable(text);
  if (typeof variable === 'string') return problem(variable, 0);
  const { read, write } = variable;
  return write === undefined ? problem(`${text} cannot be assigned to`, 0) : { read, write };
}

function bindUnset(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const variable = variableAt(args, site);
  if ('severity' in variable) return variable;
  return (run) => codeOf(variable.write(run, undefined) === undefined);
}

/** `pv_printf("$var(x)", "format")`; also of kex and, with an AVP, of avpops. */
export function bindPrintf(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const variable = variableAt(args, site);
  if ('severity' in variable) return variable;
  const [, format] = args;
  if (format === undefined) return problem('the text is missing');
  const { template } = format;
  return (run) => codeOf(variable.write(run, template.text(run)) === undefined);
}

const types: Readonly<Record<string, ValueTest>> = {
  int: (value) => typeof value === 'number',
  str: (value) => typeof value === 'string',
  null: (value) => value === undefined,
};

function bindTypeof(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const name = args[1]?.literal ?? '';
  const test = Object.hasOwn(types, name) ? types[name] : undefined;
  return test === undefined
    ? problem(`the type must be one of ${Object.keys(types).join(', ')}`, 1)
    : bindTest(args, test);
}

const truth = '1 true; -1 false';

function testFunction(name: string, doc: string, test: ValueTest): CfgFunction {
  return { name, arity: [1, 1], blocks: anyBlock, doc, returns: truth, bind: (args) => bindTest(args, test) };
}

const printf: CfgFunction = {
  name: 'pv_printf',
  arity: [2, 2],
  blocks: anyBlock,
  doc: 'Assigns a text with its variables to a variable.',
  returns: '1; -1 when the value does not fit',
  bind: bindPrintf,
};

/** Tests of variables. */
export const pvFunctions: CfgModule = {
  name: 'pv',
  functions: [
    testFunction('pv_isset', 'Whether a variable has a value.', (value) => value !== undefined),
    testFunction('is_int', 'Whether a variable has a number, or the text of one.', isNumber),
    testFunction('not_empty', 'Whether a variable has a value that is not empty.', (value) => !isEmpty(value)),
    {
      name: 'pv_unset',
      arity: [1, 1],
      blocks: anyBlock,
      doc: 'Takes the value of a variable away.',
      returns: '1; -1 when it must have one',
      bind: bindUnset,
    },
    {
      name: 'typeof',
      arity: [2, 2],
      blocks: anyBlock,
      doc: "Whether a variable has a value of a type: 'int', 'str' or 'null'.",
      returns: truth,
      bind: bindTypeof,
    },
    printf,
  ],
};

function isNumber(value: CfgValue): boolean {
  return value !== undefined && numberOf(value) !== undefined;
}

/** Functions of Kamailio's core: no module has to be loaded for them. */
export const coreFunctions: CfgModule = {
  name: 'core',
  functions: [
    testFunction('strempty', 'Whether a text is empty, or absent.', isEmpty),
    ...['set_reply_no_connect', 'set_reply_close', 'set_forward_no_connect', 'set_forward_close'].map(
      (name): CfgFunction => ({
        name,
        arity: [0, 0],
        blocks: anyBlock,
        doc: 'A hint about connections, which are opened and closed here as they are needed.',
        returns: '1',
        bind: () => () => 1,
      }),
    ),
  ],
};

function isMyself({ services }: CfgRun, text: string): number {
  const match = /^(?:sips?:)?(?:[^@]*@)?(\[[^\]]+\]|[^:;?]+)(?::(\d{1,5}))?/i.exec(text);
  if (match?.[1] === undefined) return -1;
  return codeOf(services.domains.isMyself(match[1], match[2] === undefined ? 5060 : Number(match[2])));
}

/** What Kamailio has taken out of its core. */
export const kexFunctions: CfgModule = {
  name: 'kex',
  functions: [
    printf,
    {
      name: 'is_myself',
      arity: [1, 1],
      blocks: anyBlock,
      doc: 'Whether a URI or a host is served here.',
      returns: truth,
      bind: ([argument]) =>
        argument === undefined ? problem('the URI is missing') : (run) => isMyself(run, argument.template.text(run)),
    },
  ],
};
