import { toCharacters } from '../../base/character-text.ts';
import type { Aor } from '../../location/aor.ts';
import type { Binding } from '../../location/binding.ts';
import { type ColumnKey, type ColumnNames, columnAt, type Row } from './columns.ts';
import type { RowCodec } from './row-codec.ts';

/** What a column takes; whatever is undefined has no limit. */
export interface ColumnLimit {
  /** Characters of a text. */
  readonly maxLength?: number | undefined;
  /** Characters that it cannot hold. */
  readonly lacking?: RegExp | undefined;
  /** The greatest integer. */
  readonly max?: number | undefined;
}

/** What the columns of a table take, so that one binding that is too long does not fail the commit of many. */
export class ColumnLimits {
  readonly #codec: RowCodec;
  readonly #names: ColumnNames;
  readonly #limits: { readonly [Key in ColumnKey]?: ColumnLimit };
  readonly #maxUserAgent: number;
  readonly #notInUserAgent: RegExp | undefined;
  readonly #notInKey: boolean;

  constructor(codec: RowCodec, names: ColumnNames, limits: { readonly [Key in ColumnKey]?: ColumnLimit }) {
    this.#codec = codec;
    this.#names = names;
    this.#limits = limits;
    this.#maxUserAgent = limits.user_agent?.maxLength ?? Number.POSITIVE_INFINITY;
    this.#notInUserAgent = limits.user_agent?.lacking;
    this.#notInKey = limits.username?.lacking !== undefined || limits.domain?.lacking !== undefined;
  }

  /** Why a binding cannot be a row: a sentence that names the column; undefined when it can. */
  problemOf(aor: Aor, binding: Binding): string | undefined {
    return (
      this.#keyProblem(aor) ??
      this.#tooLong('contact', binding.contact) ??
      this.#tooLong('callid', binding.callId) ??
      this.#tooLong('received', binding.received) ??
      this.#tooLong('path', binding.path) ??
      this.#tooLong('socket', binding.socket) ??
      this.#tooLong('instance', binding.instance) ??
      this.#tooLong('ruid', binding.ruid) ??
      this.#tooLarge('cseq', binding.cseq) ??
      this.#tooLarge('methods', binding.methods) ??
      this.#tooLarge('reg_id', binding.regId) ??
      this.#tooLarge('connection_id', binding.flowId)
    );
  }

  /** A row with the User-Agent cut to what its column takes: nobody needs the rest of it. */
  fit(row: Row): Row {
    const text = row[columnAt.user_agent];
    if (typeof text !== 'string') return row;
    const held = this.#notInUserAgent === undefined ? text : text.replaceAll(this.#notInUserAgent, '?');
    const fitting = held.length <= this.#maxUserAgent ? held : [...held].slice(0, this.#maxUserAgent).join('');
    return fitting === text ? row : row.with(columnAt.user_agent, fitting);
  }

  #keyProblem(aor: Aor): string | undefined {
    const { username, domain } = this.#limits;
    const shortest = Math.min(username?.maxLength ?? aor.length, domain?.maxLength ?? aor.length);
    if (aor.length <= shortest && !this.#notInKey) return undefined;
    const [user, host] = this.#codec.keyOf(aor);
    return this.#textProblem('username', user) ?? this.#textProblem('domain', host);
  }

  #tooLong(key: ColumnKey, text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const { maxLength = text.length, lacking } = this.#limits[key] ?? {};
    // A character is stored for each byte at the most.
    if (text.length <= maxLength && lacking === undefined) return undefined;
    return this.#textProblem(key, toCharacters(text));
  }

  #textProblem(key: ColumnKey, text: string): string | undefined {
    const { maxLength, lacking } = this.#limits[key] ?? {};
    const length = [...text].length;
    if (maxLength !== undefined && length > maxLength) {
      return `column ${this.#names[key]} takes ${maxLength} characters, and this has ${length}; make the column wider`;
    }
    const [character] = (lacking && text.match(lacking)) ?? [];
    if (character === undefined) return undefined;
    const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    return `column ${this.#names[key]} cannot hold the character U+${code}; give it the character set utf8mb4`;
  }

  #tooLarge(key: ColumnKey, number: number | undefined): string | undefined {
    const max = this.#limits[key]?.max;
    if (number === undefined || max === undefined || number <= max) return undefined;
    return `column ${this.#names[key]} takes integers up to ${max}, and this is ${number}`;
  }
}
