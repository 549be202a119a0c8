import { fromCharacters, toCharacters } from '../../base/character-text.ts';
import { type Aor, asAor } from '../../location/aor.ts';
import { type Binding, bindingFlags, isPermanent } from '../../location/binding.ts';
import type { RowBatch, StoredBinding, UnreadableRow } from '../../location/persistence/database.ts';
import { isRefresh } from '../../location/persistence/is-refresh.ts';
import { quote } from '../../sip/quoted-string.ts';
import { columnAt, type Row } from './columns.ts';

/** How bindings become rows. */
export interface RowOptions {
  /** Whether addresses-of-record have a domain, which is a column of its own then. */
  readonly useDomain: boolean;
  /** `nat_bflag`: the branch flag by which other programs of the family know what is behind a NAT; -1 for none. */
  readonly natBflag: number;
  /** What tells the rows of this server from those of others. */
  readonly serverId: number;
}

/**
 * Bits of the column `flags` in layout 9. The lowest ones are Kamailio's own (memory only, and two more), where ours has
 * NAT; so that bit is stored elsewhere, and Kamailio's are not read.
 */
const natBit = 1 << 16;
const foreignBits = 0b111;

/** Texts that other programs of the family write where there is none. */
const noUserAgent = 'n/a';

/** The numbers of a row that a refresh changes, beside its `ruid`. */
export type RefreshRow = readonly [expires: number, cseq: number, lastModified: number, ruid: string];

/** Bindings as rows of a table, and back. */
export class RowCodec {
  readonly #options: RowOptions;
  readonly #natMask: number;

  constructor(options: RowOptions) {
    this.#options = options;
    this.#natMask = options.natBflag < 0 ? 0 : 1 << options.natBflag;
  }

