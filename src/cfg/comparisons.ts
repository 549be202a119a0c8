import { didYouMean } from '../base/did-you-mean.ts';
import type { Comparison, Expression, Word } from '../script/ast.ts';
import { canonicalAddress } from '../transport/ip-address.ts';
import { type Condition, constantCondition } from './condition.ts';
import { keptPatterns } from './limits.ts';
import { networkOf } from './networks.ts';
import { operands } from './operands.ts';
import { isRegexProblem, type PosixRegex, posixRegex } from './posix-regex.ts';
import type { Run } from './run-state.ts';
import type { Site } from './unit.ts';
import { equalityOf, ignoringCase, ordering, type Truth } from './value-rules.ts';
import { compileValue, constantValue, type Value, withBoth } from './values.ts';
import type { CfgValue } from './variables/template.ts';
import { textOf } from './variables/values.ts';

/** Compiles a comparison (cfg-language §7.3). */
export function compileComparison(comparison: Comparison, site: Site): Condition {
  const { operator, left, right, span } = comparison;
  if (isWord(left, 'myself')) return compileMyself(comparison, right, site);
  if (isWord(right, 'myself')) return compileMyself(comparison, left, site);
  if (operator === '=~' || operator === '!~') return compileMatch(comparison, site);
  if (operator === '==' || operator === '!=') {
    const address = compileAddress(left, right, site);
    if (address !== undefined) return operator === '==' ? condition(address) : condition(opposite(address));
    const word = compileWordOperand(left, right, site);
    if (word !== undefined) return wordCondition(word, operator);
    return compileEquality(comparison, site);
  }
  if (left.kind === 'network' || right.kind === 'network') {
    site.unit.error('bad-operand', `a network is compared with == or !=, not with ${operator}`, span);
    return constantCondition(0);
  }
  const holds = ordering(operator);
  return combined(compileValue(left, site), compileValue(right, site), holds);
}

type Test = (run: Run) => boolean;

function isWord(expression: Expression, text: string): expression is Word {
  return expression.kind === 'word' && expression.text === text;
}

function condition(test: Test): Condition {
  return { test: (run) => (test(run) ? 1 : 0) };
}

function opposite(test: Test): Test {
  return (run) => !test(run);
}

function compileMyself({ operator, span }: Comparison, other: Expression, site: Site): Condition {
  const test = other.kind === 'word' ? site.unit.myself.testOf(other.text) : undefined;
  if (test === undefined) {
    site.unit.error('bad-operand', "'myself' can only be compared with uri, from_uri, to_uri, src_ip or dst_ip", span);
    return constantCondition(0);
  }
  if (operator === '==') return condition(test);
  if (operator === '!=') return condition(opposite(test));
  site.unit.error('bad-operand', `'myself' is compared with == or !=, not with ${operator}`, span);
  return constantCondition(0);
}

/** `src_ip == 10.0.0.0/8`, `dst_ip != "192.0.2.1"`. A name is compared as a text: nothing is looked up at run time. */
function compileAddress(left: Expression, right: Expression, site: Site): Test | undefined {
  if (right.kind === 'network') {
    const network = networkOf(right);
    if (typeof network === 'string') {
      site.unit.error('bad-operand', network, right.span);
      return () => false;
    }
    const { read } = compileValue(left, site);
    return (run) => {
      const address = read(run);
      return typeof address === 'string' && network(address);
    };
  }
  if (!isWord(left, 'src_ip') && !isWord(left, 'dst_ip')) return undefined;
  const text = literalText(right);
  if (text === undefined) return undefined;
  const address = canonicalAddress(text);
  if (address === undefined) {
    site.unit.warning(
      'name-as-address',
      `'${text}' is no IP address, and names are not looked up: this is never equal`,
      right.span,
      {
        hint: 'write the addresses that it stands for',
      },
    );
  }
  const wanted = address ?? text;
  const read = operands.get(left.text)?.read;
  return (run) => read?.(run) === wanted;
}

function literalText(expression: Expression): string | undefined {
  if (expression.kind === 'string' && expression.pieces.every(({ kind }) => kind === 'text')) return expression.value;
  if (expression.kind === 'ip') return expression.address;
  return expression.kind === 'word' ? expression.text : undefined;
}

const uriWords: readonly string[] = ['from_uri', 'to_uri', 'uri'];
const transports: readonly string[] = ['udp', 'tcp', 'tls', 'sctp', 'ws', 'wss'];

/** A word of the message and the text that it is compared with. */
interface WordComparison {
  readonly read: (run: Run) => CfgValue;
  readonly text: string;
}

