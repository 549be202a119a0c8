import { toCharacters } from '../../base/character-text.ts';
import { type Aor, asAor } from '../../location/aor.ts';
import { type Binding, bindingFlags, isPermanent, isValid } from '../../location/binding.ts';
import { identifierProblem } from '../../location/persistence/identifier.ts';
import { methodMask, methodNames } from '../../registrar/method-mask.ts';
import { didYouMean } from '../../server/problem.ts';
import { parseRoutes } from '../../sip/headers/address.ts';
import { isSipError } from '../../sip/sip-error.ts';
import { parseUri } from '../../sip/uri.ts';
import { type AorForm, aorProblem } from './aor-problem.ts';
import { FieldReader, shown } from './field-reader.ts';
import { bitNumbers, flagNames, flagOf } from './flag-names.ts';
import { instantText, parseInstant } from './instant.ts';

/** The fields of a line, in the order in which they are written. */
const fields = [
  'table',
  'aor',
  'ruid',
  'contact',
  'expiresAt',
  'q',
  'callId',
  'cseq',
  'received',
  'path',
  'socket',
  'userAgent',
  'flags',
  'branchFlags',
  'methods',
  'instance',
  'regId',
  'lastModifiedAt',
] as const;

const known: ReadonlySet<string> = new Set(fields);

const maxInteger = 2 ** 31 - 1;

/** What a column of this family holds; other programs write theirs in the same letters. */
const ruidPattern = /^[\x21-\x7e]{1,64}$/;

/** Bits of `methods` that have no name here: they are kept. */
const namelessMethods = Array.from({ length: 17 }, (_, i) => [`bit${14 + i}`, 1 << (14 + i)] as const);

/** A binding, and where it belongs. */
export interface PlacedLine {
  readonly table: string;
  readonly aor: Aor;
  readonly binding: Binding;
}

/** What a line is read with. */
export interface LineContext {
  readonly aorForm: AorForm;
  /** Epoch milliseconds of the current whole second. */
  readonly now: number;
  /** Makes the identity of a binding that has none. */
  readonly ruid: () => string;
}

/**
 * A binding as a line of a dump. Not in it: the connection it came by, which is of one process, and the extension, which
 * is made of `instance` and `regId`.
 *
 * @returns the line without its end, or the sentence that says why there can be none
 */
export function dumpLine(table: string, aor: Aor, binding: Binding): { readonly line: string } | string {
  const expiresAt = isPermanent(binding) ? null : instantText(binding.expiresAt);
  const lastModifiedAt = instantText(binding.lastModifiedAt);
  if (expiresAt === undefined) return 'expires is not in the years 0 to 9999';
  if (lastModifiedAt === undefined) return 'last_modified is not in the years 0 to 9999';
  const object: Record<(typeof fields)[number], unknown> = {
    table,
    aor: toCharacters(aor),
    ruid: binding.ruid,
    contact: toCharacters(binding.contact),
    expiresAt,
    q: binding.q < 0 ? null : binding.q / 1000,
    callId: toCharacters(binding.callId),
    cseq: binding.cseq,
    received: optionalText(binding.received),
    path: optionalText(binding.path),
    socket: optionalText(binding.socket),
    userAgent: toCharacters(binding.userAgent),
    flags: flagNames(binding.flags),
    branchFlags: bitNumbers(binding.branchFlags),
    methods: methodsOf(binding.methods),
    instance: optionalText(binding.instance),
    regId: binding.regId,
    lastModifiedAt,
  };
  return { line: JSON.stringify(object) };
}

/**
 * Reads a line of a dump. All but `table`, `aor`, `contact` and the expiry may be missing.
 *
 * @returns the sentence that says why it cannot be taken, when it cannot
 */
export function readDumpLine(object: Readonly<Record<string, unknown>>, context: LineContext): PlacedLine | string {
  const reader = new FieldReader(object);
  for (const name of Object.keys(object)) {
    if (!known.has(name)) reader.refuse(`unknown field ${shown(name)}${didYouMean(name.slice(0, 40), fields)}`);
  }
  const table = readTable(reader);
  const aor = readAor(reader, context.aorForm);
  const binding = readBinding(reader, context);
  if (reader.problem === undefined && !isValid(binding, context.now)) {
    reader.refuse(`it has expired at ${instantText(binding.expiresAt)}`);
  }
  return reader.problem ?? { table, aor, binding };
}

function readTable(reader: FieldReader): string {
  const table = reader.text('table');
  if (!reader.has('table')) reader.refuse('table is missing');
  const problem = identifierProblem(table);
  if (problem !== undefined) reader.refuse(`table ${problem}`);
  return table;
}

