import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SipRequest } from '../../sip/message.ts';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, problemOf } from './testing/call.ts';

const request = { uri: 'sip:bob@192.0.2.60', headers: ['User-Agent: Phone 1', 'X-A: one', 'X-A: two'] };

/** Calls a function and relays. @returns its code, and the copy that the callee got */
function relayed(name: string, args: readonly string[], body = ''): readonly [code: unknown, copy: SipRequest] {
  const bench = new CfgBench();
  const run = bench.requestRun({ ...request, body });
  const code = call(run, name, ...args);
  call(run, 't_relay');
  const [copy] = bench.proxy.to('192.0.2.60').requests;
  assert.ok(copy);
  return [code, copy];
}

describe('textops: tests', () => {
  for (const [regex, code] of [
    ['^INVITE sip:', 1],
    ['user-agent: phone', 1],
    ['^X-A: two', 1],
    ['^one', -1],
    ['Phone 1.X-A', -1],
    ['body text$', 1],
    ['nothing of it', -1],
  ] as const) {
    it(`cfg-modules §7 search('${regex}') over the whole message gives ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun({ ...request, body: 'body text' }), 'search', regex), code);
    });
  }

  it('cfg-modules §20 search: an expression may have variables; one that is none matches nothing', () => {
    const run = new CfgBench().requestRun(request);
    assert.deepEqual([call(run, 'search', '^To:.*$rU'), call(run, 'search', '^To:.*$fU')], [1, -1]);
    run.avps.add('re', 'PHONE [0-9]');
    assert.equal(call(run, 'search', '$avp(re)'), 1);
    run.avps.add('re', '(');
    assert.equal(call(run, 'search', '$avp(re)'), -1);
    assert.equal(call(run, 'replace', '$avp(re)', 'x'), -1);
    run.avps.add('re', 'a'.repeat(600));
    assert.equal(call(run, 'search', '$avp(re)'), -1);
  });

  it('cfg-modules §7 search_body: the body only', () => {
    const run = new CfgBench().requestRun({ ...request, body: 'hello' });
    assert.deepEqual([call(run, 'search_body', '^hel'), call(run, 'search_body', 'Phone')], [1, -1]);
  });

  it('cfg-language §14.7: queued edits are invisible to tests', () => {
    const run = new CfgBench().requestRun(request);
    call(run, 'append_hf', 'P-New: 1\r\n');
    call(run, 'remove_hf', 'User-Agent');
    assert.deepEqual(
      [call(run, 'is_present_hf', 'P-New'), call(run, 'is_present_hf', 'User-Agent'), call(run, 'search', '^P-New')],
      [-1, 1, -1],
    );
  });

  it('cfg-language §14.7: neither are edits in a reply block seen by its tests', () => {
    const bench = new CfgBench();
    bench.inReply({ status: 200 }, (run) => {
      call(run, 'append_hf', 'P-New: 1\r\n');
      assert.equal(call(run, 'is_present_hf', 'P-New'), -1);
      assert.equal(call(run, 'search', '^P-New'), -1);
      return 'relay';
    });
    assert.equal(bench.proxy.finals[0]?.header('p-new'), '1');
  });

  for (const [method, names, code] of [
    ['INVITE', 'INVITE', 1],
    ['INVITE', 'invite', 1],
    ['ACK', 'INVITE', -1],
    ['ACK', 'INVITE|ACK|BYE', 1],
    ['FOO', 'FOO', 1],
    ['foo', 'FOO', -1],
    ['INVITE', '$rm', 1],
  ] as const) {
    it(`cfg-modules §7 is_method('${names}') of a ${method} gives ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun({ method }), 'is_method', names), code);
    });
  }

  it('cfg-modules §7 is_method: of a reply, the method in CSeq', () => {
    const run = new CfgBench().replyRun();
    assert.deepEqual([call(run, 'is_method', 'INVITE'), call(run, 'is_method', 'BYE|ACK')], [1, -1]);
  });

  it('cfg-language §12 is_method: what is no method prevents the start', () => {
    assert.match(problemOf('is_method', ['INVITE, ACK']), /with \| between/);
  });

  for (const [name, code] of [
    ['X-A', 1],
    ['f', 1],
    ['From', 1],
    ['X-B', -1],
  ] as const) {
    it(`cfg-modules §7 is_present_hf('${name}') gives ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun(request), 'is_present_hf', name), code);
    });
  }

  it('cfg-modules §7 is_present_hf_re: names by a regular expression', () => {
    const run = new CfgBench().requestRun(request);
    assert.deepEqual([call(run, 'is_present_hf_re', '^x-'), call(run, 'is_present_hf_re', '^y-')], [1, -1]);
  });

  for (const [body, type, args, code] of [
    ['', undefined, [], -1],
    ['v=0', undefined, [], 1],
    ['v=0', 'application/sdp', ['application/sdp'], 1],
    ['v=0', 'Application/SDP; x=y', ['application/sdp'], 1],
    ['v=0', 'text/plain', ['application/sdp'], -1],
    ['', 'application/sdp', ['application/sdp'], -1],
  ] as const) {
    it(`cfg-modules §7 has_body(${args.join()}): '${body}' of type ${type} gives ${code}`, () => {
      const headers = type === undefined ? [] : [`Content-Type: ${type}`];
      assert.equal(call(new CfgBench().requestRun({ body, headers }), 'has_body', ...args), code);
    });
  }

  it('cfg-modules §7 is_privacy: the Privacy header (RFC 3323)', () => {
    const run = new CfgBench().requestRun({ headers: ['Privacy: header; ID'] });
    assert.deepEqual([call(run, 'is_privacy', 'id'), call(run, 'is_privacy', 'user')], [1, -1]);
  });

  it('cfg-modules §20: texts are compared, begun with, ended with, found and looked up in lists', () => {
    const run = new CfgBench().requestRun();
    const codes = [
      call(run, 'cmp_str', '$rU', 'bob'),
      call(run, 'cmp_str', '$rU', 'Bob'),
      call(run, 'cmp_istr', '$rU', 'Bob'),
      call(run, 'starts_with', '$ru', 'sip:'),
      call(run, 'starts_with', '$ru', 'tel:'),
      call(run, 'ends_with', '$ru', 'example.org'),
      call(run, 'str_find', '$ru', '@exa'),
      call(run, 'in_list', '$rU', 'ann,bob', ','),
      call(run, 'in_list', '$rU', 'ann;bob', ','),
    ];
    assert.deepEqual(codes, [1, -1, 1, 1, -1, 1, 1, 1, -1]);
  });
});

describe('textops: edits', () => {
  it('cfg-modules §7 append_hf: behind the last header of the copy', () => {
    const [code, copy] = relayed('append_hf', ['P-New: a $rU\r\n']);
    assert.equal(code, 1);
    assert.equal(copy.headerFields().at(-1)?.line, 'P-New: a bob\r\n');
  });

  it('cfg-modules §7 append_hf: several lines, and one without its line break', () => {
    const [, copy] = relayed('append_hf', ['P-A: 1\r\nP-B: 2']);
    assert.deepEqual([copy.header('p-a'), copy.header('p-b')], ['1', '2']);
  });

  it('cfg-modules §7 append_hf: behind the first header of a name', () => {
    const [, copy] = relayed('append_hf', ['P-New: 1\r\n', 'X-A']);
    const names = copy.headerFields().map(({ name }) => name);
    assert.equal(names.indexOf('p-new'), names.indexOf('x-a') + 1);
  });

  it('cfg-modules §7 insert_hf: before the first header that came in, or before that of a name', () => {
    const [, top] = relayed('insert_hf', ['P-New: 1\r\n']);
    const lines = top.headerFields().map(({ name }) => name);
    assert.deepEqual(lines.slice(0, 3), ['p-new', 'via', 'via'].slice(0, 1).concat(lines.slice(1, 3)));
    assert.equal(lines.indexOf('p-new') < lines.lastIndexOf('via'), true);
    const [, named] = relayed('insert_hf', ['P-New: 1\r\n', 'X-A']);
    const names = named.headerFields().map(({ name }) => name);
    assert.equal(names.indexOf('p-new'), names.indexOf('x-a') - 1);
  });

  for (const text of ['no header line', ': x\r\n', 'Bad Name: x\r\n']) {
    it(`cfg-language §12 append_hf: '${text.trim()}' prevents the start`, () => {
      assert.match(problemOf('append_hf', [text]), /must be a header line/);
    });
  }

  it('style guide §4.14: a variable cannot end the head of a message', () => {
    const bench = new CfgBench();
    const run = bench.requestRun({ ...request, body: 'a\r\n\r\nb' });
    call(run, 'append_hf', 'P-Body: $rb\r\n');
    call(run, 't_relay');
    assert.equal(bench.proxy.to('192.0.2.60').requests[0]?.body.toString(), 'a\r\n\r\nb');
  });

  it('cfg-modules §7 append_urihf: prefix, the received Request-URI, suffix', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(request);
    run.context.uri = 'sip:other@192.0.2.60';
    assert.equal(call(run, 'append_urihf', 'CC-Diversion: ', '\r\n'), 1);
    call(run, 't_relay');
    assert.equal(bench.proxy.to('192.0.2.60').requests[0]?.header('cc-diversion'), 'sip:bob@192.0.2.60');
  });

  it('cfg-modules §7 remove_hf: all of a name, compact forms too; false when there is none', () => {
    const [code, copy] = relayed('remove_hf', ['x-a']);
    assert.deepEqual([code, copy.has('X-A')], [1, false]);
    const [compact, without] = relayed('remove_hf', ['m']);
    assert.deepEqual([compact, without.has('Contact')], [1, false]);
    assert.equal(relayed('remove_hf', ['X-Z'])[0], -1);
    assert.match(problemOf('remove_hf', ['X A']), /no header name/);
  });

  it('cfg-modules §7 remove_hf_re: by a regular expression over names', () => {
    const [code, copy] = relayed('remove_hf_re', ['^(x-a|user-agent)$']);
    assert.deepEqual([code, copy.has('X-A'), copy.has('User-Agent')], [1, false, false]);
  });

  it('cfg-language §6: edits mean the lines that came in, so what was appended is not removed', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(request);
    call(run, 'append_hf', 'X-A: three\r\n');
    call(run, 'remove_hf', 'X-A');
    call(run, 't_relay');
    const lines = bench.proxy.to('192.0.2.60').requests[0]?.headerLines('x-a') ?? [];
    assert.deepEqual(
      lines.map(({ value }) => value),
      ['three'],
    );
  });

  for (const [name, args, header, value] of [
    ['replace', ['Phone', 'Softphone'], 'user-agent', 'Softphone 1'],
    ['replace', ['^(X-A: )?one', 'nothing'], 'nothing', undefined],
    ['search_append', ['phone', '-like'], 'user-agent', 'Phone-like 1'],
    ['subst', ['/Phone ([0-9])/Model \\1 of $rU/'], 'user-agent', 'Model 1 of bob'],
    ['subst', ['#PHONE#x#i'], 'user-agent', 'x 1'],
    ['subst', ['/^User-Agent: (.*)$/User-Agent: \\1 at \\u/'], 'user-agent', 'Phone 1 at sip:bob@192.0.2.60'],
    ['subst', ['/Phone/\\$rU\\\\/'], 'user-agent', '$rU\\ 1'],
  ] as const) {
    it(`cfg-modules §7 ${name}(${args.join(', ')})`, () => {
      const [code, copy] = relayed(name, args);
      assert.equal(code, 1);
      assert.equal(copy.header(header), value);
    });
  }

  it('cfg-modules §7 replace_all: every match, and not in the first line', () => {
    const [code, copy] = relayed('replace_all', ['192.0.2.60|two|one', 'N'], 'one 192.0.2.60');
    assert.equal(code, 1);
    assert.deepEqual(
      copy.headerLines('x-a').map(({ value }) => value),
      ['N', 'N'],
    );
    assert.equal(copy.body.toString(), 'N N');
    assert.equal(copy.uriText, 'sip:bob@192.0.2.60');
  });

  it('cfg-modules §7 replace, subst: false when nothing matches, and nothing changes', () => {
    for (const [name, args] of [
      ['replace', ['zzz', 'y']],
      ['replace', ['INVITE sip', 'y']],
      ['subst', ['/zzz/y/']],
      ['subst', ['/phone/y/']],
      ['search_append', ['zzz', 'y']],
      ['replace_body', ['zzz', 'y']],
    ] as const) {
      const [code, copy] = relayed(name, args, 'text');
      assert.equal(code, -1, name);
      assert.equal(copy.header('user-agent'), 'Phone 1');
      assert.equal(copy.body.toString(), 'text');
    }
  });

  for (const [name, args, body] of [
    ['replace_body', ['b', 'B'], 'aB b'],
    ['replace_body_all', ['b', 'BB'], 'aBB BB'],
    ['subst_body', ['/(b)/<\\1>/g'], 'a<b> <b>'],
    ['search_append_body', ['a', '!'], 'a!b b'],
  ] as const) {
    it(`cfg-modules §7 ${name}: the copy has another body and its length`, () => {
      const [code, copy] = relayed(name, args, 'ab b');
      assert.deepEqual([code, copy.body.toString()], [1, body]);
      assert.equal(copy.header('content-length'), String(body.length));
    });
  }

  it('cfg-modules §7 subst: s makes the dot match line breaks', () => {
    const [plain] = relayed('subst_body', ['/a.b/x/'], 'a\nb');
    const [dotted, copy] = relayed('subst_body', ['/a.b/x/s'], 'a\nb');
    assert.deepEqual([plain, dotted, copy.body.toString()], [-1, 1, 'x']);
  });

  for (const expression of ['/a/b', 'abc', '/a/b/x', '/(/b/', '/a/\\1/', '']) {
    it(`cfg-language §12 subst: '${expression}' prevents the start`, () => {
      assert.notEqual(problemOf('subst', [expression]), '');
    });
  }

  it('cfg-modules §7 subst_uri: the Request-URI, at once', () => {
    const run = new CfgBench().requestRun();
    assert.equal(call(run, 'subst_uri', '/^sip:([^@]*)@(.*)$/sip:00\\1@\\2;from=$fU/'), 1);
    assert.equal(run.context.uri, 'sip:00bob@example.org;from=alice');
    assert.equal(call(run, 'subst_uri', '/zzz/y/'), -1);
  });

  for (const [uri, expression, expected] of [
    ['sip:bob@h', '/^b/B/', 'sip:Bob@h'],
    ['sip:bob:pw@h:5070;x=y', '/.*/ann/', 'sip:ann:pw@h:5070;x=y'],
    ['sip:h', '/^$/new/', 'sip:new@h'],
    ['sip:bob@h', '/.*//', 'sip:h'],
  ] as const) {
    it(`cfg-modules §7 subst_user(${expression}): ${uri} becomes ${expected}`, () => {
      const run = new CfgBench().requestRun();
      run.context.uri = uri;
      assert.equal(call(run, 'subst_user', expression), 1);
      assert.equal(run.context.uri, expected);
    });
  }

  it('cfg-modules §7: in a branch block edits change the copy of that branch', () => {
    const bench = new CfgBench();
    let branches = 0;
    bench.inBranch(
      undefined,
      (run) => {
        branches++;
        call(run, 'append_hf', `P-Branch: ${run.branch?.index}\r\n`);
        call(run, 'remove_hf', 'Contact');
        call(run, 'subst_user', '/bob/ann/');
        return 'send';
      },
      (context) => context.appendBranch({ uri: 'sip:bob@192.0.2.61' }),
    );
    assert.equal(branches, 2);
    const [first] = bench.proxy.to('192.0.2.60').requests;
    const [second] = bench.proxy.to('192.0.2.61').requests;
    assert.deepEqual([first?.header('p-branch'), second?.header('p-branch')], ['0', '1']);
    assert.deepEqual([first?.has('contact'), first?.uriText], [false, 'sip:ann@192.0.2.60']);
  });

  it('cfg-modules §7: in a reply block edits change the reply that is relayed', () => {
    const bench = new CfgBench();
    bench.inReply({ status: 200, headers: [['Server', 'Phone 1']] }, (run) => {
      assert.equal(call(run, 'remove_hf', 'Server'), 1);
      assert.equal(call(run, 'append_hf', 'P-Reply: $rs\r\n'), 1);
      assert.equal(call(run, 'replace', 'callee', 'phone'), 1);
      return 'relay';
    });
    const [reply] = bench.proxy.finals;
    assert.deepEqual([reply?.has('server'), reply?.header('p-reply')], [false, '200']);
    assert.match(reply?.header('to') ?? '', /tag=phone-/);
  });

  it('cfg-modules §20 msg_apply_changes: the block sees what it has changed, and it goes out once', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(request);
    call(run, 'append_hf', 'P-New: 1\r\n');
    assert.equal(call(run, 'msg_apply_changes'), 1);
    assert.equal(call(run, 'is_present_hf', 'P-New'), 1);
    call(run, 'append_hf', 'P-Late: 2\r\n');
    call(run, 't_relay');
    const [copy] = bench.proxy.to('192.0.2.60').requests;
    assert.deepEqual([copy?.headerLines('p-new').length, copy?.header('p-late')], [1, '2']);
  });

  it('cfg-modules §7 append_time: replies made here have a Date', () => {
    const bench = new CfgBench();
    const run = bench.requestRun();
    assert.equal(call(run, 'append_time'), 1);
    call(run, 'sl_send_reply', '200', 'OK');
    assert.match(bench.replies[0]?.header('date') ?? '', /GMT$/);
  });
});
