import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { asAor } from '../location/aor.ts';
import { sampleBinding } from '../testing/sample-binding.ts';
import { AdminServer } from './admin-server.ts';
import type { BindingView } from './binding-view.ts';
import { adminLimits } from './limits.ts';
import { AdminBench, type HttpAnswer, type HttpParts } from './testing/admin-bench.ts';
import type { Page } from './walks.ts';

const aors = '/v1/tables/location/aors';
const alice = { contact: 'sip:alice@10.0.0.9', expires: 0, q: 1, flags: { permanent: true } };

/** An answer as a problem: checks its form, returns its name and the fields that it blames. */
function problem(answer: HttpAnswer, status: number): { readonly name: string; readonly fields: readonly string[] } {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/);
  const {
    type,
    title,
    detail,
    errors = [],
    ...rest
  } = answer.json as Record<string, unknown> & {
    type: string;
    errors?: { field: string; message: string }[];
  };
  assert.ok(typeof title === 'string' && typeof detail === 'string');
  assert.equal(rest.status, status);
  return { name: type.replace('urn:aorta:problem:', ''), fields: errors.map(({ field }) => field) };
}

describe('the admin API', () => {
  let bench: AdminBench;
  before(async () => {
    bench = await AdminBench.start();
  });
  after(() => bench.stop());
  const ask = (method: string, path: string, parts?: HttpParts) => bench.ask(method, path, parts);

  test('issue 7: a contact is added, shown, overwritten and removed', async () => {
    const added = await ask('POST', `${aors}/Alice/contacts`, { body: alice });
    assert.equal(added.status, 200, added.text);
    assert.deepEqual(added.json, { outcome: 'added', table: 'location', aor: 'alice', contact: alice.contact });
    // What is left out has its default.
    const again = await ask('POST', `${aors}/alice/contacts`, { body: { contact: alice.contact, expires: 60 } });
    assert.equal((again.json as { outcome: string }).outcome, 'updated');
    await ask('POST', `${aors}/alice/contacts`, { body: { contact: 'sip:alice@10.0.0.8', expires: 60, q: 0.255 } });
    const shown = await ask('GET', `${aors}/alice`);
    const { aor, table, bindings } = shown.json as { aor: string; table: string; bindings: BindingView[] };
    assert.deepEqual([table, aor, bindings.length], ['location', 'alice', 2]);
    const [first, second] = bindings;
    assert.deepEqual(
      [first?.contact, first?.expires, first?.q, first?.flags.permanent, first?.flags.nat],
      ['sip:alice@10.0.0.8', 60, 0.255, false, false],
    );
    // An update takes no flag away, and q is what was given last: nothing.
    assert.deepEqual([second?.contact, second?.q, second?.flags.permanent], [alice.contact, null, true]);
    const removed = await ask('DELETE', `${aors}/alice/contacts?contact=sip%3Aalice%4010.0.0.8`);
    assert.equal((removed.json as { removed: BindingView }).removed.contact, 'sip:alice@10.0.0.8');
    assert.deepEqual((await ask('DELETE', `${aors}/alice`)).json, { removed: 1 });
    assert.deepEqual((await ask('DELETE', `${aors}/alice`)).json, { removed: 0 });
    assert.equal(problem(await ask('GET', `${aors}/alice`), 404).name, 'aor-not-found');
  });

  test('issue 7: every answer of nobody else’s business: not stored by caches, not sniffed', async () => {
    for (const path of ['/live', '/nowhere', `${aors}/nobody`]) {
      const { headers } = await ask('GET', path);
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
  });

  const bodies: readonly (readonly [body: unknown, fields: readonly string[]])[] = [
    [{ ...alice, contact: undefined }, ['contact']],
    [{ ...alice, contact: 12 }, ['contact']],
    [{ ...alice, contact: '' }, ['contact']],
    [{ ...alice, contact: `sip:${'a'.repeat(4096)}@10.0.0.9` }, ['contact']],
    [{ ...alice, contact: 'sip:alice@10.0.0.9>;q=1' }, ['contact']],
    [{ ...alice, contact: '<sip:alice@10.0.0.9>' }, ['contact']],
    [{ ...alice, contact: 'sip:alice@10.0.0.9\r\nVia: x' }, ['contact']],
    [{ ...alice, contact: 'sip:alice@10.0.0.9, sip:b@c' }, ['contact']],
    [{ ...alice, contact: 'sip:älice@10.0.0.9' }, ['contact']],
    [{ ...alice, contact: 'sip:a\u0000@10.0.0.9' }, ['contact']],
    [{ ...alice, contact: 'sip:a@10.0.0.9;\u001b[31m' }, ['contact']],
    [{ ...alice, contact: '\ud800' }, ['contact']],
    [{ ...alice, contact: '*' }, ['contact']],
    [{ ...alice, expires: undefined }, ['expires']],
    [{ ...alice, expires: '60' }, ['expires']],
    [{ ...alice, expires: -1 }, ['expires']],
    [{ ...alice, expires: 1.5 }, ['expires']],
    [{ ...alice, expires: 2 ** 31 }, ['expires']],
    [{ ...alice, expires: null }, ['expires']],
    [{ ...alice, flags: {} }, ['expires']],
    [{ ...alice, q: '1' }, ['q']],
    [{ ...alice, q: -0.1 }, ['q']],
    [{ ...alice, q: 1.001 }, ['q']],
    [{ ...alice, flags: 128 }, ['flags']],
    [{ ...alice, flags: { permanent: 1 } }, ['flags.permanent']],
    [{ ...alice, flags: { permanent: true, stays: true } }, ['flags.stays']],
    [{ ...alice, exprires: 1 }, ['exprires']],
    [{}, ['contact', 'expires']],
    [{ expires: 'x', q: 7, flags: null }, ['contact', 'expires', 'q', 'flags']],
    [[], ['body']],
    ['null', ['body']],
    ['"text"', ['body']],
  ];
  for (const [body, fields] of bodies) {
    test(`bad input: ${JSON.stringify(body).slice(0, 90)} is 400 and names ${fields.join(', ')}`, async () => {
      const answer = await ask('POST', `${aors}/mallory/contacts`, { body });
      assert.deepEqual(problem(answer, 400).fields, fields);
      assert.equal((await ask('GET', `${aors}/mallory`)).status, 404);
    });
  }

  const others: readonly (readonly [
    what: string,
    method: string,
    path: string,
    parts: HttpParts,
    status: number,
    name: string,
  ])[] = [
    ['bad JSON', 'POST', `${aors}/m/contacts`, { body: '{"contact":' }, 400, 'bad-request'],
    ['no body', 'POST', `${aors}/m/contacts`, {}, 400, 'invalid-request'],
    ['an empty body', 'POST', `${aors}/m/contacts`, { body: '' }, 400, 'bad-request'],
    ['a prototype', 'POST', `${aors}/m/contacts`, { body: '{"__proto__":{"x":1}}' }, 400, 'bad-request'],
    ['a form', 'POST', `${aors}/m/contacts`, form('application/x-www-form-urlencoded'), 415, 'not-json'],
    ['plain text', 'POST', `${aors}/m/contacts`, form('text/plain'), 415, 'not-json'],
    ['too much', 'POST', `${aors}/m/contacts`, { body: { x: 'x'.repeat(65_536) } }, 413, 'body-too-large'],
    ['a table that is not there', 'GET', '/v1/tables/locaton/aors', {}, 404, 'table-not-found'],
    ['the same', 'DELETE', '/v1/tables/locaton/aors/a', {}, 404, 'table-not-found'],
    ['the same', 'POST', '/v1/tables/__proto__/aors/a/contacts', { body: alice }, 404, 'table-not-found'],
    ['a path that climbs', 'GET', '/v1/tables/../../../etc/passwd', {}, 404, 'no-such-route'],
    ['the same, escaped', 'GET', '/v1/tables/..%2f..%2fetc%2fpasswd/aors/x', {}, 404, 'table-not-found'],
    ['escapes that are none', 'GET', `${aors}/%zz`, {}, 400, 'bad-request'],
    ['escapes that are no UTF-8', 'GET', `${aors}/%ff`, {}, 400, 'bad-request'],
    ['no address of record', 'GET', `${aors}/`, {}, 400, 'invalid-request'],
    ['one without a user', 'POST', `${aors}/@example.org/contacts`, { body: alice }, 400, 'invalid-request'],
    ['one that is too long', 'GET', `${aors}/${'a'.repeat(257)}`, {}, 400, 'invalid-request'],
    ['one with too many bytes', 'GET', `${aors}/${'%C3%BC'.repeat(129)}`, {}, 400, 'invalid-request'],
    ['another method', 'PUT', `${aors}/a`, {}, 404, 'no-such-route'],
    ['no contact', 'DELETE', `${aors}/a/contacts`, {}, 400, 'invalid-request'],
    ['two contacts', 'DELETE', `${aors}/a/contacts?contact=sip:a@b&contact=sip:c@d`, {}, 400, 'invalid-request'],
    ['a parameter that is not known', 'GET', `${aors}?limt=1`, {}, 400, 'invalid-request'],
    ['limit 0', 'GET', `${aors}?limit=0`, {}, 400, 'invalid-request'],
    ['a limit above the limit', 'GET', `${aors}?limit=501`, {}, 400, 'invalid-request'],
    ['a limit that is no number', 'GET', `${aors}?limit=1e2`, {}, 400, 'invalid-request'],
    ['a cursor of another form', 'GET', `${aors}?cursor=../x`, {}, 400, 'invalid-request'],
    ['a cursor that nobody gave', 'GET', `${aors}?cursor=abcdef.2`, {}, 410, 'cursor-gone'],
    ['a name of another site', 'GET', '/live', { headers: { host: 'evil.example' } }, 421, 'wrong-host'],
    [
      'a page of another site',
      'POST',
      '/v1/flush',
      { headers: { origin: 'http://evil.example' } },
      403,
      'wrong-origin',
    ],
  ];
  for (const [what, method, path, parts, status, name] of others) {
    test(`bad input: ${what} (${method} ${path.slice(0, 60)}) is ${status} ${name}`, async () => {
      assert.equal(problem(await ask(method, path, parts), status).name, name);
    });
  }

  test('issue 7: addresses of record with slashes, at signs, UTF-8 and bytes that are no text go there and back', async () => {
    const users = [
      'a/b',
      'a%2fb',
      '..',
      'jürgen',
      '名前',
      'a b',
      'a?b#c',
      '+49 30',
      '<script>alert(1)</script>',
      '\uf7ff',
    ];
    for (const user of users) {
      const path = `${aors}/${encodeURIComponent(user)}`;
      assert.equal((await ask('POST', `${path}/contacts`, { body: alice })).status, 200, user);
      const shown = await ask('GET', path);
      assert.equal((shown.json as { aor: string }).aor, user);
      assert.match(shown.headers['content-type'] ?? '', /^application\/json/);
      assert.deepEqual((await ask('DELETE', path)).json, { removed: 1 });
    }
    // Without use_domain the domain does not count.
    await ask('POST', `${aors}/alice@example.org/contacts`, { body: alice });
    assert.deepEqual((await ask('DELETE', `${aors}/alice`)).json, { removed: 1 });
    // What a phone registered, byte by byte.
    const table = bench.location.table('location');
    await table.update(asAor('\xff'), bench.clock.now(), () => ({
      bindings: [sampleBinding('r1', { userAgent: '</script>\x1b[2J\xff' })],
      result: undefined,
    }));
    const shown = (await ask('GET', `${aors}/${encodeURIComponent('\uf7ff')}`)).json as { bindings: BindingView[] };
    assert.equal(shown.bindings[0]?.userAgent, '</script>\x1b[2J\uf7ff');
    await ask('DELETE', `${aors}/${encodeURIComponent('\uf7ff')}`);
  });

  test('issue 7: what is no HTTP gets an answer and no more', async () => {
    const { hostname, port } = new URL(bench.url);
    for (const bytes of [
      'REGISTER sip:x SIP/2.0\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      '\x16\x03\x01\x00\xff\x00\x00\r\n\r\n',
    ]) {
      const socket = connect(Number(port), hostname);
      socket.end(bytes);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      await once(socket, 'close');
      assert.match(text, /^HTTP\/1\.1 4\d\d /, bytes);
    }
    const tooLong = await ask('GET', `/${'a'.repeat(adminLimits.maxHeadBytes)}`);
    assert.equal(problem(tooLong, 431).name, 'bad-request');
    assert.equal((await ask('GET', '/live')).status, 200);
  });

  test('issue 7: the description names every route, and every schema is one', async () => {
    const { json } = await ask('GET', '/openapi.json');
    const { openapi, paths } = json as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    assert.match(openapi, /^3\.1\./);
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
    );
    assert.deepEqual(operations, [
      'listTables get /v1/tables',
      'listAors get /v1/tables/{table}/aors',
      'showAor get /v1/tables/{table}/aors/{aor}',
      'removeAor delete /v1/tables/{table}/aors/{aor}',
      'addContact post /v1/tables/{table}/aors/{aor}/contacts',
      'removeContact delete /v1/tables/{table}/aors/{aor}/contacts',
      'flush post /v1/flush',
      'showStats get /v1/stats',
      'live get /live',
      'ready get /ready',
    ]);
  });

  test('issue 7: an address that is taken is an error that names it and the remedy', async () => {
    const port = Number(new URL(bench.url).port);
    const subject = { logger: { error() {} } } as unknown as Parameters<typeof AdminServer.start>[1];
    await assert.rejects(AdminServer.start({ address: '127.0.0.1', port, token: undefined }, subject), {
      code: 'TRANSPORT_ADDRESS_IN_USE',
      message: new RegExp(`admin: http://127\\.0\\.0\\.1:${port} is in use .*--admin off`),
    });
    await assert.rejects(AdminServer.start({ address: '192.0.2.77', port: 0, token: undefined }, subject), {
      code: 'TRANSPORT_CANNOT_BIND',
    });
  });
});