function readAor(reader: FieldReader, form: AorForm): Aor {
  const aor = reader.bytes('aor');
  const problem = reader.has('aor') ? aorProblem(aor, form) : 'is missing';
  if (problem !== undefined) reader.refuse(`aor ${problem}`);
  return asAor(aor);
}

function readBinding(reader: FieldReader, { now, ruid }: LineContext): Binding {
  const flags = reader.bits('flags', flagBit, 'no flag of a row');
  const methods = reader.bits('methods', methodBit, 'no method');
  if (reader.has('methods') && methods === 0) reader.refuse('methods names none; null is all of them');
  return {
    ruid: readRuid(reader, ruid),
    contact: readContact(reader),
    expiresAt: readExpiry(reader, (flags & bindingFlags.permanent) !== 0),
    q: reader.thousandths('q'),
    // Every REGISTER of a phone has another Call-ID, so that it wins whatever its CSeq (RFC 3261 §10.3 step 7).
    callId: reader.optionalBytes('callId') ?? 'aorta-import',
    cseq: reader.integer('cseq', maxInteger, 1),
    received: readReceived(reader),
    path: readPath(reader),
    socket: reader.optionalBytes('socket'),
    flowId: undefined,
    userAgent: reader.bytes('userAgent'),
    flags,
    branchFlags: reader.bits('branchFlags', branchFlagBit, 'no number from 0 to 31'),
    methods: methods === 0 ? undefined : methods,
    instance: reader.optionalBytes('instance'),
    regId: reader.integer('regId', maxInteger, 0),
    extension: '',
    lastModifiedAt: reader.has('lastModifiedAt') ? readInstant(reader, 'lastModifiedAt') : now,
  };
}

function readRuid(reader: FieldReader, make: () => string): string {
  if (!reader.has('ruid')) return make();
  const ruid = reader.text('ruid');
  if (!ruidPattern.test(ruid)) reader.refuse('ruid is no text of 1 to 64 printable ASCII characters without blanks');
  return ruid;
}

function readContact(reader: FieldReader): string {
  const contact = reader.bytes('contact');
  if (contact === '') reader.refuse('contact is missing');
  refuseUri(reader, 'contact', contact);
  return contact;
}

function readReceived(reader: FieldReader): string | undefined {
  const received = reader.optionalBytes('received');
  if (received !== undefined) refuseUri(reader, 'received', received);
  return received;
}

function refuseUri(reader: FieldReader, name: string, text: string): void {
  const uri = parseUri(text);
  if (isSipError(uri)) reader.refuse(`${name} is no URI: ${uri.message}`);
}

function readPath(reader: FieldReader): string | undefined {
  const path = reader.optionalBytes('path');
  const routes = path === undefined ? [] : parseRoutes(path, 'Path');
  if (isSipError(routes)) reader.refuse(`path is no list of addresses: ${routes.message}`);
  return path;
}

function readExpiry(reader: FieldReader, isForEver: boolean): number {
  if (!isForEver && !reader.has('expiresAt')) reader.refuse('expiresAt is missing');
  if (isForEver && reader.has('expiresAt')) reader.refuse('it is permanent, so expiresAt has to be null');
  return isForEver ? 0 : readInstant(reader, 'expiresAt');
}

function readInstant(reader: FieldReader, name: string): number {
  const instant = parseInstant(reader.text(name));
  if (instant === undefined) reader.refuse(`${name} is no instant like 2030-12-31T23:59:59Z`);
  return instant ?? 0;
}

function flagBit(item: unknown): number | undefined {
  return typeof item === 'string' ? flagOf(item) : undefined;
}

function branchFlagBit(item: unknown): number | undefined {
  return typeof item === 'number' && Number.isInteger(item) && item >= 0 && item < 32 ? 1 << item : undefined;
}

function methodBit(item: unknown): number | undefined {
  if (typeof item !== 'string') return undefined;
  return namelessMethods.find(([name]) => name === item)?.[1] ?? (item.includes(',') ? undefined : methodMask(item));
}

/** The names of a mask; undefined takes all methods. */
function methodsOf(mask: number | undefined): string[] | null {
  if (mask === undefined) return null;
  const names = [...methodNames(mask), ...namelessMethods.filter(([, bit]) => mask & bit).map(([name]) => name)];
  return names.length === 0 ? null : names;
}

function optionalText(bytes: string | undefined): string | null {
  return bytes === undefined ? null : toCharacters(bytes);
}
