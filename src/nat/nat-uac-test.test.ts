import assert from 'node:assert/strict';
import { test } from 'node:test';
import { natTests, natUacTest } from './nat-uac-test.ts';
import type { Source } from './source.ts';
import { messageWith, messageWithBody } from './testing/message-with.ts';

const home: Source = { transport: 'udp', remoteAddress: '198.51.100.7', remotePort: 5060 };
const sdp = (...addresses: readonly string[]) =>
  ['v=0', 'o=- 1 1 IN IP4 10.9.9.9', 's=-', ...addresses.map((a) => `c=IN IP4 ${a}`), 't=0 0', ''].join('\r\n');
const sdpType = 'Content-Type: application/sdp';

interface Row {
  readonly title: string;
  readonly message: ReturnType<typeof messageWith>;
  readonly source?: Partial<Source>;
  /** The sum of all tests that hold. */
  readonly holds: number;
}

const table: readonly Row[] = [
  { title: 'a phone without NAT', message: messageWith('Contact: <sip:b@198.51.100.7>'), holds: 0 },
  { title: 'no contact', message: messageWith(), holds: 0 },
  // 1 and 128: the contact
  { title: 'a private contact', message: messageWith('Contact: <sip:b@192.168.1.2>'), holds: 1 },
  {
    title: 'only the first contact counts',
    message: messageWith('Contact: <sip:b@198.51.100.7>, <sip:b@10.0.0.1:7>'),
    holds: 0,
  },
  {
    title: 'decision 5: the first contact is the one written first',
    message: messageWith('Contact: <sip:b@10.0.0.1>', 'Contact: <sip:b@198.51.100.7>'),
    holds: 1,
  },
  { title: 'a host name in the contact', message: messageWith('Contact: <sip:b@10.example.org>'), holds: 0 },
  { title: 'the contact "*"', message: messageWith('Contact: *'), holds: 0 },
  { title: 'a contact that cannot be read', message: messageWith('Contact: <sip:b@10.0.0.1'), holds: 0 },
  { title: 'a tel contact', message: messageWith('Contact: <tel:+1234>'), holds: 0 },
  { title: 'another contact port', message: messageWith('Contact: <sip:b@198.51.100.7:5070>'), holds: 128 },
  // 2, 4 and 16: the Via
  {
    title: 'another address in the Via',
    message: messageWith('Via: SIP/2.0/UDP 198.51.100.8;branch=z9hG4bK1'),
    holds: 2,
  },
  {
    title: 'a prefix of the source in the Via (1.0 took it for equal)',
    message: messageWith('Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1'),
    source: { remoteAddress: '198.51.100.77' },
    holds: 2,
  },
  {
    title: 'a private address in the Via',
    message: messageWith('Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1'),
    holds: 2 | 4,
  },
  {
    title: 'a host name in the Via',
    message: messageWith('Via: SIP/2.0/UDP phone.example.org;branch=z9hG4bK1'),
    holds: 2,
  },
  {
    title: 'RFC 3581 §4: received equal to the sent-by proves nothing',
    message: messageWith('Via: SIP/2.0/UDP 198.51.100.7;received=198.51.100.7;rport=5060;branch=z9hG4bK1'),
    holds: 0,
  },
  {
    title: 'another received in the Via',
    message: messageWith('Via: SIP/2.0/UDP 198.51.100.7;received=192.0.2.1;branch=z9hG4bK1'),
    holds: 2,
  },
  { title: 'another source port than the default', message: messageWith(), source: { remotePort: 40000 }, holds: 16 },
  {
    title: 'the source port in the Via',
    message: messageWith('Via: SIP/2.0/UDP 198.51.100.7:40000;branch=z9hG4bK1'),
    source: { remotePort: 40000 },
    holds: 0,
  },
  {
    title: 'only the top Via counts',
    message: messageWith(
      'Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1',
      'Via: SIP/2.0/UDP 10.0.0.1:99;branch=z9hG4bK2',
    ),
    holds: 0,
  },
  {
    title: 'RFC 5118 §4.9: an IPv6 Via in another spelling',
    message: messageWith('Via: SIP/2.0/UDP [2001:DB8:0::7];branch=z9hG4bK1'),
    source: { remoteAddress: '2001:db8::7' },
    holds: 0,
  },
  // 8 and 256: the SDP
  { title: 'the source in the SDP', message: messageWithBody(sdp('198.51.100.7'), sdpType), holds: 0 },
  { title: 'a private address in the SDP', message: messageWithBody(sdp('172.16.3.4'), sdpType), holds: 8 | 256 },
  { title: 'a TTL behind the address', message: messageWithBody(sdp('10.0.0.1/127'), sdpType), holds: 8 | 256 },
  { title: '0.0.0.0 in the SDP is not private', message: messageWithBody(sdp('0.0.0.0'), sdpType), holds: 256 },
  {
    title: 'test 8 looks at the first c= line, test 256 at all',
    message: messageWithBody(sdp('198.51.100.7', '10.0.0.1'), sdpType),
    holds: 256,
  },
  { title: 'a body of another type', message: messageWithBody(sdp('10.0.0.1'), 'Content-Type: text/plain'), holds: 0 },
  { title: 'a body of no type', message: messageWithBody(sdp('10.0.0.1')), holds: 8 | 256 },
  {
    title: 'an SDP within a multipart body',
    message: messageWithBody(
      `--x\r\nContent-Type: application/sdp\r\n\r\n${sdp('10.0.0.1')}--x--`,
      'c: multipart/mixed;boundary=x',
    ),
    holds: 8 | 256,
  },
  { title: 'a c= line without an address', message: messageWithBody('c=IN\r\n', sdpType), holds: 0 },
  // 32 and 64: the source
  {
    title: 'a private source',
    message: messageWith('Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1'),
    source: { remoteAddress: '10.0.0.1' },
    holds: 4 | 32,
  },
  { title: 'a WebSocket', message: messageWith(), source: { transport: 'wss' }, holds: 64 },
];

for (const { title, message, source, holds } of table) {
  test(`nat_uac_test: ${title}`, () => {
    const from = { ...home, ...source };
    for (const [name, bit] of Object.entries(natTests)) {
      assert.equal(natUacTest(message, from, bit), (holds & bit) !== 0, `${name} (${bit})`);
    }
    assert.equal(natUacTest(message, from, 511), holds !== 0, 'all tests together');
    assert.equal(natUacTest(message, from, 511 & ~holds), false, 'all but those that hold');
    assert.equal(natUacTest(message, from, 0), false, 'no test');
  });
}
