/** The methods that have an RFC. Methods are compared with their case (RFC 3261 §7.1, decision 33). */
const knownMethods: ReadonlySet<string> = new Set([
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
]);

/** Whether an RFC defines the method. */
export function isKnownMethod(method: string): boolean {
  return knownMethods.has(method);
}