function form(type: string): HttpParts {
  return { headers: { 'content-type': type }, body: 'contact=sip:a@b&expires=60' };
}

describe('the admin API of a server with use_domain', () => {
  test('spec 10: an address of record without a domain is 400', async () => {
    const bench = await AdminBench.start({ useDomain: true });
    assert.deepEqual(problem(await bench.ask('GET', `${aors}/alice`), 400).fields, ['aor']);
    assert.equal((await bench.ask('POST', `${aors}/Alice@Example.ORG/contacts`, { body: alice })).status, 200);
    const { json } = await bench.ask('GET', `${aors}/alice%40example.org`);
    assert.equal((json as { aor: string }).aor, 'alice@example.org');
    await bench.stop();
  });
});

describe('the admin API of a server with a token', () => {
  test('issue 7: without the token nothing is answered, not even what there is', async () => {
    const bench = await AdminBench.start({ token: '0123456789abcdef' });
    for (const path of ['/v1/stats', '/live', '/ready', '/openapi.json', '/nowhere', `${aors}/alice`]) {
      assert.equal(problem(await bench.ask('GET', path), 401).name, 'token-needed');
    }
    const headers = { authorization: 'Bearer 0123456789abcdef' };
    assert.equal((await bench.ask('GET', '/v1/stats', { headers })).status, 200);
    assert.equal((await bench.ask('GET', '/nowhere', { headers })).status, 404);
    await bench.stop();
  });
});

