import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponse } from '../sip/create-response.ts';
import { type Answer, aggregateChallenges, chooseBest } from './best-response.ts';
import { request } from './testing/proxy-bench.ts';

const received = (status: number): Answer => ({ status, response: createResponse(request(), status) });
const local = (status: number): Answer => ({ status, response: undefined });

const rows: readonly [title: string, statuses: readonly number[], best: number, cancelled?: boolean][] = [
  ['a 6xx decides', [404, 302, 603, 500], 603],
  ['the lowest class wins', [500, 404, 302], 302],
  ['4xx wins over 5xx', [503, 500, 486], 486],
  ['in a class the lowest status wins', [486, 404, 480], 404],
  ['a timeout counts as 408', [486, 408], 408],
  ['401 tells how to ask again', [400, 404, 401], 401],
  ['407 tells how to ask again', [404, 407], 407],
  ['415, 420 and 484 tell how to ask again', [400, 415], 415],
  ['420 before 404', [404, 420], 420],
  ['484 before 404', [404, 484], 484],
  ['401 before 484', [484, 401], 401],
  ['503 is the last of its class', [503, 504], 504],
  ['503 alone is chosen', [503], 503],
  ['487 goes first in its class for a caller that cancelled', [404, 487, 401], 487, true],
  ['487 does not otherwise', [487, 486], 486],
  ['6xx goes before 487 of a cancelled call', [487, 603], 603, true],
];

for (const [title, list, best, cancelled = false] of rows) {
  test(`§16.7 step 6: ${title} (${list.join(', ')})`, () => {
    assert.equal(chooseBest(list.map(received), cancelled)?.status, best);
    assert.equal(chooseBest(list.toReversed().map(received), cancelled)?.status, best);
  });
}

test('§16.7 step 6: of equal answers a received one wins over one made here', () => {
  const heard = received(408);
  assert.equal(chooseBest([local(408), heard], false), heard);
});

test('§16.7 step 6: of equal answers the first branch wins', () => {
  const first = received(486);
  assert.equal(chooseBest([first, received(486)], false), first);
});

test('no answers, no best one', () => {
  assert.equal(chooseBest([], false), undefined);
});

function challenge(status: number, name: string, value: string): Answer {
  return { status, response: createResponse(request(), status, undefined, { headers: [[name, value]] }) };
}

test('§16.7 step 7: a 407 that goes upstream carries the challenges of the other 401s and 407s', () => {
  const best = challenge(407, 'Proxy-Authenticate', 'Digest realm="a", nonce="1"');
  const answers = [
    best,
    challenge(401, 'WWW-Authenticate', 'Digest realm="b", nonce="2"'),
    challenge(407, 'Proxy-Authenticate', 'Digest realm="c", nonce="3"'),
    challenge(404, 'WWW-Authenticate', 'Digest realm="not this", nonce="4"'),
    local(408),
  ];
  assert(best.response);
  aggregateChallenges(best.response, answers);
  assert.deepEqual(
    best.response.headerLines('proxy-authenticate').map(({ value }) => value),
    ['Digest realm="a", nonce="1"', 'Digest realm="c", nonce="3"'],
  );
  assert.deepEqual(
    best.response.headerLines('www-authenticate').map(({ value }) => value),
    ['Digest realm="b", nonce="2"'],
  );
});

test('§16.7 step 7: another status gets no challenges', () => {
  const best = received(404);
  assert(best.response);
  aggregateChallenges(best.response, [best, challenge(401, 'WWW-Authenticate', 'Digest realm="b", nonce="2"')]);
  assert.equal(best.response.has('www-authenticate'), false);
});
