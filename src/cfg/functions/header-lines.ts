import type { HeaderLine } from '../../routing/request-context.ts';
import { isToken } from '../../sip/char-class.ts';
import { canonicalHeaderName } from '../../sip/header-name.ts';
import { HeaderField, type SipMessage } from '../../sip/message.ts';

/**
 * The header lines of a text such as `Name: value\r\n`. The last line break may be missing; folded lines belong to
 * the one before them.
 *
 * @returns undefined when a line is no header line, or there is none
 */
export function headerLinesOf(text: string): readonly HeaderLine[] | undefined {
  const lines: HeaderLine[] = [];
  for (const line of linesOf(text)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (!isToken(name)) return undefined;
    lines.push([name, line.slice(colon + 1).trim()]);
  }
  return lines.length === 0 ? undefined : lines;
}

/** The same as the fields of a message; what is no header line is kept as it is. */
export function headerFieldsOf(text: string): readonly HeaderField[] {
  return linesOf(text).map((line) => {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    const whole = `${line}\r\n`;
    return new HeaderField(
      isToken(name) ? canonicalHeaderName(name) : '',
      whole,
      0,
      colon + 1,
      whole.length,
      line.includes('\n'),
    );
  });
}

/** Where lines are put: at an end of the head, or at the first line of a name, the end when there is none. */
export interface LinePlace {
  readonly side: 'before' | 'after';
  readonly name: string | undefined;
}

/** Puts new lines into a message. */
export function putLines(message: SipMessage, lines: readonly HeaderLine[], { side, name }: LinePlace): void {
  const fields = message.headerFields();
  const canonical = name === undefined ? undefined : canonicalHeaderName(name);
  const found = canonical === undefined ? -1 : fields.findIndex((field) => field.name === canonical);
  const usual = side === 'before' ? 0 : fields.length;
  const at = found < 0 ? usual : side === 'before' ? found : found + 1;
  const added = lines.map(([header, value]) => HeaderField.of(header, value));
  message.replaceFields([...fields.slice(0, at), ...added, ...fields.slice(at)]);
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n(?![ \t])/).filter((line) => line.trim() !== '');
}
