/** Names of tables and columns: letters that end no quotes, so that no text becomes part of a statement. */
const identifierPattern = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Words that SQLite takes for its own. The other databases get every name in quotes. */
const reservedWords = new Set(
  (
    'add all alter and as autoincrement between case cast check collate commit constraint create current_date ' +
    'current_time current_timestamp default deferrable delete ' +
    'distinct drop else escape except exists foreign from group having if in index insert intersect into is isnull join ' +
    'limit not nothing notnull null on or order primary raise references returning select set table then to transaction union ' +
    'unique update using values when where'
  ).split(' '),
);

/** Why a text is no name of a table or column; undefined when it is one. */
export function identifierProblem(name: string): string | undefined {
  const shown = JSON.stringify(name.slice(0, 80));
  if (!identifierPattern.test(name)) {
    return `${shown} is no name of a table or column: use letters, digits and _ (63 at most)`;
  }
  return reservedWords.has(name.toLowerCase()) ? `${shown} is a word of SQL: choose another name` : undefined;
}
