/** The name of the format, as the first line of a dump says it. */
const format = 'aorta-location';
const version = 1;

/** The first line of a dump. */
export function headerLine(useDomain: boolean): string {
  return `${JSON.stringify({ format, version, useDomain })}\n`;
}

/** Whether a line is a header: the first one is, and where dumps were joined others are. */
export function isHeader(line: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(line, 'format');
}

/** Why nothing that follows a header can be taken; undefined when it can. */
export function headerProblem(line: Readonly<Record<string, unknown>>, useDomain: boolean): string | undefined {
  if (line.format !== format)
    return `this is no dump of bindings; its first line has to be ${headerLine(useDomain).trim()}`;
  if (line.version !== version) return `this version of aorta reads version ${version} of the format, and no other`;
  if (typeof line.useDomain !== 'boolean') return 'useDomain has to be true or false';
  if (line.useDomain === useDomain) return undefined;
  const [theirs, ours] = [Number(line.useDomain), Number(useDomain)];
  return (
    `its addresses of record are those of use_domain=${theirs}, and use_domain is ${ours} here: they would never be found; ` +
    `use --config FILE, or --set registrar.use_domain=${theirs}`
  );
}
