import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { call, problemOf } from './testing/call.ts';

const sdp = ['v=0', 'o=- 1 1 IN IP4 10.0.0.5', 's=-', 'c=IN IP4 10.0.0.5', 't=0 0', 'm=audio 4000 RTP/AVP 0', ''].join(
  '\r\n',
);

function invite(contact: string, body = '') {
  const head = [
    'INVITE sip:bob@192.0.2.60 SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bKnat',
    'Max-Forwards: 70',
    'From: <sip:alice@example.com>;tag=a1',
    'To: <sip:bob@example.org>',
    'Call-ID: nat',
    'CSeq: 1 INVITE',
    `Contact: ${contact}`,
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function sentContact(bench: CfgBench): string | undefined {
  return bench.proxy.to('192.0.2.60').requests[0]?.header('contact');
}

describe('nathelper', () => {
  for (const [contact, mask, code] of [
    ['<sip:alice@10.0.0.5>', '1', 1],
    ['<sip:alice@192.0.2.50>', '1', -1],
    ['<sip:alice@192.0.2.50>', '19', -1],
    ['<sip:alice@10.0.0.5>', '19', 1],
    ['<sip:alice@10.0.0.5>', '18', -1],
    ['<sip:alice@10.0.0.5>', '0x13', 1],
  ] as const) {
    it(`cfg-modules §13 nat_uac_test(${mask}): ${contact} gives ${code}`, () => {
      assert.equal(call(new CfgBench().requestRun(invite(contact)), 'nat_uac_test', mask), code);
    });
  }

  for (const mask of ['0', 'nat', '512']) {
    it(`cfg-language §12 nat_uac_test: '${mask}' prevents the start`, () => {
      assert.match(problemOf('nat_uac_test', [mask]), /mask of tests must be a number from 1 to 511/);
    });
  }

  it('cfg-modules §13 nat_uac_test: in a reply block the answer and where it came from are looked at', () => {
    const bench = new CfgBench();
    const run = bench.replyRun({ status: 180, headers: [['Contact', '<sip:bob@10.0.0.9>']] });
    assert.equal(call(run, 'nat_uac_test', '1'), 1);
    assert.equal(call(run, 'nat_uac_test', '32'), -1);
    assert.equal(call(run, 'nat_uac_test', '128'), -1);
  });

  it('companions §3 fix_nated_contact: host and port become the source, once', () => {
    const run = new CfgBench().requestRun(invite('"A" <sip:alice@10.0.0.5:5080;x=y>;q=0.5'));
    assert.equal(call(run, 'fix_nated_contact'), 1);
    assert.equal(run.request.header('contact'), '"A" <sip:alice@192.0.2.50:5060;x=y>;q=0.5');
    assert.equal(call(run, 'fix_nated_contact'), -1);
  });

  it('cfg-modules §13 fix_nated_contact: in a reply block the relayed answer has the source of the callee', () => {
    const bench = new CfgBench();
    bench.inReply({ status: 200, headers: [['Contact', '<sip:bob@10.0.0.9>']] }, (run) => {
      assert.equal(call(run, 'fix_nated_contact'), 1);
      return 'relay';
    });
    assert.equal(bench.proxy.finals[0]?.header('contact'), '<sip:bob@192.0.2.60:5060>');
  });

  it('companions §3 fix_nated_register: save stores the source with the contact', () => {
    const bench = new CfgBench();
    const run = bench.requestRun({ method: 'REGISTER', headers: ['Contact: <sip:bob@10.0.0.5>'] });
    assert.equal(call(run, 'fix_nated_register'), 1);
    call(run, 'save', 'location');
    assert.match(bench.replies[0]?.header('contact') ?? '', /received="sip:192\.0\.2\.50:5060"/);
  });

  it('companions §3 add_rcv_param: the forwarded copy has it, the request at hand does not', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(invite('<sip:alice@10.0.0.5>'));
    assert.equal(call(run, 'add_rcv_param'), 1);
    call(run, 't_relay');
    assert.equal(run.request.header('contact'), '<sip:alice@10.0.0.5>');
    assert.equal(sentContact(bench), '<sip:alice@10.0.0.5>;received="sip:192.0.2.50:5060"');
  });

  for (const [mask, line, expected] of [
    ['2', 'c=', 'c=IN IP4 192.0.2.50'],
    ['8', 'o=', 'o=- 1 1 IN IP4 192.0.2.50'],
    ['1', 'a=d', 'a=direction:active'],
    ['4', 'a=n', 'a=nortpproxy:yes'],
    ['8', 'c=', 'c=IN IP4 10.0.0.5'],
  ] as const) {
    it(`cfg-modules §13 fix_nated_sdp(${mask}): the forwarded body has '${expected}'`, () => {
      const bench = new CfgBench();
      const run = bench.requestRun(invite('<sip:alice@10.0.0.5>', sdp));
      assert.equal(call(run, 'fix_nated_sdp', mask), 1);
      assert.equal(run.request.body.toString(), sdp);
      call(run, 't_relay');
      const [sent] = bench.proxy.to('192.0.2.60').requests;
      const lines = sent?.body.toString().split('\r\n') ?? [];
      assert.equal(
        lines.find((one) => one.startsWith(line)),
        expected,
      );
      assert.equal(sent?.header('content-length'), String(sent?.body.length));
    });
  }

  it('cfg-modules §13 fix_nated_sdp: false without an SDP', () => {
    assert.equal(call(new CfgBench().requestRun(invite('<sip:alice@10.0.0.5>')), 'fix_nated_sdp', '3'), -1);
  });

  it('cfg-modules §20 set_contact_alias: marks the contact with the source, at once', () => {
    const run = new CfgBench().requestRun(invite('<sip:alice@10.0.0.5;ob>;x=1'));
    assert.equal(call(run, 'set_contact_alias'), 1);
    assert.equal(run.request.header('contact'), '<sip:alice@10.0.0.5;ob;alias=192.0.2.50~5060~1>;x=1');
  });

  it('cfg-modules §20 set_contact_alias: a contact that names its true address stays, and gives 2', () => {
    const run = new CfgBench().requestRun(invite('<sip:alice@192.0.2.50>'));
    assert.equal(call(run, 'set_contact_alias'), 2);
    assert.equal(run.request.header('contact'), '<sip:alice@192.0.2.50>');
  });

  it('cfg-modules §20 add_contact_alias: the forwarded copy has it, or another place that is named', () => {
    const bench = new CfgBench();
    const run = bench.requestRun(invite('<sip:alice@10.0.0.5>'));
    assert.equal(call(run, 'add_contact_alias'), 1);
    assert.equal(run.request.header('contact'), '<sip:alice@10.0.0.5>');
    call(run, 't_relay');
    assert.equal(sentContact(bench), '<sip:alice@10.0.0.5;alias=192.0.2.50~5060~1>');
    const other = new CfgBench();
    const named = other.requestRun(invite('<sip:alice@192.0.2.50>'));
    assert.equal(call(named, 'add_contact_alias', '2001:db8::7', '5061', 'tls'), 1);
    call(named, 't_relay');
    assert.equal(sentContact(other), '<sip:alice@192.0.2.50;alias=[2001:db8::7]~5061~3>');
  });

  it('cfg-modules §20 add_contact_alias: nothing or three arguments, and the port is checked', () => {
    assert.match(problemOf('add_contact_alias', ['192.0.2.1']), /address, a port and a transport/);
    assert.match(problemOf('add_contact_alias', ['192.0.2.1', '0', 'udp']), /port must be a number/);
  });

  for (const [uri, code, left, destination] of [
    ['sip:bob@10.0.0.9;alias=192.0.2.77~5070~1', 1, 'sip:bob@10.0.0.9', 'sip:192.0.2.77:5070'],
    [
      'sip:bob@10.0.0.9;a=b;alias=192.0.2.77~5070~2;ob',
      1,
      'sip:bob@10.0.0.9;a=b;ob',
      'sip:192.0.2.77:5070;transport=tcp',
    ],
    ['sip:bob@10.0.0.9;alias=[2001:db8::7]~443~6', 1, 'sip:bob@10.0.0.9', 'sip:[2001:db8::7]:443;transport=wss'],
    ['sip:bob@10.0.0.9', 2, 'sip:bob@10.0.0.9', undefined],
    ['sip:bob@10.0.0.9;alias=example.org~5060~1', -1, 'sip:bob@10.0.0.9;alias=example.org~5060~1', undefined],
    ['sip:bob@10.0.0.9;alias=192.0.2.77~0~1', -1, 'sip:bob@10.0.0.9;alias=192.0.2.77~0~1', undefined],
    ['sip:bob@10.0.0.9;alias=192.0.2.77~5060~9', -1, 'sip:bob@10.0.0.9;alias=192.0.2.77~5060~9', undefined],
  ] as const) {
    it(`cfg-modules §20 handle_ruri_alias: ${uri} gives ${code}`, () => {
      const run = new CfgBench().requestRun({ uri });
      assert.equal(call(run, 'handle_ruri_alias'), code);
      assert.deepEqual([run.context.uri, run.context.destinationUri], [left, destination]);
    });
  }

  it('cfg-modules §20 is_rfc1918: private addresses only', () => {
    const run = new CfgBench().requestRun();
    assert.deepEqual([call(run, 'is_rfc1918', '10.1.2.3'), call(run, 'is_rfc1918', '$si')], [1, -1]);
  });
});
