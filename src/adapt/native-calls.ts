import { presentName } from '../cfg/function-index.ts';
import type { BlockKind } from '../cfg/run.ts';
import type { Call } from '../script/ast.ts';
import { awaited, type Code, codeOf, single, within } from './code.ts';
import { isAscii, quote } from './literals.ts';
import { literalOf } from './liveness.ts';

/** What follows a statement: other statements, `exit`, the end of the file's own block, the end of a route. */
export type After = 'more' | 'exit' | 'done' | 'end' | 'result';

/** A call in the words of the typed modules, where these do exactly the same. */
export interface NativeCall {
  /** As a statement. */
  readonly statement?: string;
  /** Whether the return code is above 0. */
  readonly test?: Code;
  /** Whether it is below 0; the opposite of `test` when left out. */
  readonly negative?: Code;
}

/** The typed equivalent of a call whose return code nobody reads; undefined: there is none. */
export function nativeCall(
  call: Call,
  kind: BlockKind,
  after: After | 'condition',
  isSer: boolean,
): NativeCall | undefined {
  const args = call.args.map(literalOf);
  if (args.includes(undefined)) return undefined;
  const isRequest = kind === 'request';
  const texts = args as readonly string[]; // none is undefined
  const name = presentName(call.name);
  return (
    anywhere(name, texts) ??
    (isRequest || kind === 'failure' ? inRequestOrFailure(name, texts, after) : undefined) ??
    (isRequest ? inRequest(name, texts, after, isSer) : undefined)
  );
}

function anywhere(name: string, args: readonly string[]): NativeCall | undefined {
  const [first = ''] = args;
  if (args.length !== 1) return undefined;
  const flag = flagOf(first);
  switch (name) {
    case 'setflag':
      return flag === undefined ? undefined : { statement: `ctx.flags.set(${flag})` };
    case 'resetflag':
      return flag === undefined ? undefined : { statement: `ctx.flags.reset(${flag})` };
    case 'isflagset':
      return flag === undefined ? undefined : { test: single(`ctx.flags.has(${flag})`) };
    default:
      return undefined;
  }
}

function inRequestOrFailure(name: string, args: readonly string[], after: After | 'condition'): NativeCall | undefined {
  const [first = '', second = ''] = args;
  const count = args.length;
  switch (name) {
    case 'setbflag':
    case 'resetbflag':
    case 'isbflagset': {
      const flag = count === 1 ? flagOf(first) : undefined;
      if (flag === undefined) return undefined;
      if (name === 'isbflagset') return { test: single(`ctx.branchFlags.has(${flag})`) };
      return { statement: `ctx.branchFlags.${name === 'setbflag' ? 'set' : 'reset'}(${flag})` };
    }
    case 'sl_send_reply':
    case 'sl_reply':
    case 'send_reply':
      if (!/^[1-6]\d\d$/.test(first) || second === '' || !isPlain(second)) return undefined;
      return { statement: `ctx.reply(${first}, ${quote(second)})` };
    case 't_relay':
      // It may end the script, unless nothing is left of it in any case.
      if (count !== 0 || (after !== 'exit' && after !== 'done')) return undefined;
      return { statement: 'tm.relay(ctx)' };
    case 't_on_failure':
    case 't_on_branch':
    case 't_on_reply': {
      const method = { t_on_failure: 'onFailure', t_on_branch: 'onBranch', t_on_reply: 'onReply' }[name];
      const route = first === '0' ? 'undefined' : quote(first);
      return { statement: `tm.${method}(ctx, ${route})` };
    }
    case 'lookup':
    case 'registered': {
      if (count !== 1 || first === '' || !isPlain(first)) return undefined;
      const code = awaited(`registrar.${name}(ctx${tableOption(first)})`);
      if (name === 'registered') return { statement: code.text, test: code };
      return {
        statement: code.text,
        test: codeOf(`(${code.text}) === 'found'`, 'comparison'),
        negative: codeOf(`(${code.text}) !== 'found'`, 'comparison'),
      };
    }
    case 'revert_uri':
      return { statement: 'ctx.revertUri()' };
    case 'resetdsturi':
    case 'resetduri':
      return { statement: 'ctx.destinationUri = undefined' };
    case 'isdsturiset':
    case 'isduriset':
      return {
        test: codeOf('ctx.destinationUri !== undefined', 'comparison'),
        negative: codeOf('ctx.destinationUri === undefined', 'comparison'),
      };
    case 'setdsturi':
    case 'setduri':
      if (first === '' || !isPlain(first)) return undefined;
      return { statement: `ctx.destinationUri = ${quote(first)}` };
    case 'seturi':
    case 'rewriteuri':
      if (first === '' || first.length > 1024 || !isPlain(first)) return undefined;
      return { statement: `ctx.uri = ${quote(first)}` };
    default:
      return undefined;
  }
}

function inRequest(
  name: string,
  args: readonly string[],
  after: After | 'condition',
  isSer: boolean,
): NativeCall | undefined {
  const [first = ''] = args;
  const count = args.length;
  switch (name) {
    case 'save':
    case 'save_noreply':
    case 'save_memory': {
      if (count !== 1 || first === '' || !isPlain(first)) return undefined;
      const method = { save: 'save', save_noreply: 'saveNoreply', save_memory: 'saveMemory' }[name];
      const saved = awaited(`registrar.${method}(ctx${tableOption(first)})`);
      if (after === 'exit' || after === 'done') return { statement: saved.text };
      // What is refused has its answer, and ends the script; in SER, the route.
      return after === 'more' || after === 'end'
        ? { statement: `if (!${within(saved, 'single')}.ok) return ${isSer ? '1' : 'script.exit()'}` }
        : undefined;
    }
    case 'mf_process_maxfwd_header': {
      if (!/^[1-9]\d{0,2}$/.test(first) || Number(first) > 255) return undefined;
      const processed = `maxfwd.process(ctx, ${first})`;
      return {
        statement: processed,
        test: codeOf(`${processed} !== 'exhausted'`, 'comparison'),
        negative: codeOf(`${processed} === 'exhausted'`, 'comparison'),
      };
    }
    case 'record_route':
      return count === 0 ? whole('rr.recordRoute(ctx)') : undefined;
    case 'force_rport':
    case 'add_rport':
      return { statement: 'ctx.forceRport()' };
    case 'nat_uac_test':
      return /^[1-9]\d{0,2}$/.test(first) ? whole(`nathelper.natUacTest(ctx, ${first})`) : undefined;
    case 'fix_nated_register':
      return { statement: 'nathelper.fixNatedRegister(ctx)' };
    case 'fix_nated_contact':
      return whole('nathelper.fixNatedContact(ctx)');
    case 'add_rcv_param':
      return { statement: 'nathelper.addRcvParam(ctx)' };
    default:
      return undefined;
  }
}

function whole(call: string): NativeCall {
  return { statement: call, test: single(call) };
}

function tableOption(table: string): string {
  return table === 'location' ? '' : `, { table: ${quote(table)} }`;
}

function flagOf(text: string): string | undefined {
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 31 ? String(Number(text)) : undefined;
}

// A dollar in a text means something to the functions of openser.cfg, and nothing to those of the modules.
function isPlain(text: string): boolean {
  return isAscii(text) && !text.includes('$');
}
