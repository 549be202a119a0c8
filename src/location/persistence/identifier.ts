/** Names of tables and columns: what needs no quoting anywhere, so that no text becomes part of a statement. */
const identifierPattern = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Words that SQLite, PostgreSQL or MySQL keep for themselves. */
const reservedWords = new Set(
  (
    'add all alter analyze and any array as asc asymmetric authorization autoincrement before between binary both by ' +
    'call cascade case cast change char character check collate column commit condition constraint continue convert ' +
    'create cross current_date current_role current_time current_timestamp current_user cursor database databases ' +
    'dec decimal declare default deferrable delayed delete desc describe deterministic distinct div do double drop ' +
    'dual each else elseif enclosed end escape except exists exit explain false fetch float for force foreign from ' +
    'fulltext generated grant group groups having high_priority if ignore in index infile initially inner inout insert ' +
    'int integer intersect interval into is isnull iterate join key keys kill lag lateral lead leading leave left like ' +
    'limit linear lines load localtime localtimestamp lock long loop low_priority match mod natural not notnull null ' +
    'numeric of offset on only optimize option optionally or order out outer outfile over overlaps partition placing ' +
    'precision primary procedure purge range rank read reads real recursive references regexp release rename repeat ' +
    'replace require resignal restrict return returning revoke right rlike row rows schema schemas select separator ' +
    'session_user set show signal similar some sql ssl starting symmetric system table tablesample terminated then to ' +
    'trailing transaction trigger true undo union unique unlock unsigned update usage use user using values varchar ' +
    'variadic varying verbose when where while window with write xor zerofill'
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
