import { parseArgs } from 'node:util';
import { didYouMean, type Problem } from '../server/problem.ts';

/** Options by their names. */
type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** Takes the arguments apart; options that nobody knows, and values that are missing, are problems. */
export function parse(args: readonly string[], options: Options) {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) {
      const names = Object.keys(options).map((name) => `--${name}`);
      problems.push({ place: token.rawName, message: `no such option${didYouMean(token.rawName, names)}` });
    } else if (option.type === 'string' && token.value === undefined) {
      problems.push({ place: token.rawName, message: `needs a value; see aorta --help` });
    } else if (option.type === 'boolean' && token.value !== undefined) {
      problems.push({ place: token.rawName, message: `takes no value` });
    }
  }
  return { values, positionals, problems };
}

/** Values of options by their names. */
export type Values = ReturnType<typeof parseArgs>['values'];

/** The value of an option that is given once. */
export function text(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The values of one that is repeatable. */
export function texts(value: Values[string]): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** One of some words; any other is a problem. */
export function oneOf<T extends string>(given: string, words: readonly T[], place: string, problems: Problem[]): T {
  const found = words.find((word) => word === given);
  if (found === undefined) {
    problems.push({ place, message: `must be one of ${words.join(', ')}, not ${JSON.stringify(given)}` });
  }
  return found ?? (words[0] as T);
}
