import type { AorView, BindingView } from '../admin/binding-view.ts';
import type { Page } from '../admin/walks.ts';
import { didYouMean } from '../server/problem.ts';
import { AdminClient, type Answer, type Refusal } from './ul/admin-client.ts';
import type { UlArguments, UlCommand } from './ul/arguments.ts';
import { Columns, printable } from './ul/columns.ts';
import { adminTokenOf } from './ul/environment.ts';
import { JsonList } from './ul/json-list.ts';
import { endWithReader, print } from './ul/standard-output.ts';

/** What a table of the server has. */
interface TableCounts {
  readonly name: string;
  readonly aors: number;
  readonly contacts: number;
  readonly expired: number;
}

/** What `GET /v1/stats` says, as far as it is shown. */
interface Stats {
  readonly version: string;
  readonly tables: readonly TableCounts[];
  readonly requests: Readonly<Record<string, number>>;
  readonly replies: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, number>>;
  readonly store: { readonly state: string; readonly problem: string | null; readonly waiting: number } | null;
}

const exitCodes = { done: 0, wrong: 1, refused: 2, notFound: 3 } as const;

/**
 * `aorta ul …`: asks a running server about its bindings, or changes them.
 *
 * @returns the exit code: 0 done, 1 wrong arguments, 2 no server or refused by it, 3 not found
 */
export async function ul({ command, server, token, json }: UlArguments): Promise<number> {
  endWithReader();
  const client = new AdminClient(server, token ?? adminTokenOf(process.env));
  try {
    const refusal =
      command.name === 'dump' ? await dump(client, command.table, json) : await once(client, command, json);
    if (refusal === undefined) return exitCodes.done;
    for (const line of await explained(client, command, refusal)) {
      process.stderr.write(`aorta: ${printable(line)}\n`);
    }
    return exitCodeOf(refusal);
  } finally {
    client.close();
  }
}

/** A command that is one request. */
async function once(client: AdminClient, command: Exclude<UlCommand, { name: 'dump' }>, json: boolean) {
  const show = async <T>(answer: Answer<T>, text: (value: T) => string): Promise<Refusal | undefined> => {
    if (!answer.ok) return answer;
    await print(json ? `${JSON.stringify(answer.value, undefined, 2)}\n` : text(answer.value));
    return undefined;
  };
  switch (command.name) {
    case 'show':
      return show(await client.ask<AorView>('GET', aorPath(command)), ({ bindings }) => bindingLines(bindings));
    case 'add': {
      const answer = await client.ask<{ outcome: string; aor: string; contact: string }>(
        ...(['POST', `${aorPath(command)}/contacts`, command.contact] as const),
      );
      return show(answer, ({ outcome, aor, contact }) => `${outcome} ${printable(contact)} (${printable(aor)})\n`);
    }
    case 'rm': {
      const answer = await client.ask<{ removed: number }>('DELETE', aorPath(command));
      return show(answer, ({ removed }) => `removed ${removed} ${removed === 1 ? 'contact' : 'contacts'}\n`);
    }
    case 'rm-contact': {
      const query = `contact=${encodeURIComponent(command.contact)}`;
      const answer = await client.ask<{ removed: BindingView }>('DELETE', `${aorPath(command)}/contacts?${query}`);
      return show(answer, ({ removed }) => `removed ${printable(removed.contact)}\n`);
    }
    case 'flush':
      return show(
        await client.ask<{ expired: number; waiting: number }>('POST', '/v1/flush'),
        ({ expired, waiting }) => `flushed: ${expired} expired and removed, ${waiting} waiting to be written\n`,
      );
    case 'stats':
      return show(await client.ask<Stats>('GET', '/v1/stats'), statsText);
  }
}

