/** Why a file that may exist cannot be read: `permission denied`, `is a directory`. */
export interface ReadProblem {
  readonly problem: string;
}

/** Gives the text of a file, or undefined when there is none. The parser reads files in no other way. */
export type ReadFile = (path: string) => string | undefined | ReadProblem;

/** Where an included file may be: beside the file that names it, then where the program runs. */
export function includePaths(path: string, includedFrom: string): readonly string[] {
  const slash = includedFrom.lastIndexOf('/');
  if (path.startsWith('/') || slash < 0) return [normalPath(path)];
  return [normalPath(`${includedFrom.slice(0, slash)}/${path}`), normalPath(path)];
}

/** The same path without `.` and `..`, so that a file has one name. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    const above = parts.at(-1);
    if (part === '..' && above !== undefined && above !== '..' && above !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
