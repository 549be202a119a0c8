import { isSipError } from '../sip/sip-error.ts';
import type { Uri } from '../sip/uri.ts';
import { familyOf } from '../transport/ip-address.ts';
import type { Run } from './run-state.ts';
import type { CfgValue } from './variables/template.ts';

/** A word that stands for something of the message (cfg-language §7.3). */
export interface Operand {
  /** Undefined when the message has it not, or it cannot be read. */
  readonly read: (run: Run) => CfgValue;
  readonly type: 'number' | 'text';
  readonly doc: string;
}

/** Bytes of the longest datagram, `max_len`. */
const maxLength = 65_535;

/** The words by their names. */
export const operands: ReadonlyMap<string, Operand> = new Map<string, Operand>([
  ['method', { read: method, type: 'text', doc: 'The method of a request; a reply has none.' }],
  ['uri', { read: uriOrStatus, type: 'text', doc: 'The current Request-URI; in a reply block the status.' }],
  ['status', { read: uriOrStatus, type: 'text', doc: 'The status of a reply; of a request the current Request-URI.' }],
  ['from_uri', { read: fromUri, type: 'text', doc: 'The URI of From.' }],
  ['to_uri', { read: toUri, type: 'text', doc: 'The URI of To.' }],
  ['src_ip', { read: (run) => flowOf(run).remoteAddress, type: 'text', doc: 'The address the message came from.' }],
  ['src_port', { read: (run) => flowOf(run).remotePort, type: 'number', doc: 'The port the message came from.' }],
  ['dst_ip', { read: (run) => flowOf(run).localAddress, type: 'text', doc: 'The address the message came to.' }],
  ['dst_port', { read: (run) => flowOf(run).localPort, type: 'number', doc: 'The port the message came to.' }],
  ['proto', { read: proto, type: 'text', doc: 'The transport the message came by: UDP, TCP, TLS, WS, WSS.' }],
  ['af', { read: addressFamily, type: 'number', doc: 'INET or INET6.' }],
  ['msg:len', { read: messageLength, type: 'number', doc: 'The bytes of the message, its body included.' }],
  ['max_len', { read: () => maxLength, type: 'number', doc: '65535, the longest message of one datagram.' }],
  ['retcode', { read: (run) => run.rc, type: 'number', doc: 'What the last command returned.' }],
]);

/** What the message of a block came by. */
export function flowOf(run: Run): Run['context']['flow'] {
  return run.reply === undefined ? run.context.flow : run.reply.flow;
}

function method({ reply, context }: Run): CfgValue {
  return reply === undefined ? context.method : undefined;
}

function uriOrStatus(run: Run): CfgValue {
  if (run.reply !== undefined) return String(run.reply.response.status);
  return run.branch === undefined ? run.context.uri : run.branch.uri;
}

/** The current Request-URI; undefined when it cannot be read. */
export function currentUri(run: Run): Uri | undefined {
  if (run.reply !== undefined) return undefined;
  const uri = run.branch === undefined ? run.context.parsedUri : run.branch.request.uri;
  return isSipError(uri) ? undefined : uri;
}

function fromUri({ message }: Run): CfgValue {
  const { from } = message;
  return isSipError(from) ? undefined : from.uriText;
}

function toUri({ message }: Run): CfgValue {
  const { to } = message;
  return isSipError(to) ? undefined : to.uriText;
}

function proto(run: Run): CfgValue {
  return flowOf(run).transport.toUpperCase();
}

function addressFamily(run: Run): CfgValue {
  return familyOf(flowOf(run).remoteAddress) === 4 ? 2 : 10;
}

function messageLength({ message }: Run): CfgValue {
  return message.toWire().length;
}