describe('the admin API and the database', () => {
  test('issue 7: what a database cannot do is 503 with Retry-After, and nothing has changed', async () => {
    const bench = await AdminBench.start();
    bench.database.isDown = true;
    const answer = await bench.ask('POST', `${aors}/alice/contacts`, { body: alice });
    assert.equal(problem(answer, 503).name, 'store-unavailable');
    assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/);
    assert.equal((await bench.ask('GET', `${aors}/alice`)).status, 404);
    const ready = await bench.ask('GET', '/ready');
    assert.equal(problem(ready, 503).name, 'not-ready');
    assert.match(ready.text, /the database fails/);
    assert.equal((await bench.ask('GET', '/live')).status, 200);
    bench.database.isDown = false;
    await bench.stop();
  });

  test('issue 7: a binding that its row cannot take is 422: to try again is no use', async () => {
    const bench = await AdminBench.start();
    const contact = `sip:${'a'.repeat(600)}@10.0.0.9`;
    const answer = await bench.ask('POST', `${aors}/alice/contacts`, { body: { ...alice, contact } });
    assert.equal(problem(answer, 422).name, 'store-refused');
    assert.equal(answer.headers['retry-after'], undefined);
    await bench.stop();
  });

  test('spec 10 ul_flush: what waits is written, and what has expired is gone', async () => {
    const bench = await AdminBench.start({ mode: 'write-back' });
    await bench.ask('POST', `${aors}/alice/contacts`, { body: alice });
    await bench.ask('POST', `${aors}/bob/contacts`, { body: { ...alice, expires: 1, flags: {} } });
    const stats = (await bench.ask('GET', '/v1/stats')).json as { store: { waiting: number }; requests: object };
    assert.equal(stats.store.waiting, 2);
    assert.deepEqual(stats.requests, { REGISTER: 3 });
    bench.clock.advance(2000);
    assert.deepEqual((await bench.ask('POST', '/v1/flush')).json, { expired: 1, waiting: 0 });
    assert.equal(bench.database.rows.get('location')?.size, 1);
    bench.database.isDown = true;
    await bench.ask('DELETE', `${aors}/alice`);
    assert.equal(problem(await bench.ask('POST', '/v1/flush'), 503).name, 'store-unavailable');
    bench.database.isDown = false;
    assert.deepEqual((await bench.ask('POST', '/v1/flush')).json, { expired: 0, waiting: 0 });
    await bench.stop();
  });

  test('issue 7: a server that starts or stops is not ready, and says which', async () => {
    const bench = await AdminBench.start();
    for (const state of ['starting', 'stopping'] as const) {
      bench.state = state;
      const ready = await bench.ask('GET', '/ready');
      assert.equal(problem(ready, 503).name, 'not-ready');
      assert.match(ready.text, new RegExp(state));
    }
    bench.state = 'running';
    assert.deepEqual((await bench.ask('GET', '/ready')).json, { status: 'ready' });
    await bench.stop();
  });

  test('issue 7: a mistake of ours ends a request with 500, is logged, and says nothing about itself', async () => {
    const bench = await AdminBench.start();
    bench.location.stats = () => {
      throw new Error('secret');
    };
    const answer = await bench.ask('GET', '/v1/stats');
    assert.equal(problem(answer, 500).name, 'internal-error');
    assert.doesNotMatch(answer.text, /secret/);
    assert.equal(bench.logged.length, 1);
    assert.equal((await bench.ask('GET', '/live')).status, 200);
    await bench.stop();
  });
});

