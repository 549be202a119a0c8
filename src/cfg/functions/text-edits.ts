import type { SipMessage } from '../../sip/message.ts';
import type { PosixRegex } from '../posix-regex.ts';
import type { CfgRun } from '../run.ts';
import { headerFieldsOf } from './header-lines.ts';
import { changeForwarded, seenMessage } from './message-edits.ts';

/** Which part of a message a function of textops looks at: all behind the first line, or the body. */
export type TextPart = 'message' | 'body';

/** Makes a text from another one; undefined when there is nothing to change. */
export type TextChange = (text: string) => string | undefined;

/** The part as a text of one character per byte. */
export function partOf(message: SipMessage, part: TextPart): string {
  const body = message.body.length === 0 ? '' : message.body.toString('latin1');
  return part === 'body' ? body : `${headOf(message)}\r\n${body}`;
}

/** Changes what goes out, as a text. @returns whether what came in has something to change */
export function changeText(run: CfgRun, part: TextPart, change: TextChange): boolean {
  if (change(partOf(seenMessage(run), part)) === undefined) return false;
  changeForwarded(run, (message) => rewrite(message, part, change));
  return true;
}

function rewrite(message: SipMessage, part: TextPart, change: TextChange): void {
  const text = change(partOf(message, part));
  if (text === undefined) return;
  if (part === 'body') {
    message.body = Buffer.from(text, 'latin1');
    return;
  }
  const blank = /(?:^|\n)\r?\n/.exec(text);
  const headEnd = blank === null ? text.length : blank.index;
  const bodyStart = blank === null ? text.length : blank.index + blank[0].length;
  message.replaceFields(headerFieldsOf(text.slice(0, headEnd)));
  const body = text.slice(bodyStart);
  if (body !== message.body.toString('latin1')) message.body = Buffer.from(body, 'latin1');
}

function headOf(message: SipMessage): string {
  let head = '';
  for (const field of message.headerFields()) head += field.line;
  return head;
}

/** What stands in the place of a match, by its groups. */
export type Replacement = (groups: readonly (string | undefined)[]) => string;

/** Replaces the first match, or every one. */
export function replacing(regex: PosixRegex, replacement: Replacement, all: boolean): TextChange {
  return (text) => {
    let result = '';
    let copied = 0;
    let from = 0;
    let isFound = false;
    while (from <= text.length) {
      const match = regex.exec(text, from);
      if (match === undefined) break;
      isFound = true;
      // `.*$` ends between the two characters of a line break, and nobody means the first of them.
      const halves = match.end > match.start && text[match.end - 1] === '\r' && text[match.end] === '\n';
      result += text.slice(copied, match.start) + replacement(halves ? match.groups.map(withoutReturn) : match.groups);
      copied = halves ? match.end - 1 : match.end;
      if (!all) break;
      from = match.end > match.start ? match.end : match.end + 1;
    }
    return isFound ? result + text.slice(copied) : undefined;
  };
}

function withoutReturn(group: string | undefined): string | undefined {
  return group?.endsWith('\r') ? group.slice(0, -1) : group;
}