/** Every page of one table, or of all, as they come. */
async function dump(client: AdminClient, only: string | undefined, json: boolean): Promise<Refusal | undefined> {
  const tables = only === undefined ? await tableNames(client) : [only];
  if (!Array.isArray(tables)) return tables;
  const output = json ? new JsonList() : new Columns(['TABLE', 'AOR', 'CONTACT', 'EXPIRES', 'Q', 'FLAGS']);
  for (const table of tables) {
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/v1/tables/${encodeURIComponent(table)}/aors?limit=500${cursor && `&cursor=${cursor}`}`;
      const answer: Answer<Page> = await client.ask<Page>('GET', path);
      if (!answer.ok) return answer;
      const { aors, next }: Page = answer.value;
      await print(
        output instanceof JsonList
          ? output.items(aors.map((aor) => ({ table, ...aor })))
          : output.lines(dumpRows(table, aors)),
      );
      cursor = next;
    }
  }
  await print(output instanceof JsonList ? output.end() : '');
  return undefined;
}

function dumpRows(table: string, aors: readonly AorView[]): string[][] {
  return aors.flatMap(({ aor, bindings }) =>
    bindings.map((binding) => [table, aor, binding.contact, expiresText(binding), qText(binding), flagsText(binding)]),
  );
}

function bindingLines(bindings: readonly BindingView[]): string {
  const columns = new Columns(['CONTACT', 'EXPIRES', 'Q', 'FLAGS', 'SOCKET', 'RECEIVED', 'PATH', 'USER-AGENT']);
  return columns.lines(
    bindings.map((binding) => {
      const { contact, socket, received, path, userAgent } = binding;
      const places = [socket, received, path].map((place) => place ?? '-');
      return [contact, expiresText(binding), qText(binding), flagsText(binding), ...places, userAgent || '-'];
    }),
  );
}

function expiresText({ expires, flags }: BindingView): string {
  return flags.permanent ? 'permanent' : String(expires);
}

function qText({ q }: BindingView): string {
  return q === null ? '-' : q.toFixed(2);
}

function flagsText({ flags }: BindingView): string {
  const names = Object.entries(flags).filter(([, isSet]) => isSet);
  return names.map(([name]) => name).join(',') || '-';
}

function statsText({ version, tables, requests, replies, dropped, store }: Stats): string {
  const counts = tables.map(({ name, aors, contacts, expired }) => [name, ...[aors, contacts, expired].map(String)]);
  const database = store === null ? 'none' : `${store.state}, ${store.waiting} waiting to be written`;
  return [
    `aorta ${printable(version)}\n`,
    `database: ${database}${store?.problem ? ` (${printable(store.problem)})` : ''}\n\n`,
    new Columns(['TABLE', 'AORS', 'CONTACTS', 'EXPIRED']).lines(counts),
    countedText('REQUESTS', requests),
    countedText('REPLIES', replies),
    countedText('DROPPED', dropped),
  ].join('');
}

function countedText(title: string, counted: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counted).map(([name, count]) => [name, String(count)]);
  return rows.length === 0 ? '' : `\n${new Columns([title, 'COUNT']).lines(rows)}`;
}

function aorPath({ table, aor }: { readonly table: string; readonly aor: string }): string {
  return `/v1/tables/${encodeURIComponent(table)}/aors/${encodeURIComponent(aor)}`;
}

async function tableNames(client: AdminClient): Promise<string[] | Refusal> {
  const answer = await client.ask<{ tables: readonly TableCounts[] }>('GET', '/v1/tables');
  return answer.ok ? answer.value.tables.map(({ name }) => name) : answer;
}

/** The lines that say why it was not done: one for each argument that is to blame, with what it was. */
async function explained(client: AdminClient, command: UlCommand, refusal: Refusal): Promise<string[]> {
  const given: Readonly<Record<string, unknown>> =
    command.name === 'add' ? { ...command, ...command.contact } : { ...command };
  if (refusal.errors.length === 0) return [refusal.message];
  const names = refusal.problem === 'table-not-found' ? await tableNames(client) : [];
  return refusal.errors.map(({ field, message }) => {
    const [name = ''] = field.split('.');
    const hint = name === 'table' && Array.isArray(names) ? didYouMean(String(given.table), names) : '';
    return `${name.toUpperCase()} ${typeof given[name] === 'string' ? given[name] : ''}: ${message}${hint}`;
  });
}

function exitCodeOf({ status, problem }: Refusal): number {
  if (problem === 'aor-not-found' || problem === 'contact-not-found') return exitCodes.notFound;
  const isArgument = status === 400 || status === 422 || problem === 'table-not-found';
  return isArgument ? exitCodes.wrong : exitCodes.refused;
}
