import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cfgModules } from './index.ts';

const names = new Set(cfgModules.flatMap(({ functions }) => functions.map(({ name }) => name)));

/** Functions that the stock file of Kamailio calls without any of its features, beside core commands. */
const stock = `mf_process_maxfwd_header sanity_check is_method is_request is_reply has_totag loose_route record_route
  t_check_trans t_precheck_trans t_relay t_newtran t_release t_reply t_on_branch t_on_failure t_on_reply t_is_set
  t_is_branch_route t_is_canceled t_check_status sl_send_reply send_reply send_reply_error sl_reply_error remove_hf
  append_hf save lookup add_rr_param check_route_param is_first_hop handle_ruri_alias set_contact_alias
  add_contact_alias consume_credentials strempty starts_with msg_apply_changes xlog xdbg fix_nated_register nat_uac_test`;

/** Functions of OpenSER 1.0 by their modules. */
const openser: Readonly<Record<string, string>> = {
  sl: 'sl_send_reply sl_reply_error',
  tm: `t_relay t_relay_to_udp t_relay_to_tcp t_relay_to_tls t_newtran t_reply t_release t_retransmit_reply t_lookup_request
    t_check_trans t_forward_nonack t_forward_nonack_udp t_forward_nonack_tcp t_forward_nonack_tls t_forward_nonack_uri
    t_replicate t_replicate_udp t_replicate_tcp t_replicate_tls t_on_failure t_on_reply t_on_branch t_check_status
    t_local_replied t_was_cancelled t_flush_flags t_write_req t_write_unix`,
  registrar: 'save save_noreply save_memory lookup registered add_sock_hdr',
  maxfwd: 'mf_process_maxfwd_header is_maxfwd_lt',
  rr: 'record_route record_route_preset loose_route add_rr_param check_route_param is_direction',
  textops: `search search_append replace replace_all subst subst_uri subst_user append_hf append_urihf insert_hf
    append_to_reply remove_hf is_present_hf append_time is_method has_body search_body replace_body replace_body_all
    subst_body is_privacy`,
  xlog: 'xlog xdbg',
  auth: 'www_challenge proxy_challenge consume_credentials is_rpid_user_e164 append_rpid_hf',
  auth_db: 'www_authorize proxy_authorize',
  uri: 'is_user has_totag uri_param add_uri_param tel2sip',
  uri_db: 'check_to check_from does_uri_exist',
  domain: 'is_from_local is_uri_host_local',
  nathelper: 'nat_uac_test fix_nated_contact fix_nated_register add_rcv_param fix_nated_sdp',
  avpops: `avp_write avp_printf avp_delete avp_pushto avp_check avp_copy avp_subst avp_op is_avp_set avp_db_load
    avp_db_store avp_db_delete avp_print avp_db_query`,
  options: 'options_reply',
};

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

describe('what a configuration can call', () => {
  it('cfg-modules §20: everything that the stock Kamailio file calls exists', () => {
    assert.deepEqual(
      words(stock).filter((name) => !names.has(name)),
      [],
    );
  });

  for (const [module, functions] of Object.entries(openser)) {
    it(`cfg-modules: ${module} has its functions of OpenSER 1.0`, () => {
      const found = cfgModules.find(({ name }) => name === module)?.functions.map(({ name }) => name) ?? [];
      assert.deepEqual(
        words(functions).filter((name) => !found.includes(name)),
        [],
      );
    });
  }

  it('cfg-modules §4, §18: modules without functions are there', () => {
    for (const name of ['usrloc', 'mi_fifo', 'ctl', 'cfg_rpc']) {
      assert.deepEqual(
        cfgModules.filter((module) => module.name === name).map(({ functions }) => functions.length),
        [0],
      );
    }
  });

  it('cfg-language §3 note 8: a name and a number of arguments mean one function of a module', () => {
    for (const { name, functions } of cfgModules) {
      const seen = functions.flatMap(({ name: called, arity: [least, most] }) =>
        Array.from({ length: most - least + 1 }, (_, extra) => `${name}.${called}/${least + extra}`),
      );
      assert.deepEqual(seen.length, new Set(seen).size, name);
    }
  });

  it('style guide §5: every function says in one sentence what it does, and what it returns', () => {
    for (const { doc, returns, name } of cfgModules.flatMap(({ functions }) => functions)) {
      assert.match(doc, /^[A-Z"].*\.$/, name);
      assert.notEqual(returns, '', name);
    }
  });
});
