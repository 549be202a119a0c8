import { asciiLowerCase } from '../../location/aor.ts';

/** What a server makes of an address-of-record before it looks for it (RFC 3261 §10.3 step 5). */
export interface AorForm {
  readonly useDomain: boolean;
  readonly caseSensitive: boolean;
}

/** Why a server with these parameters would never find an address-of-record; undefined when it would. */
export function aorProblem(aor: string, { useDomain, caseSensitive }: AorForm): string | undefined {
  if (aor === '') return 'is empty';
  const at = useDomain ? aor.lastIndexOf('@') : -1;
  if (at === 0) return 'has no user before the @; write the domain alone';
  if (at === aor.length - 1) return 'has no domain behind the @';
  const domain = useDomain ? aor.slice(at + 1) : '';
  if (domain !== asciiLowerCase(domain)) return 'has capitals in its domain, which no server would look for';
  if (caseSensitive || aor === asciiLowerCase(aor)) return undefined;
  return 'has capitals, which registrar.case_sensitive=0 would not look for';
}
