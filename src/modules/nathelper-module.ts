import { defineModule, type ModuleOptions } from '../routing/define-module.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri } from '../sip/uri.ts';
import { parseListenAddress } from '../transport/listen-address.ts';

const requestOnly = ['request'] as const;

/** NAT traversal near registration. */
export const nathelperModule = defineModule({
  name: 'nathelper',
  doc: 'Finds out who is behind a NAT, stores where they can be reached, and keeps the way open.',
  parameters: {
    natping_interval: {
      kind: 'integer',
      min: 0,
      max: 3600,
      default: 0,
      example: 30,
      unit: 's',
      state: 'supported',
      doc: 'How often each contact is pinged; 0 turns pinging off.',
    },
    ping_nated_only: {
      kind: 'boolean',
      default: false,
      example: true,
      state: 'supported',
      doc: 'Only contacts with the NAT mark are pinged.',
    },
    received_avp: {
      kind: 'integer',
      min: 1,
      max: 2 ** 31 - 1,
      default: 42,
      example: 43,
      state: 'supported',
      doc: "AVP that fix_nated_register fills; must equal the registrar's.",
    },
    force_socket: {
      kind: 'text',
      default: '',
      example: 'udp:127.0.0.1:5060',
      state: 'supported',
      check: (value: string) => {
        const address = value === '' ? undefined : parseListenAddress(value);
        return typeof address === 'string' ? `must be one of the listeners, or empty: ${address}` : undefined;
      },
      doc: 'Listener that pings leave by when a contact has no stored socket.',
    },
    sipping_from: {
      kind: 'text',
      default: '',
      example: 'sip:pinger@example.org',
      state: 'supported',
      check: (value: string) => {
        if (value === '') return undefined;
        const uri = parseUri(value);
        return isSipError(uri) || !isSipUri(uri) ? 'must be a SIP URI, for example sip:pinger@example.org' : undefined;
      },
      doc: 'From of SIP pings; empty: contacts marked by sip_natping_flag get UDP pings too.',
    },
    sipping_method: {
      kind: 'text',
      default: 'OPTIONS',
      example: 'INFO',
      state: 'supported',
      check: (value: string) =>
        /^[A-Za-z0-9\-.!%*_+`'~]+$/.test(value) ? undefined : 'must be a SIP method (a token), for example OPTIONS',
      doc: 'Method of SIP pings.',
    },
  },
  functions: {
    nat_uac_test: {
      method: 'natUacTest',
      args: ['mask'],
      routes: ['request', 'reply', 'failure', 'branch'],
      doc: 'Whether the sender is behind a NAT, by any of the tests in the mask.',
      returns: '1 when a test holds; -1 when none does',
      example: 'if (nathelper.natUacTest(ctx, 19)) ctx.forceRport();',
    },
    fix_nated_register: {
      method: 'fixNatedRegister',
      args: [],
      routes: requestOnly,
      doc: 'Puts the URI of the source address into the AVP received_avp, for save.',
      returns: '1',
      example: 'nathelper.fixNatedRegister(ctx);',
    },
    fix_nated_contact: {
      method: 'fixNatedContact',
      args: [],
      routes: requestOnly,
      doc: 'Replaces host and port of the contact URIs by the source address, in the message itself.',
      returns: '1; -1 when there is nothing to replace, or it was done before',
      example: 'nathelper.fixNatedContact(ctx);',
    },
    add_rcv_param: {
      method: 'addRcvParam',
      args: [],
      routes: requestOnly,
      doc: 'Adds a received parameter to the contacts of the forwarded copy, for the next registrar.',
      returns: '1',
      example: 'nathelper.addRcvParam(ctx);',
    },
    fix_nated_sdp: {
      method: 'fixNatedSdp',
      args: ['mask'],
      routes: requestOnly,
      doc: 'Puts the source address into the SDP of the forwarded copy; the mask says where.',
      returns: '1; -1 when the body is no SDP',
      example: 'nathelper.fixNatedSdp(ctx, 2);',
    },
    set_contact_alias: {
      method: 'setContactAlias',
      args: [],
      routes: requestOnly,
      doc: 'Marks the contact with where it came from (alias=), in the message itself.',
      returns: '1; 2 when the contact names its true address; -1 without a contact',
      example: 'nathelper.setContactAlias(ctx);',
    },
    add_contact_alias: {
      method: 'addContactAlias',
      args: [],
      routes: requestOnly,
      doc: 'Marks the contact of the forwarded copy with where it came from (alias=), or with another place.',
      returns: '1; 2 when the contact names its true address; -1 without a contact',
      example: 'nathelper.addContactAlias(ctx);',
    },
    handle_ruri_alias: {
      method: 'handleRuriAlias',
      args: [],
      routes: requestOnly,
      doc: 'Takes the alias off the Request-URI and sends the request to the place that it names.',
      returns: '1; 2 when there is none; -1 when it names no place',
      example: 'nathelper.handleRuriAlias(ctx);',
    },
    force_rport: {
      method: 'forceRport',
      args: [],
      routes: requestOnly,
      doc: 'Replies go to the source port, as if the top Via had rport (RFC 3581).',
      returns: '1',
      example: 'nathelper.forceRport(ctx);',
    },
  },
});

/** The options of `nathelper`, all present. */
export type NathelperModuleOptions = ModuleOptions<typeof nathelperModule>;
