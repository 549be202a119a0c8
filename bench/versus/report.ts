import { markdownTable } from '../report/table.ts';
import { compared, type Goal, goals, rival, verdict } from './goals.ts';
import type { Samples } from './samples.ts';

/** The comparison as a Markdown table that can stand in docs/performance.md. */
export function versusTable(samples: Samples): string {
  const header = ['what', 'Kamailio as packaged', 'Kamailio tuned', 'Aorta', 'Aorta / tuned', 'must', 'moonshot', ''];
  const rows = goals.map((goal) => [
    goal.what,
    quantity(goal.value(samples, 'kamailio'), goal.unit),
    quantity(rival(goal, samples)?.value ?? Number.NaN, goal.unit),
    ...ownCells(goal, samples),
  ]);
  return markdownTable([header, ...rows]);
}

/** Goals of which each says itself whom Aorta is compared with, as a Markdown table. */
export function goalTable(goals: readonly Goal[], samples: Samples): string {
  const rows = goals.map((goal) => {
    const other = rival(goal, samples);
    const against = other === undefined ? '' : `${quantity(other.value, goal.unit)} (${other.server})`;
    return [goal.what, against, ...ownCells(goal, samples)];
  });
  return markdownTable([['what', 'against', 'Aorta', 'ratio', 'must', 'moonshot', ''], ...rows]);
}

function ownCells(goal: Goal, samples: Samples): readonly string[] {
  const own = goal.value(samples, goal.aorta);
  const ratio = own / (rival(goal, samples)?.value ?? Number.NaN);
  const sign = goal.better === 'lower' ? '≤' : '≥';
  const unit = goal.compared === 'value' && goal.unit !== '×' ? ` ${goal.unit}` : '';
  return [
    ...[quantity(own, goal.unit), Number.isNaN(ratio) ? '' : ratio.toFixed(2)],
    ...[`${sign} ${goal.must}${unit}`, `${sign} ${goal.moonshot}${unit}`, verdict(goal, compared(goal, samples))],
  ];
}

function quantity(value: number, unit: Goal['unit']): string {
  if (Number.isNaN(value)) return '';
  switch (unit) {
    case '/s':
      return `${(value / 1000).toFixed(1)} k/s`;
    case 'bytes':
      return `${value.toFixed(0)} bytes`;
    case '×':
      return `${value.toFixed(2)} ×`;
    default:
      return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ${unit}`;
  }
}
