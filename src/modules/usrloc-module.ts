import { identifierProblem } from '../location/persistence/identifier.ts';
import { defineModule, type ModuleOptions } from '../routing/define-module.ts';
import type { TextParameter } from '../routing/parameter.ts';

/** A parameter that names a column of the location tables. */
function column<const Name extends string>(name: Name, what: string): TextParameter {
  return {
    kind: 'text',
    default: name,
    example: `my_${name}`,
    state: 'supported',
    check: (value) =>
      identifierProblem(value) === undefined
        ? undefined
        : 'must be a name of a column: letters, digits and _, and no word of SQL',
    doc: `Column of a location table with ${what}.`,
  };
}

/** The user location store, and the database behind it. */
export const usrlocModule = defineModule({
  name: 'usrloc',
  doc: 'The location store below the registrar: tables of addresses of record and their bindings.',
  parameters: {
    db_url: {
      kind: 'text',
      default: '',
      example: 'sqlite:location.db',
      state: 'supported',
      doc: 'Where bindings are kept: sqlite:FILE, postgres://…, mysql://… or memory:. --db wins over it.',
    },
    db_mode: {
      kind: 'word',
      words: ['none', 'write-through', 'write-back', 'db-only'],
      default: 'write-through',
      example: 'write-back',
      state: 'supported',
      doc: 'When bindings are written: never; before the REGISTER is answered; every timer_interval; or there is no copy in memory.',
    },
    matching_mode: {
      kind: 'word',
      words: ['uri', 'uri+callid', 'uri+path', 'callid', 'bytes'],
      default: 'uri',
      example: 'bytes',
      state: 'supported',
      doc: 'What makes a contact the same as a stored one (decision 8): URI comparison of RFC 3261 §19.1.4 by default.',
    },
    use_domain: {
      kind: 'boolean',
      default: false,
      example: true,
      state: 'supported',
      doc: "Must equal the registrar's use_domain, and follows it when it is not set.",
    },
    nat_bflag: {
      kind: 'integer',
      min: 1,
      max: 31,
      off: -1,
      default: -1,
      example: 6,
      state: 'supported',
      doc: "Branch flag that marks a REGISTER from behind a NAT, as later versions have it; the registrar's nat_flag is a message flag.",
    },
    timer_interval: {
      kind: 'integer',
      min: 1,
      max: 3600,
      default: 60,
      example: 10,
      unit: 's',
      state: 'supported',
      doc: 'How old a change is when write-back writes it; db-only removes expired rows so often. In memory, expired bindings are collected every second, and invisible from the second they expire.',
    },
    user_column: column('username', 'the user part of an address of record (all of it without use_domain)'),
    domain_column: column('domain', 'the domain of an address of record, with use_domain'),
    contact_column: column('contact', 'the contact URI'),
    expires_column: column('expires', 'the instant of expiry'),
    q_column: column('q', 'the preference'),
    callid_column: column('callid', 'the Call-ID of the REGISTER'),
    cseq_column: column('cseq', 'its CSeq'),
    methods_column: column('methods', 'the methods that the contact allows, as a mask'),
    flags_column: column('flags', 'the flags of the contact'),
    cflags_column: column('cflags', 'its branch flags'),
    user_agent_column: column('user_agent', 'the User-Agent'),
    received_column: column('received', 'the received URI'),
    socket_column: column('socket', 'the local socket'),
    path_column: column('path', 'the Path'),
    ruid_column: column('ruid', 'the identity of the binding'),
    instance_column: column('instance', '+sip.instance'),
    reg_id_column: column('reg_id', 'reg-id'),
    server_id_column: column('server_id', 'the server that wrote the row'),
    connection_id_column: column('connection_id', 'the connection that the REGISTER came by, -1 for none'),
    last_mod_column: column('last_modified', 'the instant of the last change'),
  },
  functions: {},
});

/** The parameters of usrloc. */
export type UsrlocOptions = ModuleOptions<typeof usrlocModule>;
