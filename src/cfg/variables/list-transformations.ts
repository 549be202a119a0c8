import { splitList } from '../../sip/header-list.ts';
import { ofText, type TransformationEntry, withNumber, withTexts } from './transformation-entry.ts';

/** Lists of parameters, of values, of lines. A place that is not there is the empty text. */
export const listTransformations: readonly TransformationEntry[] = [
  {
    name: 'param.value',
    parameters: 'name,delimiter',
    arity: [1, 2],
    doc: 'Value of a parameter in a list `a=1;b=2`; names have no case.',
    make: withTexts((text, name, delimiter) => find(text, name, delimiter)?.value ?? ''),
  },
  {
    name: 'param.exist',
    parameters: 'name,delimiter',
    arity: [1, 2],
    doc: '1 when there is a parameter of that name, else 0.',
    make: withTexts((text, name, delimiter) => (find(text, name, delimiter) === undefined ? 0 : 1)),
  },
  {
    name: 'param.valueat',
    parameters: 'index,delimiter',
    arity: [1, 2],
    doc: 'Value of the parameter at a place; a negative index counts from the end.',
    make: withNumber((text, index, delimiter) => entries(text, delimiter).at(index)?.value ?? ''),
  },
  {
    name: 'param.name',
    parameters: 'index,delimiter',
    arity: [1, 2],
    doc: 'Name of the parameter at a place; a negative index counts from the end.',
    make: withNumber((text, index, delimiter) => entries(text, delimiter).at(index)?.name ?? ''),
  },
  {
    name: 'param.count',
    parameters: 'delimiter',
    arity: [0, 1],
    doc: 'How many parameters there are.',
    make: withTexts((text, delimiter) => entries(text, delimiter || undefined).length),
  },
  {
    name: 'csv.value',
    parameters: 'index',
    arity: [1, 1],
    doc: 'A value of a comma-separated list; a negative index counts from the end.',
    make: withNumber((text, index) => values(text).at(index) ?? ''),
  },
  {
    name: 'csv.count',
    doc: 'How many values a comma-separated list has.',
    make: ofText((text) => values(text).length),
  },
  { name: 'line.count', doc: 'How many lines there are.', make: ofText((text) => lines(text).length) },
  {
    name: 'line.at',
    parameters: 'index',
    arity: [1, 1],
    doc: 'A line; a negative index counts from the end.',
    make: withNumber((text, index) => lines(text).at(index) ?? ''),
  },
  {
    name: 'line.sw',
    parameters: 'beginning',
    arity: [1, 1],
    doc: 'The first line that begins with a text.',
    make: withTexts((text, beginning) => lines(text).find((line) => line.startsWith(beginning)) ?? ''),
  },
];

interface Entry {
  readonly name: string;
  readonly value: string;
}

function find(text: string, name: string, delimiter: string | undefined): Entry | undefined {
  const wanted = name.trim().toLowerCase();
  return entries(text, delimiter).find((entry) => entry.name.toLowerCase() === wanted);
}

/** The parameters in their order; a value in quotes may have the delimiter in it, and loses its quotes. */
function entries(text: string, delimiter = ';'): readonly Entry[] {
  const found: Entry[] = [];
  for (const part of splitOutsideQuotes(text, delimiter.charAt(0) || ';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim();
    const value = equals < 0 ? '' : part.slice(equals + 1).trim();
    if (name !== '')
      found.push({ name, value: /^".*"$/s.test(value) && value.length > 1 ? value.slice(1, -1) : value });
  }
  return found;
}

function splitOutsideQuotes(text: string, delimiter: string): readonly string[] {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') quoted = !quoted;
    else if (c === delimiter && !quoted) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

function values(text: string): readonly string[] {
  const found: string[] = [];
  if (text.trim() !== '') splitList(text, found);
  return found;
}

function lines(text: string): readonly string[] {
  return text.split(/\r?\n/);
}
