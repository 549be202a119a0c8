import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLogger } from '../../base/logger.ts';
import { asAor } from '../../location/aor.ts';
import { isBindingProblem } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { CfgBench } from '../testing/cfg-bench.ts';
import { bind, call, problemOf } from './testing/call.ts';

function register(cseq: number, ...headers: readonly string[]) {
  return { method: 'REGISTER', uri: 'sip:example.org', callId: 'reg', cseq, headers };
}

function bindings(bench: CfgBench, table = 'location'): readonly string[] {
  return bench.location
    .table(table)
    .get(asAor('bob'), bench.clock.now())
    .map(({ contact }) => contact);
}

describe('registrar', () => {
  it('manual 1.4.1 save: 1 after a 200 that lists the contacts', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>'));
    assert.equal(call(run, 'save', 'location'), 1);
    assert.deepEqual(bindings(bench), ['sip:bob@192.0.2.50']);
    assert.equal(bench.replies[0]?.status, 200);
    assert.match(bench.replies[0]?.header('contact') ?? '', /^<sip:bob@192\.0\.2\.50>/);
  });

  it('decision 20 save: 0 after an error reply, which ends the script', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(register(1, 'Contact: *')), 'save', 'location'), 0);
    assert.deepEqual(
      bench.replies.map(({ status }) => status),
      [400],
    );
  });

  it('manual 1.4.2 save_noreply: the same without a reply, in success and in error', () => {
    const bench = new CfgBench();
    const good = bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>'));
    assert.equal(call(good, 'save_noreply', 'location'), 1);
    assert.deepEqual(bindings(bench), ['sip:bob@192.0.2.50']);
    assert.equal(call(bench.requestRun(register(2, 'Contact: *')), 'save_noreply', 'location'), 0);
    assert.deepEqual(bench.replies, []);
  });

  it('manual 1.4.3 save_memory: applies and answers', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>')), 'save_memory', 'location'), 1);
    assert.deepEqual(bindings(bench), ['sip:bob@192.0.2.50']);
    assert.equal(bench.replies[0]?.status, 200);
  });

  for (const [flags, replies] of [
    ['0x00', 1],
    ['0x01', 1],
    ['0x02', 0],
    ['0x03', 0],
    ['2', 0],
    ['m', 1],
    ['mr', 0],
    ['', 1],
  ] as const) {
    it(`cfg-modules §3 save: the flags '${flags}' send ${replies} replies`, () => {
      const bench = new CfgBench();
      const run = bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>'));
      assert.equal(call(run, 'save', 'location', flags), 1);
      assert.deepEqual(bindings(bench), ['sip:bob@192.0.2.50']);
      assert.equal(bench.replies.length, replies);
    });
  }

  for (const flags of ['0x04', '-1', 'x', '$avp(flags)']) {
    it(`cfg-modules §3 save: the flags '${flags}' are refused when the file is read`, () => {
      assert.match(problemOf('save', ['location', flags]), /flag/);
    });
  }

  it('manual 1.4.1: the domain is the name of a table', () => {
    const bench = new CfgBench();
    call(bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>')), 'save', 'aliases');
    assert.deepEqual([bindings(bench), bindings(bench, 'aliases')], [[], ['sip:bob@192.0.2.50']]);
    assert.match(problemOf('save', ['']), /empty/);
  });

  it('usrloc §2: what is no name of a table is refused when the file is read', () => {
    for (const name of ['my table', 'a.b', '1', 'x;y', 'a'.repeat(64)]) {
      assert.match(problemOf('lookup', [name]), /is no name of a table or column: use letters, digits and _/);
    }
  });

  it('usrloc §2: a variable that comes to no name of a table makes the call fail, and the log says so once', () => {
    const bench = new CfgBench();
    const calls = (['save', 'registered', 'lookup'] as const).map((name) => bind(name, ['$avp(i:9)']));
    const told: string[] = [];
    const codesWith = (table: string): unknown[] => {
      const run = bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>'));
      run.avps.add(9, table);
      const services = { ...run.services, logger: { ...silentLogger, warn: (message: string) => told.push(message) } };
      const logged = Object.create(run, { services: { value: services } }) as CfgRun;
      return calls.map((bound) => isBindingProblem(bound) || bound(logged));
    };
    assert.deepEqual(codesWith('drop table'), [-1, -1, -3]);
    assert.deepEqual(codesWith(''), [-1, -1, -3]);
    assert.equal(codesWith('fine')[0], 1);
    assert.equal(told.length, 3);
    assert.match(told[0] ?? '', /^"drop table" is no name of a table or column: .*; the call fails$/);
    assert.deepEqual(bindings(bench, 'fine'), ['sip:bob@192.0.2.50']);
  });

  it('decision 26 save: another method is answered 405 and changes nothing', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun({ method: 'OPTIONS' }), 'save', 'location'), 0);
    assert.equal(bench.replies[0]?.status, 405);
  });

  it('manual 1.4.4 lookup: the Request-URI becomes the best contact, the rest become branches', () => {
    const bench = new CfgBench();
    const contacts = ['Contact: <sip:bob@192.0.2.51>;q=0.2, <sip:bob@192.0.2.52>;q=0.9'];
    call(bench.requestRun(register(1, ...contacts)), 'save', 'location');
    const run = bench.requestRun();
    assert.equal(call(run, 'lookup', 'location'), 1);
    assert.equal(run.context.uri, 'sip:bob@192.0.2.52');
    assert.deepEqual(
      run.context.branches.map(({ uri }) => uri),
      ['sip:bob@192.0.2.51'],
    );
  });

  it('decision 17 lookup: -1 for nobody, -2 for a method that no contact allows, -3 for no address of record', () => {
    const bench = new CfgBench();
    assert.equal(call(bench.requestRun(), 'lookup', 'location'), -1);
    call(bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>;methods="MESSAGE"')), 'save', 'location');
    assert.equal(call(bench.requestRun(), 'lookup', 'location'), -2);
    assert.equal(call(bench.requestRun({ uri: 'urn:service:sos' }), 'lookup', 'location'), -3);
  });

  it('cfg-modules §3 lookup: flags other than m are refused when the file is read', () => {
    assert.equal(call(new CfgBench().requestRun(), 'lookup', 'location', 'm'), -1);
    assert.match(problemOf('lookup', ['location', 'b']), /only the flag 'm'/);
  });

  it('manual 1.4.4 lookup: works in a failure block', () => {
    const bench = new CfgBench();
    call(bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>')), 'save', 'location');
    assert.equal(call(bench.failureRun(), 'lookup', 'location'), 1);
  });

  it('manual 1.4.5 registered: tests and changes nothing', async () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    assert.equal(await call(run, 'registered', 'location'), -1);
    call(bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>')), 'save', 'location');
    assert.equal(await call(run, 'registered', 'location'), 1);
    assert.equal(run.context.uri, 'sip:bob@example.org');
  });

  it('manual 1.4.6 add_sock_hdr: the forwarded copy names the receiving socket, the request does not', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(register(1, 'Contact: <sip:bob@192.0.2.50>'));
    assert.equal(call(run, 'add_sock_hdr', 'Sock-Info'), 1);
    assert.equal(run.request.header('sock-info'), undefined);
    assert.equal(call(run, 't_replicate', '192.0.2.60', '5060'), 1);
    assert.equal(bench.proxy.to('192.0.2.60').requests[0]?.header('sock-info'), '192.0.2.1:5060');
  });

  it('manual 1.4.6 add_sock_hdr: what is no header name prevents the start', () => {
    assert.match(problemOf('add_sock_hdr', ['Sock Info']), /no header name/);
  });
});
