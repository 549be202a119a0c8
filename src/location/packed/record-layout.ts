/**
 * How an address-of-record lies in memory: one block for itself and all its bindings. docs/location.md explains the
 * choices and how to add a field.
 *
 * | word | of the record |
 * |---|---|
 * | 0 | hash of the key |
 * | 1 | key: its length (bits 12..31), its table (1..11), whether it is escaped (0; `escaped-text.ts`) |
 * | 2 | words in use, from word 0 to the end of the last binding |
 * | 3 | wheel: second at which the record is due (epoch, unsigned) |
 * | 4 | wheel: next record; ~slot in the last of a slot |
 * | 5 | wheel: previous record; ~slot in the first of a slot; 0 when it is on no wheel |
 * | 6, 7 | next and previous record of the table in the order of creation; 0 for none |
 * | 8… | the key, one byte a character, filled up to a word |
 * | then | the bindings in list order |
 *
 * | word | of a binding |
 * |---|---|
 * | 0 | which optional words it has (bits 0..11, `has`), q + 1 (12..21), length of ruid (22..31) |
 * | 1 | length of contact (0..15), of Call-ID (16..31); an odd binding: length of its text |
 * | 2 | expiresAt in epoch seconds, unsigned |
 * | 3 | lastModifiedAt in epoch seconds, unsigned |
 * | 4 | CSeq, unsigned |
 * | 5… | the optional words that it has, in the order of `has`: one each, three for a flow |
 * | then | texts, one byte a character: ruid, contact, Call-ID, path, received, instance, extension; filled up to a word |
 *
 * A binding that does not fit this (a text beyond Latin-1 or very long, a number that is no whole one of 32 bits) is
 * *odd*: its text is the whole binding in JSON. Words 2, 3 and 4 and the words of flow and flags are kept beside it, so
 * that expiry and flows need not know.
 */
export const recordWord = {
  hash: 0,
  key: 1,
  used: 2,
  due: 3,
  wheelNext: 4,
  wheelPrevious: 5,
  orderNext: 6,
  orderPrevious: 7,
} as const;

/** Words of a record before its key. */
export const recordHeadWords = 8;

export const keyBits = {
  escaped: 1,
  tableShift: 1,
  tableMask: 0x7ff,
  lengthShift: 12,
  maxLength: 2 ** 20 - 1,
} as const;

/** Tables that a location can have. */
export const maxTables = keyBits.tableMask + 1;

export const bindingWord = { head: 0, lengths: 1, expires: 2, modified: 3, cseq: 4 } as const;

/** Words that every binding has. */
export const bindingHeadWords = 5;

/** Bits of a binding's head, in the order of the words that they announce. */
export const has = {
  /** No word; the binding is odd. */
  oddText: 1 << 0,
  /** An id of the text pool; without it User-Agent is empty. */
  userAgent: 1 << 1,
  /** An id of the text pool. */
  socket: 1 << 2,
  /** A length, as are the next three. */
  path: 1 << 3,
  received: 1 << 4,
  instance: 1 << 5,
  /** Without it the extension is empty. */
  extension: 1 << 6,
  /** The flow's id; the next and the previous record of that flow, see `flow-chains.ts`. */
  flow: 1 << 7,
  /** Without it 0; the same for the branch flags. */
  flags: 1 << 8,
  branchFlags: 1 << 9,
  methods: 1 << 10,
  /** Without it 0. */
  regId: 1 << 11,
} as const;

export const presenceMask = 0xfff;
export const headBits = { qShift: 12, qMask: 0x3ff, ruidShift: 22, maxRuid: 0x3ff, maxText: 0xffff } as const;

/** Words before the texts of a binding, by the presence bits of its head. */
const wordsBefore = Uint8Array.from({ length: presenceMask + 1 }, (_, bits) => {
  let words: number = bindingHeadWords;
  for (let bit: number = has.userAgent; bit <= has.regId; bit <<= 1) if (bits & bit) words += bit === has.flow ? 3 : 1;
  return words;
});

/** How many words a binding has before its texts. */
export function headerWords(head: number): number {
  return wordsBefore[head & presenceMask] as number;
}

/** Where the optional word of that bit lies, counted from the binding's first word. */
export function optionalWord(head: number, bit: number): number {
  return wordsBefore[head & (bit - 1)] as number;
}

/** The word of a record's first binding, when the record begins at word `start`. */
export function firstBinding(words: Int32Array, start: number): number {
  return start + recordHeadWords + wordsOf((words[start + recordWord.key] as number) >>> keyBits.lengthShift);
}

/** The word behind a record's last binding. */
export function recordEnd(words: Int32Array, start: number): number {
  return start + (words[start + recordWord.used] as number);
}

/** The words of so many bytes. */
export function wordsOf(bytes: number): number {
  return (bytes + 3) >>> 2;
}
