/**
 * The candidate that somebody who wrote `word` most likely meant: at most a third of its letters differ, case does not
 * count, the first candidate wins a tie.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const meant = word.toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= fewest) continue;
    const distance = editDistance(meant, candidate.toLowerCase());
    if (distance >= fewest) continue;
    fewest = distance;
    best = candidate;
  }
  return best;
}

/** Insertions, deletions, replacements and exchanges of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const distance = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1);
      row.push(exchanged ? Math.min(distance, at(beforeLast, j - 2) + 1) : distance);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
