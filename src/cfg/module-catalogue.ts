/** A function of a module whose work is not done here. */
export interface OutsideFunction {
  readonly name: string;
  /** Whether leaving it out loses something that somebody counts on: money, a voice path, a check. */
  readonly loses: boolean;
  /** What the call returns all the same. */
  readonly returns: 1 | -1;
  /** What does not happen, when it is not what the module says. */
  readonly lost?: string;
}

/** A module of the family that this server knows, beside those that it has itself. */
export interface KnownModule {
  readonly name: string;
  readonly aliases?: readonly string[];
  /**
   * `supported`: it does here what it is for. `built-in`: what it is for is done without it, or is not needed.
   * `outside`: what it is for is no business of a registrar, and does not happen.
   */
  readonly state: 'supported' | 'built-in' | 'outside';
  /** What does not happen, or why nothing is missing; of a driver: what does its work. */
  readonly missing: string;
  readonly functions?: readonly OutsideFunction[];
  /** Modules here whose functions it brings. */
  readonly provides?: readonly string[];
  /** Of a driver of a database: why none of its parameters has an effect. */
  readonly driver?: string;
}

// Names stand in one text, separated by blanks.

/** Functions without which something would be lost. */
function lost(returns: 1 | -1, names: string): readonly OutsideFunction[] {
  return names.split(' ').map((name) => ({ name, loses: true, returns }));
}

/** Functions that can be left out. */
function harmless(returns: 1 | -1, names: string): readonly OutsideFunction[] {
  return names.split(' ').map((name) => ({ name, loses: false, returns }));
}

function supported(name: string, provides: readonly string[] = [], aliases: readonly string[] = []): KnownModule {
  return { name, state: 'supported', missing: 'nothing', provides, aliases };
}

function driver(name: string, alias: string, missing: string): KnownModule {
  const why = 'connections are made as db_url says, with timeouts of their own';
  return { name, aliases: [alias], state: 'supported', missing, driver: why };
}

function builtIn(missing: string, names: string): readonly KnownModule[] {
  return names.split(' ').map((name) => ({ name, state: 'built-in', missing }));
}

function outside(
  name: string,
  missing: string,
  functions: readonly OutsideFunction[] = [],
  aliases: readonly string[] = [],
): KnownModule {
  return { name, aliases, state: 'outside', missing, functions };
}

const noMedia = 'no media is relayed: phones behind a NAT may hear nothing';
const noPresence = 'nobody is told who is there';
const noSuchStore = 'bindings cannot be kept there: db_url of usrloc names sqlite:, postgres:// or mysql://';
const noQueries = 'the script reads and writes no database';
const notTold = 'servers do not tell each other of their bindings; with db_mode 3 they share a database';
const noRouting = 'no gateway is chosen';
const noRelay = lost(-1, 'force_rtp_proxy unforce_rtp_proxy');
const relayFunctions = lost(
  -1,
  'rtpproxy_offer rtpproxy_answer rtpproxy_manage rtpproxy_destroy engage_rtp_proxy set_rtp_proxy_set',
);

