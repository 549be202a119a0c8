import type { TestTitle } from './test-titles.ts';

const clause = /^(?:RFC (\d{4,5}) )?§(\d+(?:\.\d+)*)/;

/** Which test holds which requirement, by RFC and section. A title without an RFC speaks of RFC 3261. */
export function rfcPage(titles: readonly TestTitle[]): string {
  const rfcs = new Map<number, { section: string; row: string }[]>();
  for (const { title, file } of titles) {
    const match = clause.exec(title);
    if (!match) continue;
    const rfc = Number(match[1] ?? 3261);
    const section = match[2] ?? '';
    const words = title.replaceAll('|', '\\|').replaceAll(/\$\{[^}]*\}/g, '…');
    const rows = rfcs.get(rfc) ?? [];
    rows.push({ section, row: `| ${section} | ${words} | \`${file}\` |` });
    rfcs.set(rfc, rows);
  }
  const lines = [
    '# Requirements and the tests that hold them',
    '',
    'Made from the titles of the tests: `npm run docs`.',
    '',
  ];
  for (const [rfc, rows] of [...rfcs].sort(([a], [b]) => a - b)) {
    rows.sort((a, b) => bySection(a.section, b.section));
    lines.push(`## RFC ${rfc}`, '', '| § | requirement | test |', '|---|---|---|');
    lines.push(...rows.map(({ row }) => row), '');
  }
  return lines.join('\n');
}

function bySection(a: string, b: string): number {
  const [left, right] = [a, b].map((section) => section.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