  /** The columns `username` and `domain` of an address-of-record. */
  keyOf(aor: Aor): readonly [username: string, domain: string] {
    const text = toCharacters(aor);
    if (!this.#options.useDomain) return [text, ''];
    const at = text.lastIndexOf('@');
    // An address without a user is its domain.
    return at === -1 ? ['', text] : [text.slice(0, at), text.slice(at + 1)];
  }

  /** The address-of-record of a row; undefined when it has none. */
  aorOf(username: string | null, domain: string | null): Aor | undefined {
    const user = username ?? '';
    if (!this.#options.useDomain) return user === '' ? undefined : asAor(fromCharacters(user));
    const host = domain ?? '';
    if (host === '') return undefined;
    return asAor(fromCharacters(user === '' ? host : `${user}@${host}`));
  }

  encode(aor: Aor, binding: Binding): Row {
    const [username, domain] = this.keyOf(aor);
    const { flags } = binding;
    const isNatted = (flags & bindingFlags.nat) !== 0;
    return [
      binding.ruid,
      username,
      this.#options.useDomain ? domain : null,
      toCharacters(binding.contact),
      optional(binding.received),
      optional(binding.path),
      isPermanent(binding) ? 0 : seconds(binding.expiresAt),
      binding.q < 0 ? -1 : binding.q / 1000,
      toCharacters(binding.callId),
      binding.cseq,
      seconds(binding.lastModifiedAt),
      (flags & ~(foreignBits | bindingFlags.memoryOnly)) | (isNatted ? natBit : 0),
      binding.branchFlags | (isNatted ? this.#natMask : 0),
      toCharacters(binding.userAgent),
      optional(binding.socket),
      binding.methods ?? null,
      optional(binding.instance),
      binding.regId,
      this.#options.serverId,
      binding.flowId ?? -1,
    ];
  }

  /** The numbers to write when nothing else of a row changed; undefined when something did. */
  refresh(before: Binding, after: Binding): RefreshRow | undefined {
    // A permanent binding has another expiry in its row than in memory.
    if (isPermanent(before) || !isRefresh(before, after)) return undefined;
    return [seconds(after.expiresAt), after.cseq, seconds(after.lastModifiedAt), after.ruid];
  }

  /** @returns the sentence that says why the row makes no sense, when it does not */
  decode(row: Row): StoredBinding | string {
    const username = textAt(row, columnAt.username);
    const domain = textAt(row, columnAt.domain);
    const aor = this.aorOf(username ?? null, domain ?? null);
    if (aor === undefined) return this.#options.useDomain ? 'domain is empty' : 'username is empty';
    const contact = textAt(row, columnAt.contact);
    if (!contact) return 'contact is empty';
    const ruid = textAt(row, columnAt.ruid);
    if (!ruid) return 'ruid is empty';
    const callId = textAt(row, columnAt.callid);
    if (!callId) return 'callid is empty';
    const expires = numberAt(row, columnAt.expires);
    if (expires === undefined) return 'expires is no instant';
    const q = numberAt(row, columnAt.q);
    if (q === undefined || q > 1) return 'q is no number from 0 to 1, or -1';
    const cseq = numberAt(row, columnAt.cseq);
    if (cseq === undefined || cseq < 0 || cseq > 0xffff_ffff) return 'cseq is no CSeq';
    const stored = numberAt(row, columnAt.flags);
    if (stored === undefined) return 'flags is no number';
    const branchFlags = numberAt(row, columnAt.cflags) ?? 0;
    const isNatted = (stored & natBit) !== 0 || (branchFlags & this.#natMask) !== 0;
    const staysForGood = expires === 0 || (stored & bindingFlags.permanent) !== 0;
    const instance = optionalTextAt(row, columnAt.instance);
    const regId = numberAt(row, columnAt.reg_id) ?? 0;
    const flags =
      (stored & ~(foreignBits | natBit | bindingFlags.memoryOnly)) |
      (isNatted ? bindingFlags.nat : 0) |
      (staysForGood ? bindingFlags.permanent : 0);
    const binding: Binding = {
      ruid,
      contact: fromCharacters(contact),
      expiresAt: expires * 1000,
      q: q < 0 ? -1 : Math.round(q * 1000),
      callId: fromCharacters(callId),
      cseq,
      received: optionalTextAt(row, columnAt.received),
      path: optionalTextAt(row, columnAt.path),
      socket: optionalTextAt(row, columnAt.socket),
      // A connection is of the process that accepted it.
      flowId: undefined,
      userAgent: userAgentOf(textAt(row, columnAt.user_agent)),
      flags,
      branchFlags,
      methods: methodsOf(numberAt(row, columnAt.methods)),
      instance,
      regId,
      extension: extensionOf(instance, regId),
      lastModifiedAt: (numberAt(row, columnAt.last_modified) ?? 0) * 1000,
    };
    return { aor, binding };
  }

  /** Decodes some rows, and says of those that make no sense why. */
  decodeAll(rows: readonly Row[]): RowBatch {
    const stored: StoredBinding[] = [];
    const unreadable: UnreadableRow[] = [];
    for (const row of rows) {
      const decoded = this.decode(row);
      if (typeof decoded === 'string') unreadable.push({ row: nameOf(row), problem: decoded });
      else stored.push(decoded);
    }
    return { stored, unreadable };
  }
}

/** What names a row for an operator. */
function nameOf(row: Row): string {
  const { ruid, username, domain, contact } = columnAt;
  return JSON.stringify({ ruid: row[ruid], username: row[username], domain: row[domain], contact: row[contact] });
}

function seconds(instantMs: number): number {
  return Math.floor(instantMs / 1000);
}

function optional(text: string | undefined): string | null {
  return text === undefined ? null : toCharacters(text);
}

function textAt(row: Row, at: number): string | undefined {
  const value = row[at];
  return typeof value === 'string' ? value : value === null || value === undefined ? undefined : String(value);
}

function optionalTextAt(row: Row, at: number): string | undefined {
  const text = textAt(row, at);
  return text === undefined || text === '' ? undefined : fromCharacters(text);
}

function numberAt(row: Row, at: number): number | undefined {
  const value = row[at];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function userAgentOf(text: string | undefined): string {
  return text === undefined || text === noUserAgent ? '' : fromCharacters(text);
}

/** The bits of all methods are what a contact has that names none. */
function methodsOf(mask: number | undefined): number | undefined {
  return mask === undefined || mask <= 0 || mask >= 0x7fff_ffff ? undefined : mask;
}

/** The parameters that a reply gives back (decision 16), which have columns of their own. */
function extensionOf(instance: string | undefined, regId: number): string {
  const quoted = instance === undefined ? '' : `;+sip.instance=${quote(instance)}`;
  return regId === 0 ? quoted : `${quoted};reg-id=${regId}`;
}
