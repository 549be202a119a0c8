import { defineModule } from '../routing/define-module.ts';

/** The user location store. Its database parameters come with persistence. */
export const usrlocModule = defineModule({
  name: 'usrloc',
  doc: 'The location store below the registrar: tables of addresses of record and their bindings.',
  parameters: {
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
      default: 1,
      example: 60,
      unit: 's',
      state: 'supported',
      doc: 'How often expired bindings are collected; they are invisible from the second they expire in any case.',
    },
  },
  functions: {},
});
