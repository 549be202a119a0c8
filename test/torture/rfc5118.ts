import type { TortureRow } from './outcome.ts';

/** The messages of RFC 5118 section 4, in its order. */
export const rfc5118: readonly TortureRow[] = [
  {
    name: 'ipv6-good',
    section: '4.1',
    title: 'a valid message with an IPv6 reference',
    outcome: {
      kind: 'accepted',
      sees: {
        method: 'REGISTER',
        uriParts: [undefined, '[2001:db8::10]', undefined, ''],
        vias: ['UDP [2001:db8::9:1] z9hG4bKas3-111'],
        contacts: ['Caller <sip:caller@[2001:db8::1]>'],
      },
    },
  },
  {
    name: 'ipv6-bad',
    section: '4.2',
    title: 'an IPv6 address without brackets in the Request-URI',
    outcome: { kind: 'refused', status: 400, reason: 'The host of the URI is missing or malformed' },
  },
  {
    name: 'port-ambiguous',
    section: '4.3',
    title: 'what might be a port is a part of the address',
    outcome: { kind: 'accepted', sees: { uriParts: [undefined, '[2001:db8::10:5070]', undefined, ''] } },
  },
  {
    name: 'port-unambiguous',
    section: '4.4',
    title: 'a port behind the brackets is a port',
    outcome: { kind: 'accepted', sees: { uriParts: [undefined, '[2001:db8::10]', 5070, ''] } },
  },
  {
    name: 'via-received-param-with-delim',
    section: '4.5',
    title: 'a received parameter with brackets',
    outcome: {
      kind: 'accepted',
      sees: { received: '[2001:db8::9:255]', vias: ['UDP [2001:db8::9:1] z9hG4bKas3-111'], toTag: 'bd76ya' },
    },
  },
  {
    name: 'via-received-param-no-delim',
    section: '4.5',
    title: 'a received parameter without brackets',
    outcome: { kind: 'accepted', sees: { received: '2001:db8::9:255', vias: ['UDP [2001:db8::9:1] z9hG4bKas3'] } },
  },
  {
    name: 'ipv6-in-sdp',
    section: '4.6',
    title: 'IPv6 addresses in a session description',
    outcome: { kind: 'accepted', sees: { bodyLength: 251, contacts: ['Caller <sip:caller@[2001:db8::20]>'] } },
  },
  {
    name: 'mult-ip-in-header',
    section: '4.7',
    title: 'IPv4 and IPv6 addresses mixed in Via',
    outcome: {
      kind: 'accepted',
      sees: {
        vias: [
          'UDP [2001:db8::9:1]:6050 z9hG4bKas3-111',
          'UDP 192.0.2.1 z9hG4bKjhja8781hjuaij65144',
          'TCP [2001:db8::9:255] z9hG4bK451jj',
        ],
      },
    },
  },
  {
    name: 'mult-ip-in-sdp',
    section: '4.8',
    title: 'IPv4 and IPv6 addresses mixed in a session description',
    outcome: { kind: 'accepted', sees: { bodyLength: 189 } },
  },
  {
    name: 'ipv4-mapped-ipv6',
    section: '4.9',
    title: 'IPv4 addresses mapped into IPv6',
    outcome: {
      kind: 'accepted',
      sees: {
        vias: ['UDP [::ffff:192.0.2.10]:19823 z9hG4bKbh19', 'UDP [::ffff:192.0.2.2] z9hG4bKas3-111'],
        contacts: ['T. desk phone <sip:ted@[::ffff:192.0.2.2]>'],
        bodyLength: 245,
      },
    },
  },
  {
    name: 'ipv6-bug-abnf-3-colons',
    section: '4.10',
    title: 'three colons, which the grammar of RFC 3261 allowed by mistake',
    choice:
      'RFC 5118 lets us read it as two colons. RFC 5954 has corrected the grammar since, and three colons are no address.',
    outcome: { kind: 'refused', status: 400, reason: 'Malformed To URI' },
  },
  {
    name: 'ipv6-correct-abnf-2-colons',
    section: '4.10',
    title: 'two colons before an IPv4 part',
    outcome: {
      kind: 'accepted',
      sees: { uriParts: ['user', '[2001:db8::192.0.2.1]', undefined, ''], to: '<sip:user@[2001:db8::192.0.2.1]>' },
    },
  },
];
