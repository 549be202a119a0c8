import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Caller, Guard } from './guard.ts';

const token = '0123456789abcdef';

function statusOf(guard: Guard, caller: Partial<Caller>): number {
  const refused = guard.refuse({
    ...{ method: 'GET', host: 'localhost' },
    origin: undefined,
    authorization: undefined,
    ...caller,
  });
  return refused?.status ?? 200;
}

describe('who may ask the admin API', () => {
  const hosts: readonly (readonly [bound: string, host: string | undefined, status: number])[] = [
    ['127.0.0.1', '127.0.0.1:8060', 200],
    ['127.0.0.1', 'LOCALHOST', 200],
    ['127.0.0.1', '[::1]:8060', 200],
    ['127.0.0.1', '127.0.0.2:1', 200],
    ['127.0.0.1', undefined, 421],
    ['127.0.0.1', '', 421],
    ['127.0.0.1', 'evil.example', 421],
    ['127.0.0.1', 'localhost.evil.example', 421],
    ['127.0.0.1', '127.0.0.1.evil.example:8060', 421],
    ['127.0.0.1', '127.0.0.1@evil.example', 421],
    ['127.0.0.1', '192.0.2.1:8060', 421],
    ['127.0.0.1', '127.1', 421],
    ['192.0.2.1', '192.0.2.1:8060', 200],
    ['192.0.2.1', '192.0.2.2', 421],
    ['2001:db8::1', '[2001:DB8:0::1]:8060', 200],
    ['0.0.0.0', '192.0.2.77:8060', 200],
    ['::', '[2001:db8::9]:8060', 200],
    ['0.0.0.0', 'rebound.example:8060', 421],
  ];
  for (const [bound, host, status] of hosts) {
    test(`issue 7, DNS rebinding: at ${bound}, Host ${host} is ${status}`, () => {
      assert.equal(statusOf(new Guard({ address: bound, port: 8060 }, undefined), { host }), status);
    });
  }

  const guard = new Guard({ address: '127.0.0.1', port: 8060 }, undefined);
  const host = '127.0.0.1:8060';
  const origins: readonly (readonly [method: string, origin: string | undefined, status: number])[] = [
    ['POST', undefined, 200],
    ['POST', 'http://127.0.0.1:8060', 200],
    ['POST', 'HTTP://127.0.0.1:8060', 200],
    ['POST', 'http://evil.example', 403],
    ['DELETE', 'http://127.0.0.1:8061', 403],
    ['DELETE', 'https://127.0.0.1:8060', 403],
    ['POST', 'null', 403],
    ['POST', '', 403],
    ['GET', 'http://evil.example', 200],
  ];
  for (const [method, origin, status] of origins) {
    test(`issue 7, CSRF: ${method} with Origin ${origin} is ${status}`, () => {
      assert.equal(statusOf(guard, { method, host, origin }), status);
    });
  }

  const tokens: readonly (readonly [authorization: string | undefined, status: number])[] = [
    [`Bearer ${token}`, 200],
    [`bearer  ${token}`, 200],
    [undefined, 401],
    ['', 401],
    ['Bearer', 401],
    ['Bearer ', 401],
    [`Bearer ${token}0`, 401],
    [`Bearer ${token.slice(0, -1)}`, 401],
    [`Bearer ${token.toUpperCase()}`, 401],
    [`Basic ${token}`, 401],
    [`Bearer ${token} ${token}`, 401],
    [token, 401],
  ];
  for (const [authorization, status] of tokens) {
    test(`issue 7: with a token set, Authorization ${JSON.stringify(authorization)} is ${status}`, () => {
      const strict = new Guard({ address: '127.0.0.1', port: 8060 }, token);
      const refused = strict.refuse({ method: 'GET', host, origin: undefined, authorization });
      assert.equal(refused?.status ?? 200, status);
      if (refused) assert.equal(refused.headers['www-authenticate'], 'Bearer realm="aorta"');
      assert.doesNotMatch(JSON.stringify(refused ?? ''), new RegExp(token));
    });
  }
});
