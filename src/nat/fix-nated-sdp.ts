import type { SipMessage } from '../sip/message.ts';
import type { Source } from './source.ts';

/** What `fix_nated_sdp` may do, by its bits. */
export const sdpFixes = {
  /** Each medium gets `a=direction:active`. */
  active: 1,
  /** The addresses of the media (`c=`) become the source address. */
  media: 2,
  /** `a=nortpproxy:yes` is added, which tells proxies further down that the body was seen to. */
  mark: 4,
  /** The address of the origin (`o=`) becomes the source address. */
  origin: 8,
} as const;

/**
 * nathelper's `fix_nated_sdp`: writes into an SDP body where its sender really is (RFC 8866 §5.2, §5.7). An address
 * that puts a medium on hold (`0.0.0.0`) stays.
 *
 * @param message changed in place
 * @param fixes a sum of `sdpFixes`
 * @returns false when the body is no SDP
 */
export function fixNatedSdp(message: SipMessage, source: Source, fixes: number): boolean {
  if (!isSdp(message)) return false;
  const text = message.body.toString('latin1');
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const endsWithBreak = text.endsWith(lineBreak);
  const lines = (endsWithBreak ? text.slice(0, -lineBreak.length) : text).split(lineBreak).map((line) => {
    if ((fixes & sdpFixes.media) !== 0 && line.startsWith('c=')) return withAddress(line, 2, source);
    if ((fixes & sdpFixes.origin) !== 0 && line.startsWith('o=')) return withAddress(line, 5, source);
    return line;
  });
  if ((fixes & sdpFixes.active) !== 0) lines.push('a=direction:active');
  if ((fixes & sdpFixes.mark) !== 0) lines.push('a=nortpproxy:yes');
  message.body = Buffer.from(lines.join(lineBreak) + (endsWithBreak ? lineBreak : ''), 'latin1');
  return true;
}

/** Whether the body of a message is an SDP, or has one in it. */
export function isSdp({ body }: SipMessage): boolean {
  if (body.length === 0) return false;
  const text = body.toString('latin1');
  return /^v=0\r?$/m.test(text) && /^m=/m.test(text);
}

/** The line with the source in the place of its address, which is the field of that number from 0. */
function withAddress(line: string, field: number, { remoteAddress }: Source): string {
  const fields = line.split(' ');
  const address = fields[field];
  if (address === undefined || address === '0.0.0.0' || address === '::') return line;
  fields[field - 1] = remoteAddress.includes(':') ? 'IP6' : 'IP4';
  fields[field] = remoteAddress;
  return fields.join(' ');
}
