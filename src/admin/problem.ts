import type { ManagementProblem } from '../location/management.ts';
import { StoreError } from '../location/store-error.ts';

/** A field of a request, and what is wrong with it. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Why a request was not served, as RFC 9457 says it. A value: routes return it. */
export class Problem {
  readonly status: number;
  /** The last part of its `type`; stable. */
  readonly name: string;
  readonly detail: string;
  /** Every field that is to blame. */
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    name: string,
    detail: string,
    { errors = [], headers = {} }: Partial<Pick<Problem, 'errors' | 'headers'>> = {},
  ) {
    this.status = status;
    this.name = name;
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
  }

  /** The body of `application/problem+json`. */
  toJSON(): object {
    const { status, name, detail, errors } = this;
    const title = name[0]?.toUpperCase() + name.slice(1).replaceAll('-', ' ');
    return { type: `urn:aorta:problem:${name}`, title, status, detail, ...(errors.length > 0 && { errors }) };
  }
}

/** A problem with one field. */
export function fieldProblem(name: string, field: string, message: string, status = 400): Problem {
  return new Problem(status, name, `${field}: ${message}`, { errors: [{ field, message }] });
}

const managementProblems: Readonly<Record<ManagementProblem, readonly [status: number, field: string, text: string]>> =
  {
    'table-not-found': [404, 'table', 'there is no such table'],
    'domain-missing': [400, 'aor', 'needs a domain, as in alice@example.org, because use_domain is on'],
    'aor-not-found': [404, 'aor', 'has no contacts'],
    'contact-not-found': [404, 'contact', 'is not among the contacts'],
    'invalid-contact': [400, 'contact', 'is no URI, as in sip:alice@10.0.0.9:5060, without angle brackets'],
    'invalid-expires': [400, 'expires', 'must be a whole number of seconds from 0 to 2147483647'],
    'invalid-q': [400, 'q', 'must be a number from 0 to 1, or null'],
    'invalid-flags': [400, 'flags', 'must be flags that there are'],
    'already-expired': [400, 'expires', '0 is for a permanent contact only; set flags.permanent, or give seconds'],
  };

/** Why a management command did nothing. */
export function managementProblem(problem: ManagementProblem, tables: readonly string[]): Problem {
  const [status, field, text] = managementProblems[problem];
  const which = problem === 'table-not-found' ? `${text}; the tables are ${tables.join(', ') || 'none yet'}` : text;
  return fieldProblem(problem, field, which, status);
}

/** What a database could not do: to be tried again, unless it is the binding that it cannot take. */
export function storeProblem(error: StoreError): Problem {
  if (error.code === 'STORE_REFUSED') return new Problem(422, 'store-refused', error.message);
  const seconds = String(error.retryAfter || 5);
  return new Problem(503, 'store-unavailable', error.message, { headers: { 'retry-after': seconds } });
}

/** The problem that an error of a handler or of the framework is; undefined when it is our own fault. */
export function problemOfError(error: unknown): Problem | undefined {
  if (error instanceof StoreError) return storeProblem(error);
  if (!(error instanceof Error)) return undefined;
  const { statusCode, validation, validationContext } = error as FrameworkError;
  if (validation !== undefined) return validationProblem(validation, validationContext ?? 'body');
  if (statusCode === undefined || statusCode < 400 || statusCode > 499) return undefined;
  return new Problem(statusCode, names[statusCode] ?? 'bad-request', error.message);
}

const names: Readonly<Record<number, string>> = { 413: 'body-too-large', 415: 'not-json', 404: 'not-found' };

/** What fastify adds to an error. */
interface FrameworkError {
  readonly statusCode?: number;
  readonly validation?: readonly SchemaProblem[];
  readonly validationContext?: string;
}

/** What ajv says of a value. */
interface SchemaProblem {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

function validationProblem(found: readonly SchemaProblem[], where: string): Problem {
  const errors = found.map(({ instancePath, message = 'is wrong', params }): FieldProblem => {
    const inside = instancePath.slice(1).replaceAll('/', '.');
    const { missingProperty, additionalProperty } = params;
    if (typeof missingProperty === 'string') return { field: under(inside, missingProperty), message: 'is missing' };
    if (typeof additionalProperty === 'string') {
      return { field: under(inside, additionalProperty.slice(0, 100)), message: 'is not known' };
    }
    return { field: inside || where, message };
  });
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new Problem(400, 'invalid-request', detail, { errors });
}

function under(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}