/** `method == INVITE`, `proto == UDP`, `uri == sip.example.org`: the word on the right is a text. */
function compileWordOperand(left: Expression, right: Expression, site: Site): WordComparison | undefined {
  if (left.kind !== 'word') return undefined;
  const operand = operands.get(left.text);
  const text = literalText(right);
  if (operand === undefined || operand.type !== 'text' || text === undefined) return undefined;
  if (right.kind === 'word' && operands.has(text)) return undefined;
  if (left.text === 'proto' && !transports.includes(text.toLowerCase())) {
    site.unit.error('bad-operand', `'${text}' is no transport; proto is UDP, TCP, TLS, WS or WSS`, right.span);
  }
  if (right.kind === 'word' && uriWords.includes(left.text)) {
    const hint = didYouMean(text, ['myself']) === undefined ? 'match a part of it with =~' : "did you mean 'myself'?";
    site.unit.warning('never-equal', `'${left.text}' is a whole URI, which '${text}' is not`, right.span, { hint });
  }
  return { read: operand.read, text };
}

// What the message has not, a reply its method, is neither equal nor unequal: an error.
function wordCondition({ read, text }: WordComparison, operator: '==' | '!='): Condition {
  const [yes, no]: readonly [Truth, Truth] = operator === '==' ? [1, 0] : [0, 1];
  const lower = text.toLowerCase();
  return {
    test: (run) => {
      const value = read(run);
      if (value === text) return yes;
      if (typeof value !== 'string') return -1;
      return value.length === lower.length && value.toLowerCase() === lower ? yes : no;
    },
  };
}

function compileEquality({ operator, left, right }: Comparison, site: Site): Condition {
  // The words that came before there were variables are compared without regard to case in every dialect.
  const ofWord = left.kind === 'word' && operands.has(left.text);
  const same = ofWord ? sameOfWord : equalityOf(site.unit.dialect);
  const [yes, no]: readonly [Truth, Truth] = operator === '==' ? [1, 0] : [0, 1];
  return combined(compileValue(left, site), compileValue(right, site), (a, b) => (same(a, b) ? yes : no));
}

const sameValue = equalityOf('openser');

function sameOfWord(left: CfgValue, right: CfgValue): boolean {
  if (typeof left === 'string' && typeof right === 'string') return ignoringCase(left, right);
  return sameValue(left, right);
}

function combined(left: Value, right: Value, compare: (left: CfgValue, right: CfgValue) => Truth): Condition {
  if (left.constant && right.constant) return constantCondition(compare(left.value, right.value));
  if (left.waits || right.waits) return { test: (run) => withBoth(left, right, run, compare) };
  // Neither waits, so both read at once.
  const a = left.read as (run: Run) => CfgValue;
  if (right.constant) {
    const known = right.value;
    return { test: (run) => compare(a(run), known) };
  }
  const b = right.read as (run: Run) => CfgValue;
  return { test: (run) => compare(a(run), b(run)) };
}

/** `=~`: POSIX extended, without regard to case, unanchored. An absent value matches nothing. */
function compileMatch({ operator, left, right }: Comparison, site: Site): Condition {
  const [yes, no]: readonly [Truth, Truth] = operator === '=~' ? [1, 0] : [0, 1];
  const subject = compileValue(left, site);
  // In a pattern, `$` is the end: only what is a variable and nothing else is one.
  const pattern =
    right.kind === 'string' && !isOneVariable(right) ? constantValue(right.value) : compileValue(right, site);
  if (pattern.constant) {
    const text = textOf(pattern.value);
    const regex = posixRegex(text, 'i');
    if (isRegexProblem(regex)) {
      site.unit.error('bad-regex', regex.problem, right.span);
      return constantCondition(0);
    }
    if (regex.note !== undefined) site.unit.warning('odd-regex', regex.note, right.span);
    return combined(subject, constantValue(text), (value) =>
      value !== undefined && regex.test(textOf(value)) ? yes : no,
    );
  }
  const kept = new Map<string, PosixRegex | undefined>();
  return combined(subject, pattern, (value, text) => {
    if (value === undefined || text === undefined) return no;
    const regex = recall(kept, textOf(text));
    if (regex === undefined) return -1;
    return regex.test(textOf(value)) ? yes : no;
  });
}

function isOneVariable(text: Extract<Expression, { kind: 'string' }>): boolean {
  return text.pieces.length === 1 && text.pieces[0]?.kind === 'variable';
}

function recall(kept: Map<string, PosixRegex | undefined>, pattern: string): PosixRegex | undefined {
  if (kept.has(pattern)) return kept.get(pattern);
  const compiled = posixRegex(pattern, 'i');
  const regex = isRegexProblem(compiled) ? undefined : compiled;
  if (kept.size >= keptPatterns) kept.clear();
  kept.set(pattern, regex);
  return regex;
}
