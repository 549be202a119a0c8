/** Whether every character is one byte, as in all that comes from the network. */
export function isLatin1(text: string): boolean {
  let all = 0;
  for (let i = 0; i < text.length; i++) all |= text.charCodeAt(i);
  return all <= 0xff;
}

/** Any text in Latin-1 characters; `unescaped` gives it back. */
export function escaped(text: string): string {
  return latin1Json(JSON.stringify(text));
}

export function unescaped(text: string): string {
  // Only `escaped` writes what comes here.
  return JSON.parse(text) as string;
}

/** JSON whose characters beyond Latin-1, which only strings can have, are written as escapes. */
export function latin1Json(json: string): string {
  return json.replace(/[^\0-\xff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
