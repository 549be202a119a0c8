/** The methods that have an RFC. Methods are compared with their case (RFC 3261 §7.1, decision 33). */
const knownMethods = [
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
];
const byText: ReadonlyMap<string, string> = new Map(knownMethods.map((method) => [method, method]));

/** Whether an RFC defines the method. */
export function isKnownMethod(method: string): boolean {
  return byText.has(method);
}

/**
 * The same text; that of a known method is always the same string, which is compared with others by its place in
 * memory and keeps no message alive.
 */
export function sameMethod(text: string): string {
  return byText.get(text) ?? text;
}
