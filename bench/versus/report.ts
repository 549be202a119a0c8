import { markdownTable } from '../report/table.ts';
import { compared, type Goal, goals, verdict } from './goals.ts';
import type { Samples } from './samples.ts';

/** The comparison as a Markdown table that can stand in docs/performance.md. */
export function versusTable(samples: Samples): string {
  const header = ['what', 'Kamailio as packaged', 'Kamailio tuned', 'Aorta', 'Aorta / tuned', 'must', 'moonshot', ''];
  return markdownTable([header, ...goals.map((goal) => cells(goal, samples))]);
}

function cells(goal: Goal, samples: Samples): readonly string[] {
  const own = goal.value(samples, goal.aorta);
  const tuned = goal.value(samples, 'kamailio-tuned');
  const sign = goal.better === 'lower' ? '≤' : '≥';
  const unit = goal.compared === 'value' && goal.unit !== '×' ? ` ${goal.unit}` : '';
  return [
    ...[goal.what, quantity(goal.value(samples, 'kamailio'), goal.unit), quantity(tuned, goal.unit)],
    ...[quantity(own, goal.unit), Number.isNaN(own / tuned) ? '' : (own / tuned).toFixed(2)],
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