describe('pages of a table', () => {
  const names = Array.from({ length: 25 }, (_, index) => `user${index}`);

  async function filled(): Promise<AdminBench> {
    const bench = await AdminBench.start();
    const table = bench.location.table('location');
    await Promise.all(
      names.map((name) =>
        table.update(asAor(name), bench.clock.now(), () => ({
          bindings: [sampleBinding(`r${name}`)],
          result: undefined,
        })),
      ),
    );
    return bench;
  }

  async function page(bench: AdminBench, query: string): Promise<Page> {
    const { status, json, text } = await bench.ask('GET', `${aors}?${query}`);
    assert.equal(status, 200, text);
    return json as Page;
  }

  const aorsOf = ({ aors: list }: Page) => list.map(({ aor }) => aor);

  test('issue 7: a walk shows each address of record once, in the order of creation, whatever comes and goes', async () => {
    const bench = await filled();
    const first = await page(bench, 'limit=10');
    assert.deepEqual(aorsOf(first), names.slice(0, 10));
    await bench.ask('DELETE', `${aors}/user3`);
    await bench.ask('DELETE', `${aors}/user12`);
    await bench.ask('POST', `${aors}/late/contacts`, { body: alice });
    const second = await page(bench, `limit=10&cursor=${first.next}`);
    // Who lost the page asks again.
    assert.deepEqual(await page(bench, `limit=10&cursor=${first.next}`), second);
    const third = await page(bench, `limit=10&cursor=${second.next}`);
    assert.equal(third.next, null);
    assert.deepEqual(await page(bench, `limit=10&cursor=${second.next}`), third);
    assert.deepEqual(
      [...aorsOf(second), ...aorsOf(third)],
      names.slice(10).filter((name) => name !== 'user12'),
    );
    // The one before is over, and so is a walk of another table.
    assert.equal(problem(await bench.ask('GET', `${aors}?cursor=${first.next}`), 410).name, 'cursor-gone');
    const elsewhere = await bench.ask('GET', `/v1/tables/aliases/aors?cursor=${second.next}`);
    assert.equal(problem(elsewhere, 410).name, 'cursor-gone');
    assert.deepEqual(await page(bench, 'limit=500'), { ...(await page(bench, 'limit=500')), next: null });
    await bench.stop();
  });

  test('issue 7: two who ask for one page at once get the same', async () => {
    const bench = await filled();
    const { next } = await page(bench, 'limit=5');
    const pages = await Promise.all([1, 2, 3].map(() => page(bench, `limit=5&cursor=${next}`)));
    assert.deepEqual(pages[0], pages[1]);
    assert.deepEqual(pages[0], pages[2]);
    await bench.stop();
  });

  test('issue 7: a walk that nobody goes on with is over after a minute, and so is the oldest of too many', async () => {
    const bench = await filled();
    const idle = await page(bench, 'limit=1');
    bench.clock.advance(adminLimits.walkIdleMs);
    assert.equal((await bench.ask('GET', `${aors}?cursor=${idle.next}`)).status, 410);
    const oldest = await page(bench, 'limit=1');
    const finished = await page(bench, 'limit=24');
    await page(bench, `cursor=${finished.next}`);
    for (let count = 0; count < adminLimits.maxWalks - 1; count++) await page(bench, 'limit=1');
    // What has come to its end makes room first.
    assert.equal((await bench.ask('GET', `${aors}?cursor=${finished.next}`)).status, 410);
    const going = await page(bench, `limit=1&cursor=${oldest.next}`);
    for (let count = 0; count < adminLimits.maxWalks; count++) await page(bench, 'limit=1');
    assert.equal((await bench.ask('GET', `${aors}?cursor=${going.next}`)).status, 410);
    await bench.stop();
  });

  test('issue 7: a page ends early when its addresses of record have very many bindings', async () => {
    const bench = await filled();
    const table = bench.location.table('location');
    const many = Array.from({ length: adminLimits.maxPageBindings }, (_, index) => sampleBinding(`m${index}`));
    await table.update(asAor('user1'), bench.clock.now(), () => ({ bindings: many, result: undefined }));
    const first = await page(bench, 'limit=10');
    assert.deepEqual(aorsOf(first), ['user0', 'user1']);
    assert.equal(aorsOf(await page(bench, `limit=10&cursor=${first.next}`))[0], 'user2');
    await bench.stop();
  });
});
