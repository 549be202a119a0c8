import { fromCharacters, toCharacters } from '../base/character-text.ts';
import { wholeSecond } from '../base/clock.ts';
import {
  addContact,
  type ManagementFailure,
  managedAor,
  removeAor,
  removeContact,
  showContacts,
} from '../location/management.ts';
import { type Flags, flagBits, viewAor, viewBinding } from './binding-view.ts';
import { adminLimits } from './limits.ts';
import { fieldProblem, managementProblem, Problem } from './problem.ts';
import {
  aorParameter,
  contact,
  newContact,
  type ObjectSchema,
  object,
  results,
  type Schema,
  tableParameter,
} from './schemas.ts';
import type { AdminSubject } from './subject.ts';
import type { Walks } from './walks.ts';

/** What a route works on. */
export interface RouteContext {
  readonly subject: AdminSubject;
  readonly walks: Walks;
}

/** A request whose parts have been checked against the schemas of its route. */
export interface Input {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | undefined>>;
  readonly body: unknown;
}

/** One route: all that the server and the description of the API have to know of it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly name: string;
  readonly doc: string;
  readonly params?: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly body?: ObjectSchema;
  readonly result: Schema;
  /** The statuses of its problems, beside those that every route has. */
  readonly problems: readonly number[];
  readonly run: (context: RouteContext, input: Input) => unknown;
}

const tableParams = object({ table: tableParameter });
const aorParams = object({ table: tableParameter, aor: aorParameter });

/** Every route but that of the description itself. */
export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/tables',
    name: 'listTables',
    doc: 'The location tables, and how much is in each.',
    result: results.tables,
    problems: [503],
    run: async ({ subject }) => ({ tables: await viewTables(subject) }),
  },
  {
    method: 'GET',
    path: '/v1/tables/:table/aors',
    name: 'listAors',
    doc: 'The addresses-of-record of a table with their bindings, in the order of their creation, page by page.',
    params: tableParams,
    query: object(
      {
        limit: {
          ...{ type: 'integer', minimum: 1, maximum: adminLimits.maxPageAors, default: 100 },
          description: 'How many; a page may have fewer, though there are more.',
        },
        cursor: {
          ...{ type: 'string', pattern: '^[a-z0-9]{1,64}[.][0-9]{1,9}$' },
          description: `\`next\` of the page before; good for ${adminLimits.walkIdleMs / 1000} seconds.`,
        },
      },
      ['limit', 'cursor'],
    ),
    result: results.page,
    problems: [404, 410, 503],
    run: listAors,
  },
  {
    method: 'GET',
    path: '/v1/tables/:table/aors/:aor',
    name: 'showAor',
    doc: 'The bindings of an address-of-record, in the order of a lookup.',
    params: aorParams,
    result: results.aor,
    problems: [404, 503],
    run: showAor,
  },
  {
    method: 'DELETE',
    path: '/v1/tables/:table/aors/:aor',
    name: 'removeAor',
    doc: 'Removes an address-of-record with its bindings; `removed` says how many, and 0 is a success too.',
    params: aorParams,
    result: results.removed,
    problems: [404, 422, 503],
    run: deleteAor,
  },
  {
    method: 'POST',
    path: '/v1/tables/:table/aors/:aor/contacts',
    name: 'addContact',
    doc: 'Adds a contact, or overwrites the one with the same URI. Neither min_expires, max_expires nor max_contacts apply.',
    params: aorParams,
    body: newContact,
    result: results.added,
    problems: [404, 422, 503],
    run: postContact,
  },
  {
    method: 'DELETE',
    path: '/v1/tables/:table/aors/:aor/contacts',
    name: 'removeContact',
    doc: 'Removes one contact.',
    params: aorParams,
    query: object({ contact }),
    result: results.removedContact,
    problems: [404, 422, 503],
    run: deleteContact,
  },
  {
    method: 'POST',
    path: '/v1/flush',
    name: 'flush',
    doc: 'Collects what has expired and writes what waits for the database.',
    result: results.flushed,
    problems: [503],
    run: async ({ subject }) => {
      const expired = await subject.flush();
      return { expired, waiting: subject.storeHealth?.waiting ?? 0 };
    },
  },
  {
    method: 'GET',
    path: '/v1/stats',
    name: 'showStats',
    doc: 'What was counted since the start, and how the database does.',
    result: results.stats,
    problems: [503],
    run: showStats,
  },
  {
    method: 'GET',
    path: '/live',
    name: 'live',
    doc: 'Whether the process runs.',
    result: results.health,
    problems: [],
    run: () => ({ status: 'live' }),
  },
  {
    method: 'GET',
    path: '/ready',
    name: 'ready',
    doc: 'Whether the server serves: not while it starts or stops, nor while its database fails.',
    result: results.health,
    problems: [503],
    run: ({ subject }) => {
      const { state, storeHealth } = subject;
      if (state !== 'running') return new Problem(503, 'not-ready', `the server is ${state}`);
      if (storeHealth?.state !== 'failing') return { status: 'ready' };
      return new Problem(503, 'not-ready', `the database fails: ${storeHealth.problem}`);
    },
  },
];

