import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CfgBench } from '../testing/cfg-bench.ts';
import { VariableFixture } from '../testing/variable-fixture.ts';
import type { CfgValue } from './template.ts';
import { transformationTable } from './transformations.ts';

const uri =
  'sips:bob:secret@biloxi.example.com:5070;transport=tcp;user=phone;lr;ttl=3;maddr=192.0.2.3;method=BYE?subject=x';
const address = '"Alice A." <sip:alice@atlanta.example.com;lr>;tag=a1;x="1;2"';
const via = 'SIP/2.0/UDP 192.0.2.50:5062;branch=z9hG4bK1;received=198.51.100.1;rport=4000';

/** What is written in the braces, what goes in, what comes out. */
const table: readonly (readonly [string, CfgValue, CfgValue])[] = [
  ['s.len', 'hello', 5],
  ['s.len', '', 0],
  ['s.len', 1234, 4],
  ['s.len', undefined, undefined],
  ['s.int', '-12', -12],
  ['s.int', ' 12 ', 12],
  ['s.int', '12a', 0],
  ['s.substr,1,3', 'abcdef', 'bcd'],
  ['s.substr,-2,0', 'abcdef', 'ef'],
  ['s.substr,-3,2', 'abcdef', 'de'],
  ['s.substr,2,0', 'abcdef', 'cdef'],
  ['s.substr,4,9', 'abcdef', 'ef'],
  ['s.substr,9,1', 'abcdef', undefined],
  ['s.substr,-9,1', 'abcdef', undefined],
  ['s.substr,x,1', 'abcdef', undefined],
  ['s.select,1,:', 'a:b:c', 'b'],
  ['s.select,-1,:', 'a:b:c', 'c'],
  ['s.select,0,,', '12,34', '12'],
  ['s.select,7,:', 'a:b:c', ''],
  ['s.tolower', 'AbC', 'abc'],
  ['s.toupper', 'AbC', 'ABC'],
  ['s.strip,2', 'abcd', 'cd'],
  ['s.strip,9', 'abcd', ''],
  ['s.strip,-1', 'abcd', 'abcd'],
  ['s.striptail,1', 'abcd', 'abc'],
  ['s.striptail,9', 'abcd', ''],
  ['s.prefixes', 'abc', 'a,ab,abc'],
  ['s.prefixes,2', 'abc', 'a,ab'],
  ['s.prefixes', 'a'.repeat(300), undefined],
  ['s.prefixes.quoted', 'ab', "'a','ab'"],
  ['s.replace,a,xy', 'banana', 'bxynxynxy'],
  ['s.replace,a,xyz', 'a'.repeat(40_000), undefined],
  ['s.ltrim', '  a ', 'a '],
  ['s.rtrim', ' a  ', ' a'],
  ['s.trim', ' a ', 'a'],
  ['s.triml', ' a ', 'a '],
  ['s.trimr', ' a ', ' a'],
  ['s.rm,an', 'banana', 'ba'],
  ['s.rmws', ' a b\r\n c ', 'abc'],
  ['s.rmhdws', '  a   b ', 'a b'],
  ['s.numeric', '+1 (555) 12', '155512'],
  ['s.reverse', 'abc', 'cba'],
  ['s.unquote', '"a b"', 'a b'],
  ['s.unquote', '"', '"'],
  ['s.unbracket', '<sip:a@b>', 'sip:a@b'],
  ['s.unbracket', '(a]', '(a]'],
  ['s.count,a', 'banana', 3],
  ['s.index,n', 'banana', 2],
  ['s.index,n,3', 'banana', 4],
  ['s.index,x', 'banana', undefined],
  ['s.rindex,n', 'banana', 4],
  ['s.after,@', 'a@b@c', 'b@c'],
  ['s.after,x', 'a@b', ''],
  ['s.before,@', 'a@b@c', 'a'],
  ['s.before,x', 'a@b', 'a@b'],
  ['s.rafter,@', 'a@b@c', 'c'],
  ['s.rbefore,@', 'a@b@c', 'a@b'],
  ['s.fill.left,0,5', '42', '00042'],
  ['s.fill.right,.,4', '42', '42..'],
  ['s.fill.left,0,999999', '42', `${'0'.repeat(253)}42`],
  ['s.width,3', 'abcde', 'abc'],
  ['s.width,3', 'a', 'a  '],
  ['s.escape.common', `a'b"c\\`, `a\\'b\\"c\\\\`],
  ['s.unescape.common', `a\\'b\\"c\\\\`, `a'b"c\\`],
  ['s.escape.user', 'a b#@', 'a%20b%23%40'],
  ['s.unescape.user', 'a%20b%2x', 'a b%2x'],
  ['s.escape.param', 'a;b c', 'a%3Bb%20c'],
  ['s.unescape.param', 'a%3Bb', 'a;b'],
  ['s.escape.csv', 'a"b', '"a""b"'],
  ['s.urlencode.param', 'a/b c', 'a%2Fb%20c'],
  ['s.urldecode.param', 'a%2Fb+c', 'a/b c'],
  ['s.ftime,%S', '1700000000', '20'],
  ['s.ftime,%S', 'x', undefined],
  ['s.md5', 'abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['s.sha256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    's.sha384',
    'abc',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  ],
  [
    's.sha512',
    'abc',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
  ['s.encode.hexa', 'ab\xff', '6162ff'],
  ['s.hexa', 'ab', '6162'],
  ['s.decode.hexa', '6162ff', 'ab\xff'],
  ['s.decode.hexa', '616', undefined],
  ['s.encode.base64', 'abc', 'YWJj'],
  ['s.b64encode', 'abc', 'YWJj'],
  ['s.decode.base64', 'YWJj', 'abc'],
  ['s.b64decode', 'YWJj', 'abc'],
  ['s.dec2hex', '255', 'ff'],
  ['s.dec2hex', 'x', undefined],
  ['s.hex2dec', '0xFF', 255],
  ['s.hex2dec', 'g', undefined],
  ['uri.user', uri, 'bob'],
  ['uri.user', 'sip:example.org', ''],
  ['uri.user', 'tel:+1555', '+1555'],
  ['uri.user', 'no uri', undefined],
  ['uri.host', uri, 'biloxi.example.com'],
  ['uri.domain', uri, 'biloxi.example.com'],
  ['uri.scheme', uri, 'sips'],
  ['uri.schema', uri, 'sips'],
  ['uri.passwd', uri, 'secret'],
  ['uri.port', uri, 5070],
  ['uri.port', 'sip:a@b', ''],
  ['uri.params', uri, 'transport=tcp;user=phone;lr;ttl=3;maddr=192.0.2.3;method=BYE'],
  ['uri.params', 'sip:a@b', ''],
  ['uri.paramsno', uri, 6],
  ['uri.headers', uri, 'subject=x'],
  ['uri.transport', uri, 'tcp'],
  ['uri.ttl', uri, '3'],
  ['uri.uparam', uri, 'phone'],
  ['uri.maddr', uri, '192.0.2.3'],
  ['uri.method', uri, 'BYE'],
  ['uri.lr', uri, 'lr'],
  ['uri.lr', 'sip:a@b', ''],
  ['uri.r2', 'sip:a@b;r2=on', 'on'],
  ['uri.duri', uri, 'sips:biloxi.example.com:5070;transport=tcp'],
  ['uri.saor', uri, 'sips:bob@biloxi.example.com'],
  ['uri.suri', uri, 'sips:bob@biloxi.example.com:5070;transport=tcp'],
  ['uri.tosocket', 'sip:a@192.0.2.1', 'udp:192.0.2.1:5060'],
  ['uri.tosocket', 'sips:a@192.0.2.1', 'tls:192.0.2.1:5061'],
  ['uri.tosocket', 'tel:+1', undefined],
  ['uri.param,transport', uri, 'tcp'],
  ['uri.param,none', uri, ''],
  ['nameaddr.uri', address, 'sip:alice@atlanta.example.com;lr'],
  ['nameaddr.name', address, 'Alice A.'],
  ['nameaddr.name', '<sip:a@b>', ''],
  ['nameaddr.params', address, 'tag=a1;x="1;2"'],
  ['nameaddr.param,x', address, '1;2'],
  ['nameaddr.len', '<sip:a@b>', 9],
  ['nameaddr.uri', '<sip:a', undefined],
  ['tobody.uri', address, 'sip:alice@atlanta.example.com;lr'],
  ['tobody.display', address, 'Alice A.'],
  ['tobody.params', address, 'tag=a1;x="1;2"'],
  ['tobody.param,tag', address, 'a1'],
  ['tobody.tag', address, 'a1'],
  ['tobody.uri_user', address, 'alice'],
  ['tobody.uri_host', address, 'atlanta.example.com'],
  ['via.transport', via, 'UDP'],
  ['via.host', via, '192.0.2.50'],
  ['via.port', via, 5062],
  ['via.branch', via, 'z9hG4bK1'],
  ['via.received', via, '198.51.100.1'],
  ['via.rport', via, 4000],
  ['via.rport', 'SIP/2.0/UDP a;rport', ''],
  ['via.host', 'nonsense', undefined],
  ['param.value,b', 'a=1;b=2;c', '2'],
  ['param.value,B', ' a = 1 ; b = "2;3" ', '2;3'],
  ['param.value,c', 'a=1;b=2;c', ''],
  ['param.value,b,&', 'a=1&b=2', '2'],
  ['param.exist,c', 'a=1;c', 1],
  ['param.exist,d', 'a=1;c', 0],
  ['param.valueat,1', ';a=1;b=2', '2'],
  ['param.valueat,-1', 'a=1;b=2', '2'],
  ['param.valueat,5', 'a=1;b=2', ''],
  ['param.name,0', 'a=1;b=2', 'a'],
  ['param.count', ';a=1;b=2', 2],
  ['param.count,&', 'a=1&b=2', 2],
  ['param.count', '', 0],
  ['csv.value,1', '<a,b>, "c,d", e', '"c,d"'],
  ['csv.value,-1', 'a, b', 'b'],
  ['csv.count', '<a,b>, "c,d", e', 3],
  ['csv.count', ' ', 0],
  ['line.count', 'a\r\nb\nc', 3],
  ['line.at,1', 'a\r\nb\nc', 'b'],
  ['line.at,-1', 'a\r\nb\nc', 'c'],
  ['line.sw,b', 'a\nbc\n', 'bc'],
  ['ip.isip', '192.0.2.1', 1],
  ['ip.isip', '[2001:db8::1]', 1],
  ['ip.isip', 'example.org', 0],
  ['ip.family', '192.0.2.1', 'INET'],
  ['ip.family', '2001:db8::1', 'INET6'],
  ['ip.family', 'x', undefined],
  ['ip.isprivate', '10.1.2.3', 1],
  ['ip.isprivate', '192.0.2.1', 0],
  ['sock.host', 'udp:192.0.2.1:5060', '192.0.2.1'],
  ['sock.host', 'tcp:[2001:db8::1]:5060', '[2001:db8::1]'],
  ['sock.port', 'udp:192.0.2.1:5060', 5060],
  ['sock.proto', 'TCP:192.0.2.1:5060', 'tcp'],
  ['sock.touri', 'tcp:192.0.2.1:5060', 'sip:192.0.2.1:5060;transport=tcp'],
  ['sock.touri', 'nowhere', undefined],
  ['val.n0', undefined, 0],
  ['val.n0', 'x', 'x'],
  ['val.ne', undefined, ''],
  ['re.subst,/a/x/', 'banana', 'bxnana'],
  ['re.subst,/a/x/g', 'banana', 'bxnxnx'],
  ['re.subst,/A/x/g', 'banana', 'banana'],
  ['re.subst,/A/x/gi', 'banana', 'bxnxnx'],
  ['re.subst,/^sip:([^@]*)@(.*)$/\\2 has \\1/', 'sip:bob@example.org', 'example.org has bob'],
  ['re.subst,/.*/[\\0]/', 'ab', '[ab]'],
  ['re.subst,/b*/-/g', 'abc', '-a-c-'],
  ['re.subst,#a/b#c,d#', 'a/b', 'c,d'],
  ['re.subst,/a\\/b/\\/\\/\\$\\t/', 'a/b', '//$\t'],
  ['re.subst,/^/\\u=/', 'x', 'sip:bob@example.org=x'],
  ['re.subst,/^x$/$var(y)$rd/', 'x', 'yexample.org'],
  ['re.subst,/a.b/x/', 'a\nb', 'a\nb'],
  ['re.subst,/a.b/x/s', 'a\nb', 'x'],
  ['re.subst,/^b/x/', 'a\nb', 'a\nx'],
  ['re.subst,/^b/x/s', 'a\nb', 'a\nb'],
];

describe('cfg-language 9: what a transformation makes of a value', () => {
  const variables = new VariableFixture();
  for (const [transformation, value, expected] of table) {
    test(`{${transformation.slice(0, 60)}} of ${JSON.stringify(value)?.slice(0, 40) ?? '$null'}`, () => {
      const run = new CfgBench().requestRun();
      variables.write(run, '$var(y)', 'y');
      variables.write(run, '$vn(x)', value);
      assert.deepEqual(variables.read(run, `$(vn(x){${transformation}})`), expected);
    });
  }

  test('the table here has every transformation of the table there', () => {
    const tested = new Set(table.map(([transformation]) => transformation.split(',')[0]));
    assert.deepEqual(
      transformationTable.map(({ name }) => name).filter((name) => !tested.has(name)),
      [],
    );
  });

  test('transformations are applied from left to right, and $null stays $null', () => {
    const run = new CfgBench().requestRun({ uri: 'sip:Bob@Example.ORG' });
    assert.equal(variables.read(run, '$(ru{uri.user}{s.toupper}{s.substr,0,2})'), 'BO');
    assert.equal(variables.read(run, '$(hdr(Via)[0]{s.select,0,;}{s.len})'), 'SIP/2.0/UDP 192.0.2.50:5060'.length);
    assert.equal(variables.read(run, '$(hdr(X-None){s.len})'), undefined);
    assert.equal(variables.read(run, '$(hdr(X-None){s.len}{val.n0})'), 0);
  });

  test('a parameter may be a variable', () => {
    const run = new CfgBench().requestRun();
    variables.write(run, '$var(n)', 2);
    assert.equal(variables.read(run, '$(rm{s.strip,$var(n)})'), 'VITE');
    assert.equal(variables.read(run, '$(rm{s.strip,$hdr(X-None)})'), undefined);
  });

  test('a substitution whose result would be longer than a message leaves the text as it is', () => {
    const run = new CfgBench().requestRun();
    const long = 'a'.repeat(40_000);
    variables.write(run, '$vn(x)', long);
    assert.equal(variables.read(run, '$(vn(x){re.subst,/a/xx/g})'), long);
  });
});
