import { bindingFlags } from '../location/binding.ts';
import { adminLimits } from './limits.ts';

/** A JSON Schema: what fastify checks requests with, writes answers with, and OpenAPI shows. */
export interface Schema {
  readonly type: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

/** A schema of an object. */
export interface ObjectSchema extends Schema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
}

/** An object that has all of its properties and no other, unless some are optional. */
export function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): ObjectSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const count: Schema = { type: 'integer' };
const counts: Schema = { type: 'object', additionalProperties: { type: 'integer' } };

function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** `:table` of a path. */
export const tableParameter: Schema = {
  ...{ type: 'string', minLength: 1, maxLength: 64 },
  description: 'A location table, for example `location`.',
};

/** `:aor` of a path. */
export const aorParameter: Schema = {
  ...{ type: 'string', minLength: 1, maxLength: adminLimits.maxAorBytes },
  description: 'An address-of-record, `alice` or `alice@example.org`; percent-encoded UTF-8.',
};

/** A contact URI. */
export const contact: Schema = {
  ...{ type: 'string', minLength: 1, maxLength: 4_096 },
  description: 'The URI without angle brackets, for example `sip:alice@10.0.0.9:5060`.',
};

const expires: Schema = { type: 'integer', minimum: 0, maximum: 2_147_483_647 };
const q: Schema = { type: ['number', 'null'], minimum: 0, maximum: 1 };

const flagProperties = Object.fromEntries(
  Object.keys(bindingFlags).map((name): [string, Schema] => [name, { type: 'boolean' }]),
);

/** What a contact is added with. */
export const newContact = object(
  {
    contact,
    expires: { ...expires, description: 'Seconds from now; 0 for a permanent contact.' },
    q: { ...q, default: null, description: 'Preference; null for none.' },
    flags: {
      ...object(flagProperties, Object.keys(flagProperties)),
      default: {},
      description: 'What is true is set; an update takes none away. `permanent`: the contact stays whatever the time.',
    },
  },
  ['q', 'flags'],
);

const binding = object({
  contact: text,
  expires: { ...count, description: 'Seconds left; 0 for a permanent contact.' },
  q,
  flags: object(flagProperties),
  callId: text,
  cseq: count,
  userAgent: text,
  received: textOrNull,
  path: textOrNull,
  socket: textOrNull,
  methods: { type: ['array', 'null'], items: text },
  instance: textOrNull,
  regId: count,
  ruid: { ...text, description: 'The identity of the binding, kept by every refresh.' },
  lastModified: { ...text, format: 'date-time' },
});

const table = object({ name: text, aors: count, contacts: count, expired: count });

/** What routes answer. */
export const results = {
  tables: object({ tables: list(table) }),
  aor: object({ table: text, aor: text, bindings: list(binding) }),
  page: object({
    table: text,
    aors: list(object({ aor: text, bindings: list(binding) })),
    next: { ...textOrNull, description: 'The cursor of the next page; null when this is the last one.' },
  }),
  added: object({ outcome: { type: 'string', enum: ['added', 'updated'] }, table: text, aor: text, contact: text }),
  removed: object({ removed: count }),
  removedContact: object({ removed: binding }),
  flushed: object({
    expired: { ...count, description: 'Bindings that had expired and are gone now.' },
    waiting: { ...count, description: 'Changes that wait to be written.' },
  }),
  stats: object({
    version: text,
    tables: list(table),
    requests: counts,
    replies: counts,
    dropped: counts,
    plainRegisters: count,
    store: {
      ...object({ state: text, since: { ...text, format: 'date-time' }, problem: textOrNull, waiting: count }),
      type: ['object', 'null'],
    },
  }),
  health: object({ status: text }),
  openApi: { type: 'object', additionalProperties: true },
} as const satisfies Readonly<Record<string, Schema>>;

/** `application/problem+json` (RFC 9457). */
export const problemSchema = object(
  {
    type: text,
    title: text,
    status: count,
    detail: text,
    errors: list(object({ field: text, message: text })),
  },
  ['errors'],
);
