import type { Expression, SocketLiteral } from '../script/ast.ts';
import type { BoundArgument } from './cfg-function.ts';
import type { Run } from './run-state.ts';
import type { Site } from './unit.ts';
import { compileValue } from './values.ts';
import { placeInText, variableCodes } from './variable-places.ts';
import { isVariableProblem } from './variables/problem.ts';
import type { CfgValue } from './variables/template.ts';
import { literalTemplate } from './variables/templates.ts';
import { textOf } from './variables/values.ts';

/** Makes an argument ready for the function that it is given to. */
export function bindArgument(expression: Expression, site: Site): BoundArgument {
  const { span } = expression;
  switch (expression.kind) {
    case 'string':
      return bindText(expression, site);
    case 'number':
      return literalArgument(span, String(expression.value));
    case 'word':
      return literalArgument(span, expression.text);
    case 'ip':
      return literalArgument(span, expression.address);
    case 'network': {
      const { address, mask } = expression;
      return literalArgument(span, `${address.address}/${mask.kind === 'ip' ? mask.address : mask.value}`);
    }
    case 'socket':
      return literalArgument(span, socketText(expression));
    case 'omitted':
    case 'missing':
      return literalArgument(span, '');
    default:
      return bindValue(expression, site);
  }
}

function literalArgument(span: Expression['span'], literal: string): BoundArgument {
  return { span, text: literal, literal, template: literalTemplate(literal) };
}

function bindText({ value, pieces, span }: Extract<Expression, { kind: 'string' }>, site: Site): BoundArgument {
  let text = '';
  let isLiteral = true;
  for (const piece of pieces) {
    if (piece.kind === 'text') text += piece.text;
    else isLiteral = false;
  }
  // `$$` is one dollar where a text is expanded, and two where it is not.
  if (isLiteral) return { span, text: value, literal: value, template: literalTemplate(text) };
  const template = site.unit.variables.template(pieces);
  if (isVariableProblem(template)) {
    const hint = template.kind === 'malformed' ? { hint: 'a dollar that is none of a variable is written $$' } : {};
    site.unit.warning(variableCodes[template.kind], template.problem, placeInText({ value, span }, template), hint);
    return literalArgument(span, value);
  }
  return { span, text: value, literal: undefined, template };
}

function bindValue(expression: Expression, site: Site): BoundArgument {
  const { read, constant, value, waits } = compileValue(expression, site);
  const { span } = expression;
  if (constant) return literalArgument(span, value === undefined ? '' : String(value));
  if (waits) {
    site.unit.error('bad-argument', 'a call or a condition cannot be an argument', span, {
      hint: 'assign it to a variable before',
    });
    return literalArgument(span, '');
  }
  // It does not wait, and runs of functions are those of the engine.
  const readNow = read as (run: Run) => CfgValue;
  return {
    span,
    text: expression.kind === 'variable' ? expression.pv.text : '',
    literal: undefined,
    template: { text: (run) => textOf(readNow(run as Run)), value: (run) => readNow(run as Run) },
  };
}

/** `udp:10.0.0.1:5060`, as `--listen` has it. */
export function socketText({ protocol, host, port }: SocketLiteral): string {
  const name = host.kind === 'ip' ? host.address : host.kind === 'word' ? host.text : host.value;
  const bracketed = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  return `${protocol === undefined ? '' : `${protocol.toLowerCase()}:`}${bracketed}${port === undefined ? '' : `:${port}`}`;
}
