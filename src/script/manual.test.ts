import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalForm } from './testing/parsed.ts';

// The examples of the registrar manual as they are printed there. "..." stands for the rest of a configuration.

interface Example {
  readonly number: string;
  readonly text: string;
  /** Normal forms of what stands between the dots. */
  readonly form: string;
}

const parameter = (number: string, name: string, value: string): Example => ({
  number,
  text: `...\nmodparam("registrar", "${name}", ${value})\n...`,
  form: `modparam("registrar", "${name}", ${value})`,
});

const call = (number: string, text: string): Example => ({ number, text: `...\n${text}\n...`, form: text });

const examples: readonly Example[] = [
  parameter('1-1', 'default_expires', '1800'),
  parameter('1-2', 'min_expires', '60'),
  parameter('1-3', 'max_expires', '120'),
  parameter('1-4', 'default_q', '100'),
  parameter('1-5', 'nat_flag', '6'),
  parameter('1-6', 'sip_natping_flag', '7'),
  parameter('1-7', 'realm_prefix', '"sip."'),
  parameter('1-8', 'append_branches', '0'),
  parameter('1-9', 'use_domain', '1'),
  parameter('1-10', 'case_sensitive', '1'),
  parameter('1-11', 'desc_time_order', '1'),
  parameter('1-12', 'received_avp', '43'),
  parameter('1-13', 'received_param', '"rcv"'),
  {
    number: '1-14',
    text: '...\n# Allow no more than 10 contacts per AOR\nmodparam("registrar", "max_contacts", 10)\n...\n\t\t',
    form: 'modparam("registrar", "max_contacts", 10)',
  },
  parameter('1-15', 'retry_after', '30'),
  parameter('1-16', 'sock_flag', '18'),
  parameter('1-17', 'sock_hdr_name', '"Sock-Info"'),
  parameter('1-18', 'use_branch_flags', '1'),
  call('1-19', 'save("location");'),
  call('1-20', 'save_noreply("location");'),
  call('1-21', 'save_memory("location");'),
  call('1-22', 'lookup("location");'),
  {
    number: '1-23',
    text: '...\nif (registered("location")) {\n\tsl_send_reply("100", "Trying");\n\t...\n};\n...',
    form: 'if (registered("location")) {\n\tsl_send_reply("100", "Trying");\n}',
  },
  call('1-24', 'add_sock_hdr("Sock-Info");'),
];

for (const { number, text, form } of examples) {
  test(`registrar manual, example ${number}: parses verbatim`, () => {
    const withoutDots = text.replace(/^\s*\.\.\.\s*$/gm, '');
    if (form.startsWith('modparam')) {
      assert.equal(normalForm(withoutDots), form);
    } else {
      const indented = form.replace(/^/gm, '\t');
      assert.equal(normalForm(`route {\n${withoutDots}\n}`), `route {\n${indented}\n}`);
    }
  });
}

test('registrar manual: all 24 examples are here', () => {
  assert.deepEqual(
    examples.map(({ number }) => number),
    Array.from({ length: 24 }, (_, index) => `1-${index + 1}`),
  );
});
