import type { Route } from './routes.ts';
import { problemSchema, type Schema } from './schemas.ts';

/** What every route may answer, by status. */
const always: Readonly<Record<number, string>> = {
  400: 'A part of the request is wrong; `errors` names each.',
  401: 'The token is missing or wrong.',
  403: 'A page of another origin asks for a change.',
  421: 'The Host header is no name of this server.',
};

const meanings: Readonly<Record<number, string>> = {
  404: 'There is no such table, address-of-record or contact.',
  410: 'The cursor is not known any more.',
  422: 'The database cannot take such a binding.',
  503: 'The database fails, or the server does not serve; Retry-After says when to try again.',
};

/** The description of the API: OpenAPI 3.1, made of the table that the server is made of. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Aorta admin API', version },
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas: { Problem: problemSchema } },
    // The token, or nothing: on a loopback address none is needed unless one was set.
    security: [{ token: [] }, {}],
  };
}

function operation({ name, doc, params, query, body, result, problems }: Route): object {
  const failures: Record<string, string> = {
    ...always,
    ...Object.fromEntries(problems.map((status) => [status, meanings[status] ?? ''])),
  };
  const responses = Object.entries(failures).map(([status, text]) => [status, failure(text)]);
  return {
    operationId: name,
    summary: doc,
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      200: { description: 'Done.', content: { 'application/json': { schema: result } } },
      ...Object.fromEntries(responses),
    },
  };
}

function parameters(where: 'path' | 'query', schema: Schema | undefined): object[] {
  return Object.entries(schema?.properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: schema?.required?.includes(name) ?? false,
    description,
    schema: rest,
  }));
}

function failure(description: string): object {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, content: { 'application/problem+json': { schema } } };
}