/** Modules by name. What is found in no row is unknown. */
export const catalogue: readonly KnownModule[] = [
  { ...supported('nathelper'), missing: noMedia, functions: [...noRelay, ...relayFunctions] },
  supported('registrar'),
  supported('usrloc'),
  supported('tm'),
  supported('tmx', ['tm']),
  supported('sl', [], ['sl_module']),
  supported('signaling', ['sl']),
  supported('rr'),
  supported('maxfwd'),
  supported('textops'),
  supported('textopsx', ['textops']),
  supported('sipmsgops', ['textops', 'siputils', 'uri']),
  supported('siputils', ['uri']),
  supported('uri', ['siputils']),
  supported('uri_db', ['uri', 'siputils']),
  supported('xlog', [], ['xprint']),
  supported('auth'),
  supported('auth_db'),
  supported('avpops'),
  supported('domain'),
  supported('kex'),
  supported('corex', ['kex']),
  supported('pv'),
  supported('sanity'),
  supported('path'),
  supported('options'),

  driver('db_sqlite', 'sqlite', "the runtime's own SQLite"),
  driver('db_mysql', 'mysql', 'the package mysql2, when db_url of usrloc names mysql://'),
  driver('db_postgres', 'postgres', 'the package pg, when db_url of usrloc names postgres://'),
  ...builtIn(noSuchStore, 'dbtext db_text flatstore db_flatstore unixodbc db_unixodbc oracle db_oracle'),
  ...builtIn(
    noSuchStore,
    'berkeley db_berkeley db_redis db_cluster db_virtual db_mongodb db_cassandra db2_ldap db_http',
  ),
  ...builtIn("commands are given by 'aorta ul'", 'mi_fifo mi_datagram mi_xmlrpc mi_xmlrpc_ng mi_http mi_json mi_html'),
  ...builtIn("commands are given by 'aorta ul'", 'ctl cfg_rpc jsonrpcs jsonrpc-s xmlrpc httpd cfg_db'),
  ...builtIn('listeners bring their transports', 'proto_udp proto_tcp proto_tls proto_ws proto_wss'),
  ...builtIn('nothing is counted by the script', 'counters snmpstats statsd'),
  ...builtIn('the engine keeps an eye on itself', 'debugger benchmark print print_lib malloc_test'),
  ...builtIn('hashes are made where they are needed', 'crypto md5'),

  outside('acc', 'no call is accounted for', [
    ...lost(1, 'acc_log_request acc_db_request acc_rad_request acc_diam_request acc_request acc_aaa_request'),
    ...lost(1, 'do_accounting acc_evi_request'),
    ...harmless(1, 'drop_accounting'),
  ]),
  outside('cdrs', 'no call is accounted for'),
  outside('mediaproxy', noMedia, [
    ...lost(-1, 'use_media_proxy end_media_session engage_media_proxy'),
    ...harmless(-1, 'client_nat_test fix_contact'),
  ]),
  outside('rtpproxy', noMedia, [...noRelay, ...relayFunctions]),
  outside(
    'rtpengine',
    noMedia,
    lost(-1, 'rtpengine_offer rtpengine_answer rtpengine_manage rtpengine_delete set_rtpengine_set'),
  ),
  outside('rtp.io', noMedia),
  outside('nat_traversal', 'NAT keepalives are those of nathelper', [
    ...harmless(1, 'nat_keepalive'),
    ...harmless(-1, 'client_nat_test fix_contact'),
  ]),

  outside(
    'presence',
    noPresence,
    lost(-1, 'handle_publish handle_subscribe pres_auth_status pres_refresh_watchers pres_update_watchers'),
    ['pa'],
  ),
  ...'presence_xml presence_mwi presence_dialoginfo presence_reginfo presence_callinfo presence_profile presence_xcapdiff presence_conference presence_dfks'
    .split(' ')
    .map((name) => outside(name, noPresence)),
  ...'pua pua_bla pua_mi pua_reginfo pua_usrloc pua_xmpp pua_dialoginfo pua_rpc pua_json'
    .split(' ')
    .map((name) => outside(name, noPresence, harmless(1, 'pua_set_publish reginfo_subscribe'))),
  outside('rls', noPresence, lost(-1, 'rls_handle_subscribe rls_handle_notify')),
  outside('xcap_client', noPresence),
  outside('xcap_server', noPresence),

  outside('msilo', 'no message is kept for those who are away', [...lost(-1, 'm_store'), ...harmless(-1, 'm_dump')]),
  outside('imc', 'there are no conferences', lost(-1, 'imc_manager')),
  outside('jabber', 'nothing goes to other networks', [], ['xmpp']),
  outside('sms', 'nothing goes to other networks', lost(-1, 'sms_send_msg sms_send_msg_to_center')),

  outside('alias_db', 'aliases are those of the location table "aliases"', lost(-1, 'alias_db_lookup alias_db_find')),
  outside('speeddial', 'no short numbers are looked up', lost(-1, 'sd_lookup')),
  outside('group', 'nobody is in a group', lost(-1, 'is_user_in get_user_group db_is_user_in db_get_user_group')),
  outside('permissions', 'no address is checked', [
    ...lost(-1, 'allow_routing allow_register allow_refer_to allow_trusted allow_uri allow_address'),
    ...lost(
      -1,
      'allow_source_address allow_address_group allow_source_address_group check_address check_source_address get_source_group',
    ),
  ]),
  outside(
    'pike',
    'senders are not slowed down by the script; the limits of the server hold',
    harmless(1, 'pike_check_req'),
  ),
  outside(
    'ratelimit',
    'senders are not slowed down by the script; the limits of the server hold',
    harmless(1, 'rl_check rl_check_pipe'),
  ),
  outside(
    'pipelimit',
    'senders are not slowed down by the script; the limits of the server hold',
    harmless(1, 'pl_check'),
  ),
  outside('secfilter', 'no sender is looked up in a list', lost(-1, 'secf_check_ua secf_check_ip secf_check_from_hdr')),

  outside(
    'dispatcher',
    noRouting,
    lost(
      -1,
      'ds_select_dst ds_select_domain ds_select ds_next_dst ds_next_domain ds_mark_dst ds_is_from_list ds_is_in_list',
    ),
  ),
  outside('load_balancer', noRouting, lost(-1, 'load_balance lb_start lb_next')),
  outside(
    'lcr',
    noRouting,
    lost(-1, 'load_gws next_gw from_gw to_gw load_contacts next_contacts from_any_gw to_any_gw'),
  ),
  outside(
    'drouting',
    noRouting,
    lost(-1, 'do_routing use_next_gw next_routing goes_to_gw is_from_gw route_to_carrier route_to_gw'),
  ),
  outside('carrierroute', noRouting, lost(-1, 'cr_route cr_next_domain cr_prime_route')),
  outside('pdt', noRouting, lost(-1, 'prefix2domain pd_translate pdt_translate')),
  outside(
    'enum',
    'no number is looked up in the DNS',
    lost(-1, 'enum_query is_from_user_e164 is_from_user_enum isn_query i_enum_query'),
  ),
  outside('dialplan', 'no number is translated', lost(-1, 'dp_translate dp_match')),
  outside('mtree', 'no number is translated', lost(-1, 'mt_match')),
  outside('cpl-c', 'no user runs scripts', lost(-1, 'cpl_run_script cpl_process_register cpl_process_register_norpl'), [
    'cpl_c',
  ]),
  outside('osp', noRouting),
  outside('uac', 'requests are not changed on their way, and no calls are made', [
    ...lost(-1, 'uac_replace_from uac_restore_from uac_replace_to uac_restore_to uac_auth uac_req_send uac_redirect'),
  ]),
  outside('uac_auth', 'no request is authenticated for others'),
  outside('uac_registrant', 'nobody is registered elsewhere'),
  outside(
    'uac_redirect',
    'redirections go back to the caller',
    lost(-1, 'get_redirects set_deny_filter set_accept_filter'),
  ),
  outside('diversion', 'no Diversion header is added', lost(-1, 'add_diversion')),
  outside(
    'mangler',
    'no SDP is changed',
    lost(-1, 'sdp_mangle_ip sdp_mangle_port encode_contact decode_contact decode_contact_header'),
  ),
  outside('gflags', 'there are no flags for all requests', lost(-1, 'set_gflag reset_gflag is_gflag')),
  outside('dialog', 'calls are not watched', [
    ...harmless(
      1,
      'create_dialog dlg_manage set_dlg_profile unset_dlg_profile store_dlg_value dlg_setflag dlg_resetflag',
    ),
    ...lost(
      -1,
      'get_profile_size is_in_profile validate_dialog fix_route_dialog match_dialog fetch_dlg_value dlg_isflagset is_known_dlg dlg_get dlg_bye dlg_refer topology_hiding',
    ),
  ]),
  outside('qos', 'calls are not watched'),
  outside('sst', 'calls are not watched', harmless(-1, 'sstCheckMin')),
  outside('b2b_entities', 'no calls are made'),
  outside('b2b_logic', 'no calls are made', lost(-1, 'b2b_init_request')),
  outside('call_control', 'nobody is cut off', lost(-1, 'call_control')),
  outside('topoh', 'no addresses are hidden'),
  outside('topos', 'no addresses are hidden'),
  outside('topology_hiding', 'no addresses are hidden', lost(-1, 'topology_hiding topology_hiding_match')),

  outside('exec', 'this server runs no programs', lost(-1, 'exec_msg exec_dset exec_avp exec')),
  ...'perl app_perl lua app_lua python app_python app_python3 app_ruby app_mono app_java app_jsdt app_sqlang perlvdb'
    .split(' ')
    .map((name) =>
      outside(
        name,
        'no programs of other languages run',
        lost(-1, 'perl_exec perl_exec_simple lua_exec lua_run lua_dofile lua_runstring python_exec ruby_run'),
      ),
    ),

  outside('siptrace', 'no message is recorded', harmless(1, 'sip_trace sip_trace_mode hlog trace')),
  outside('tracer', 'no message is recorded', harmless(1, 'trace')),
  outside('sipcapture', 'no message is recorded', harmless(1, 'sip_capture report_capture')),
  outside('sipdump', 'no message is recorded', harmless(1, 'sipdump_send')),
  outside('statistics', 'nothing is counted by the script', harmless(1, 'update_stat reset_stat update_stat_series')),
  outside('cfgutils', 'nothing is drawn, slept or locked', [
    ...harmless(
      1,
      'sleep usleep lock unlock rand_set_prob rand_reset_prob abort pkg_status shm_status set_count set_select_weight',
    ),
    ...lost(
      -1,
      'rand_event check_time_rec ts_usec_delta get_static_lock release_static_lock strings_share_lock get_dynamic_lock release_dynamic_lock',
    ),
  ]),
  outside(
    'ipops',
    'addresses are compared by ==',
    lost(
      -1,
      'is_ip is_ipv4 is_ipv6 is_ip_rfc1918 compare_ips is_in_subnet compare_pure_ips is_pure_ip ip_is_in_subnet dns_query',
    ),
  ),
  outside(
    'htable',
    'nothing is remembered from one request to the next',
    lost(-1, 'sht_print sht_rm_name_re sht_rm_value_re sht_reset sht_lock sht_unlock sht_match_name'),
  ),
  outside(
    'cachedb_local',
    'nothing is remembered from one request to the next',
    lost(-1, 'cache_store cache_fetch cache_remove cache_add cache_sub'),
  ),
  outside(
    'localcache',
    'nothing is remembered from one request to the next',
    lost(-1, 'cache_store cache_fetch cache_remove'),
  ),
  outside('sqlops', noQueries, lost(-1, 'sql_query sql_xquery sql_pvquery sql_result_free sql_query_async')),
  outside('ndb_redis', noQueries, lost(-1, 'redis_cmd redis_free redis_execute')),
  outside('ldap', noQueries, lost(-1, 'ldap_search ldap_result ldap_result_check ldap_result_next')),
  outside(
    'auth_radius',
    'users are those of the configured store',
    lost(-1, 'radius_www_authorize radius_proxy_authorize radius_does_uri_exist'),
  ),
  outside(
    'auth_diameter',
    'users are those of the configured store',
    lost(-1, 'diameter_www_authorize diameter_proxy_authorize diameter_is_user_in'),
  ),
  outside(
    'avp_radius',
    'users are those of the configured store',
    lost(-1, 'avp_load_radius radius_load_caller_avps radius_load_callee_avps'),
  ),
  outside('group_radius', 'nobody is in a group', lost(-1, 'radius_is_user_in')),
  outside(
    'uri_radius',
    'users are those of the configured store',
    lost(-1, 'radius_does_uri_exist radius_does_uri_user_exist'),
  ),
  outside(
    'auth_identity',
    'no identity is signed or verified',
    lost(-1, 'auth_add_identity vrfy_check_date vrfy_get_certificate vrfy_check_certificate vrfy_check_msgvalidity'),
  ),
  outside(
    'auth_ephemeral',
    'users are those of the configured store',
    lost(-1, 'autheph_check autheph_www autheph_proxy'),
  ),
  outside('auth_aka', 'users are those of the configured store', lost(-1, 'aka_www_authorize aka_proxy_authorize')),
  outside('tls', 'certificates are options of a listener', harmless(-1, 'is_peer_verified')),
  outside('tls_mgm', 'certificates are options of a listener', harmless(-1, 'is_peer_verified')),
  outside('tlsops', 'certificates are options of a listener', harmless(-1, 'is_peer_verified')),
  outside('tls_openssl', 'certificates are options of a listener'),
  outside('tls_wolfssl', 'certificates are options of a listener'),
  outside(
    'tcpops',
    'connections are kept as the server sees fit',
    harmless(1, 'tcp_keepalive_enable tcp_keepalive_disable tcp_set_connection_lifetime'),
  ),
  outside('xhttp', 'no web pages are served', lost(-1, 'xhttp_reply')),
  outside('websocket', 'WebSocket connections are made by a listener', lost(-1, 'ws_handle_handshake ws_close')),
  outside('outbound', 'RFC 5626 is part of the registrar', harmless(1, 'use_outbound')),
  outside('geoip', 'no country is looked up', lost(-1, 'geoip_match geoip_distance')),
  outside('geoip2', 'no country is looked up', lost(-1, 'geoip2_match')),
  outside('mmgeoip', 'no country is looked up', lost(-1, 'mmg_lookup')),
  outside('regex', 'there are no groups of patterns', lost(-1, 'pcre_match pcre_match_group')),
  outside('rtimer', 'no route runs by a timer'),
  outside('timer', 'no route runs by a timer'),
  outside('evapi', 'nothing is told to other programs', harmless(1, 'evapi_relay evapi_async_relay')),
  outside('event_datagram', 'nothing is told to other programs'),
  outside('dmq', notTold, harmless(1, 'dmq_handle_message dmq_process_message dmq_replicate')),
  outside('dmq_usrloc', notTold),
  outside('clusterer', notTold),
  outside('seas', 'nothing is told to other programs', lost(-1, 'as_relay_t as_relay_sl')),
];

const byName: ReadonlyMap<string, KnownModule> = new Map(
  catalogue.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),
);

/** A function of a module whose work is not done here, with its module. */
export interface OutsidePlace {
  readonly module: KnownModule;
  readonly function: OutsideFunction;
}

const outsideByName: ReadonlyMap<string, readonly OutsidePlace[]> = Map.groupBy(
  catalogue.flatMap((module) => (module.functions ?? []).map((one) => ({ module, function: one }))),
  ({ function: { name } }) => name,
);

/** The functions of that name whose work is not done here. */
export function outsideFunctions(name: string): readonly OutsidePlace[] {
  return outsideByName.get(name) ?? [];
}

/** The module of that name, or of an older one. */
export function moduleOf(name: string): KnownModule | undefined {
  return byName.get(name);
}

/** All names, for those that were misspelt. */
export function moduleNames(): Iterable<string> {
  return byName.keys();
}

/** The modules here whose functions are there once that one is loaded. */
export function functionsComeFrom(name: string): readonly string[] {
  const module = byName.get(name);
  return module === undefined ? [name] : [module.name, ...(module.provides ?? [])];
}
