/** All that there is about URIs, under one name. */
export { hostIsIpLiteral, stripBrackets } from './host.ts';
export {
  isSipUri,
  isTelUri,
  type OtherUri,
  parseUri,
  SipUri,
  type TelUri,
  type Uri,
  unescapeUser,
} from './parse-uri.ts';
export { sameUri } from './same-uri.ts';
