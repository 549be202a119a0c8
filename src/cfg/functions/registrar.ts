import { type MaybePromise, then } from '../../base/maybe-promise.ts';
import { identifierProblem } from '../../location/persistence/identifier.ts';
import type { Registrar, Saved, TableOption } from '../../modules/registrar.ts';
import type { LookupOutcome } from '../../registrar/lookup.ts';
import type { RequestContext } from '../../routing/request-context.ts';
import { formatPlace } from '../../script/diagnostic.ts';
import type { Span } from '../../script/source.ts';
import { isToken } from '../../sip/char-class.ts';
import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import type { Template } from '../variables/template.ts';
import { checkedText, codeOf, isProblem, parseInteger, problem, requestOnly, requestOrFailure } from './arguments.ts';

/** Decision 17. */
const lookupCodes: Readonly<Record<LookupOutcome, number>> = {
  found: 1,
  'not-found': -1,
  'method-not-allowed': -2,
  error: -3,
};

type Table = (run: CfgRun) => TableOption | undefined;

// One object for each call site, so that a REGISTER makes none.
function tableOf([argument]: readonly BoundArgument[], site: BindingSite): Table | BindingProblem {
  if (argument === undefined) return problem('the name of the table is missing');
  const { literal, template, span } = argument;
  if (literal === undefined) return computedTable(template, span);
  const wrong = tableProblem(literal);
  if (wrong !== undefined) return problem(wrong, 0);
  site.usesTable(literal);
  const option = { table: literal };
  return () => option;
}

function computedTable(template: Template, span: Span): Table {
  // Whoever sends the requests would fill the log otherwise.
  let isTold = false;
  return (run) => {
    const table = template.text(run);
    const wrong = tableProblem(table);
    if (wrong === undefined) return { table };
    if (!isTold) run.services.logger.warn(`${wrong}; the call fails`, { place: formatPlace(span) });
    isTold = true;
    return undefined;
  };
}

function tableProblem(name: string): string | undefined {
  return name === '' ? 'the name of the table is empty' : identifierProblem(name);
}

type Save = (registrar: Registrar, context: RequestContext, table: TableOption) => MaybePromise<Saved>;

const save: Save = (registrar, context, table) => registrar.save(context, table);
const saveNoreply: Save = (registrar, context, table) => registrar.saveNoreply(context, table);
const saveMemory: Save = (registrar, context, table) => registrar.saveMemory(context, table);
const saveQuietly: Save = (registrar, context, table) =>
  registrar.save(context, { ...table, reply: false, memoryOnly: true });

function bindSave(args: readonly BoundArgument[], site: BindingSite, way: Save): CfgCall | BindingProblem {
  const table = tableOf(args, site);
  if (isProblem(table)) return table;
  return (run) => {
    const option = table(run);
    if (option === undefined) return -1;
    return then(way(run.services.modules.registrar, run.context, option), codeOfSaved);
  };
}

// Decision 20: an error ends the script; its answer has been given.
function codeOfSaved({ ok }: Saved): number {
  return ok ? 1 : 0;
}

const memoryOnly = 0x01;
const noReply = 0x02;

// Numbers are those of OpenSER 1.2, letters those of OpenSIPS.
function flagsOf(text: string): number | undefined {
  const number = parseInteger(text);
  if (number !== undefined) return number;
  let flags = 0;
  for (const letter of text.trim()) {
    if (letter === 'm') flags |= memoryOnly;
    else if (letter === 'r') flags |= noReply;
    else return undefined;
  }
  return flags;
}

function bindSaveWithFlags(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const written = args[1]?.literal;
  if (written === undefined) return problem('the flags of save must be written out: they choose what it does', 1);
  const flags = flagsOf(written);
  if (flags === undefined || flags < 0 || (flags & ~(memoryOnly | noReply)) !== 0) {
    return problem(`'${written}' is no flag of save here: 0x01 (m) memory only, 0x02 (r) no reply, or 0x03 (mr)`, 1);
  }
  return bindSave(args, site, ways[flags] ?? save);
}

/** By flags. */
const ways: readonly Save[] = [save, saveMemory, saveNoreply, saveQuietly];

function bindLookup(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const table = tableOf(args, site);
  if (isProblem(table)) return table;
  const flags = args[1];
  // Contacts that do not take the method are left out in any case.
  if (flags !== undefined && flags.literal !== '' && flags.literal !== 'm') {
    return problem("lookup takes only the flag 'm' here: contacts that do not allow the method are left out", 1);
  }
  return (run) => {
    const option = table(run);
    if (option === undefined) return lookupCodes.error;
    return then(run.services.modules.registrar.maybeLookup(run.context, option), (outcome) => lookupCodes[outcome]);
  };
}

function bindRegistered(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const table = tableOf(args, site);
  if (isProblem(table)) return table;
  return (run) => {
    const option = table(run);
    return option === undefined
      ? -1
      : then(run.services.modules.registrar.maybeRegistered(run.context, option), codeOf);
  };
}

function bindAddSockHdr(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const name = checkedText(args, 0, (text) => (isToken(text) ? undefined : `'${text}' is no header name`));
  if (isProblem(name)) return name;
  return (run) => {
    const header = name(run);
    return codeOf(header !== undefined && run.services.modules.registrar.addSockHdr(run.context, header));
  };
}

function saveFunction(name: string, doc: string, way: Save): CfgFunction {
  return {
    name,
    arity: [1, 1],
    blocks: requestOnly,
    doc,
    returns: '1 when it was applied; 0 when not, which ends the script',
    bind: (args, site) => bindSave(args, site, way),
  };
}

/** The functions of the registrar's manual, and later spellings of them. */
export const registrarFunctions: CfgModule = {
  name: 'registrar',
  functions: [
    saveFunction('save', 'Applies a REGISTER whole or not at all, and answers it (manual 1.4.1).', save),
    {
      name: 'save',
      arity: [2, 2],
      blocks: requestOnly,
      doc: 'The same with flags: 0x01 memory only, 0x02 no reply.',
      returns: '1 when it was applied; 0 when not, which ends the script',
      bind: bindSaveWithFlags,
    },
    saveFunction('save_noreply', 'The same as save without any reply (manual 1.4.2).', saveNoreply),
    saveFunction(
      'save_memory',
      'The same as save, and no row is written even with a database (manual 1.4.3).',
      saveMemory,
    ),
    {
      name: 'lookup',
      arity: [1, 2],
      blocks: requestOrFailure,
      doc: 'Rewrites the Request-URI with the best contact of its address of record, and appends the others as branches (manual 1.4.4).',
      returns: '1 found; -1 none; -2 none that allows the method; -3 error',
      bind: bindLookup,
    },
    {
      name: 'registered',
      arity: [1, 1],
      blocks: requestOrFailure,
      doc: 'Whether the address of record in the Request-URI has a valid contact (manual 1.4.5).',
      returns: '1 true; -1 false',
      bind: bindRegistered,
    },
    {
      name: 'add_sock_hdr',
      arity: [1, 1],
      blocks: requestOnly,
      doc: 'Adds a header with the socket that the REGISTER came in on to the forwarded copy (manual 1.4.6).',
      returns: '1; -1 when the name is no header name',
      bind: bindAddSockHdr,
    },
  ],
};