async function viewTables({ location }: AdminSubject): Promise<object[]> {
  const { tables } = await location.stats();
  return [...tables].map(([name, { users, contacts, expires }]) => ({ name, aors: users, contacts, expired: expires }));
}

async function listAors({ subject, walks }: RouteContext, { params, query }: Input): Promise<unknown> {
  const { location } = subject;
  const table = location.findTable(params.table ?? '');
  if (table === undefined) return managementProblem('table-not-found', tableNames(subject));
  // The schema has a default.
  const limit = Number(query.limit);
  if (query.cursor === undefined) return walks.begin(table, limit);
  const page = await walks.resume(table, String(query.cursor), limit);
  return page ?? fieldProblem('cursor-gone', 'cursor', 'is not known any more; begin without one', 410);
}

async function showAor({ subject }: RouteContext, { params }: Input): Promise<unknown> {
  const place = placeOf(subject, params);
  if (place instanceof Problem) return place;
  const { location, management } = subject;
  const now = wholeSecond(subject.clock);
  const shown = await showContacts(location, place.table, place.aor, management, now);
  if (!shown.ok) return failed(subject, shown);
  return { table: place.table, ...viewAor(canonical(subject, place.aor), shown.bindings, now) };
}

async function deleteAor({ subject }: RouteContext, { params }: Input): Promise<unknown> {
  const place = placeOf(subject, params);
  if (place instanceof Problem) return place;
  const { location, management, clock } = subject;
  const done = await removeAor(location, place.table, place.aor, management, wholeSecond(clock));
  return done.ok ? { removed: done.removed } : failed(subject, done);
}

async function postContact({ subject }: RouteContext, { params, body }: Input): Promise<unknown> {
  const place = placeOf(subject, params);
  if (place instanceof Problem) return place;
  // What `newContact` has let through, its defaults filled in.
  const given = body as { contact: string; expires: number; q: number | null; flags: Flags };
  const { location, management, clock, random } = subject;
  const command = {
    ...place,
    contact: fromCharacters(given.contact),
    expires: given.expires,
    q: given.q === null ? -1 : Math.round(given.q * 1000),
    flags: flagBits(given.flags),
  };
  const done = await addContact(location, command, management, wholeSecond(clock), () => random.token());
  if (!done.ok) return failed(subject, done);
  const aor = toCharacters(canonical(subject, place.aor));
  return { outcome: done.outcome, table: place.table, aor, contact: given.contact };
}

async function deleteContact({ subject }: RouteContext, { params, query }: Input): Promise<unknown> {
  const place = placeOf(subject, params);
  if (place instanceof Problem) return place;
  const { location, management } = subject;
  const now = wholeSecond(subject.clock);
  const uri = fromCharacters(String(query.contact));
  const done = await removeContact(location, place.table, place.aor, uri, management, now);
  return done.ok ? { removed: viewBinding(done.removed, now) } : failed(subject, done);
}

async function showStats({ subject }: RouteContext): Promise<unknown> {
  const { version, counted, storeHealth } = subject;
  const { requests, replies, dropped, plainRegisters } = counted;
  return {
    version,
    tables: await viewTables(subject),
    requests: Object.fromEntries(requests),
    replies: Object.fromEntries(replies),
    dropped: Object.fromEntries(dropped),
    plainRegisters,
    store: storeHealth === undefined ? null : viewHealth(storeHealth),
  };
}

function viewHealth({ state, since, problem, waiting }: NonNullable<AdminSubject['storeHealth']>): object {
  return { state, since: new Date(since).toISOString(), problem: problem ?? null, waiting };
}

/** The place that a path names, in the letters that messages have. */
function placeOf(
  { management }: AdminSubject,
  { table = '', aor = '' }: Input['params'],
): { readonly table: string; readonly aor: string } | Problem {
  const bytes = fromCharacters(aor);
  const { maxAorBytes } = adminLimits;
  if (bytes.length > maxAorBytes) return fieldProblem('invalid-request', 'aor', `has more than ${maxAorBytes} bytes`);
  // No REGISTER has this one, and no lookup finds it.
  if (managedAor(bytes, management) === '') return fieldProblem('invalid-request', 'aor', 'has no user');
  return { table, aor: bytes };
}

/** The key that a management command used: it has been found good. */
function canonical({ management }: AdminSubject, aor: string): NonNullable<ReturnType<typeof managedAor>> {
  return managedAor(aor, management) as NonNullable<ReturnType<typeof managedAor>>;
}

function failed(subject: AdminSubject, { problem }: ManagementFailure): Problem {
  return managementProblem(problem, tableNames(subject));
}

function tableNames({ location }: AdminSubject): string[] {
  return location.tables().map(({ name }) => name);
}
