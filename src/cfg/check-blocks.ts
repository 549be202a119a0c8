import type { RouteBlock, RouteType } from '../script/ast.ts';
import type { Severity } from '../script/diagnostic.ts';
import type { Dialect } from '../script/dialect.ts';
import type { Report } from './report.ts';

/** Kinds of block that never run here, and why. */
const neverRun: ReadonlyMap<RouteType, { readonly why: string; readonly severity: Severity }> = new Map([
  ['error', { why: 'what cannot be parsed is answered before any route', severity: 'warning' }],
  ['local', { why: 'requests that the server makes itself are pings', severity: 'warning' }],
  ['onsend', { why: 'nothing is asked again before a message leaves', severity: 'warning' }],
  ['startup', { why: 'nothing is run at the start', severity: 'warning' }],
  ['timer', { why: 'no route runs by a timer', severity: 'warning' }],
  ['event', { why: 'the events of that module do not happen here', severity: 'info' }],
]);

/** Reports blocks that are not as they look: doubled, never run, nameless. */
export function checkBlocks(blocks: readonly RouteBlock[], dialect: Dialect, report: Report): void {
  const seen = new Map<string, RouteBlock>();
  for (const block of blocks) {
    const key = `${block.type} ${block.name ?? ''}`;
    const before = seen.get(key);
    if (before !== undefined) {
      report.error('duplicate-route', `${titleOf(block)} is defined already`, block.nameSpan, {
        related: [{ message: 'it is defined here', span: before.nameSpan }],
      });
      continue;
    }
    seen.set(key, block);
    checkBlock(block, report);
  }
  const last = blocks.at(-1);
  if (last !== undefined && !seen.has('request ')) {
    const name = dialect === 'kamailio' ? 'request_route' : 'route';
    report.warning('no-main-route', `there is no ${name} { }: the built-in route answers requests`, last.nameSpan);
  }
}

function checkBlock(block: RouteBlock, report: Report): void {
  const { type, name, nameSpan } = block;
  const never = neverRun.get(type);
  if (never !== undefined) {
    report.add(never.severity, 'block-never-runs', `${titleOf(block)} never runs: ${never.why}`, nameSpan);
  } else if (type === 'onreply' && name === undefined) {
    report.info(
      'replies-of-transactions',
      'this block sees the replies that belong to a transaction; others go nowhere (RFC 6026 §7.2)',
      nameSpan,
    );
  } else if ((type === 'failure' || type === 'branch') && name === undefined) {
    report.error('nameless-route', `a ${block.keyword} needs a name to be armed by`, nameSpan, {
      hint: `write ${block.keyword}[1] and ${type === 'failure' ? 't_on_failure' : 't_on_branch'}("1")`,
    });
  }
}

function titleOf({ keyword, name }: RouteBlock): string {
  return name === undefined ? keyword : `${keyword}[${name}]`;
}
