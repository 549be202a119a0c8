/** What parameters that no table has do here. */
export interface OtherParameter {
  readonly names: readonly string[];
  readonly state: 'inert' | 'unsupported';
  /** Why they do nothing, and what does it instead. */
  readonly doc: string;
  /** Values with which nothing is missing: what happens here in any case. */
  readonly harmless?: readonly (number | string)[];
}

// Names stand in one text, separated by blanks.

function inert(doc: string, ...names: readonly string[]): OtherParameter {
  return { names: namesIn(names), state: 'inert', doc };
}

function unsupported(doc: string, harmless: readonly (number | string)[], ...names: readonly string[]): OtherParameter {
  return { names: namesIn(names), state: 'unsupported', doc, harmless };
}

function namesIn(texts: readonly string[]): readonly string[] {
  return texts.join(' ').split(' ');
}

/** Parameters of the family's versions that have no row in the tables of the modules here. */
export const otherParameters: ReadonlyMap<string, readonly OtherParameter[]> = new Map([
  [
    'usrloc',
    [
      inert(
        'db_mode says it: what is stored is loaded at the start, unless every request asks the database',
        'db_load load_rank restart_persistency',
      ),
      inert('rows that have expired are not loaded', 'db_load_ignore_expires'),
      inert('tables are read in pieces, as many as it takes', 'fetch_rows db_raw_fetch_type'),
      inert('tables that routes name are loaded before the server serves', 'preload'),
      inert('save and lookup name the table', 'table'),
      inert('a row goes when its binding expires', 'db_timer_clean'),
      inert('rows are known by their ruid', 'db_ops_ruid contact_id_column regen_broken_contactid'),
      inert(
        'a row is updated when it is there and inserted when it is not',
        'db_check_update db_update_as_insert db_insert_update',
      ),
      inert('what a contact does not have is NULL', 'db_insert_null'),
      inert('rows of all servers count', 'server_id_filter'),
      inert('nothing is written to that column: its default stands', 'keepalive_column partition_column'),
      inert('OpenSER 1.0 takes it and does not use it; methods_column is the one that counts', 'method_column'),
      inert('contacts have no attributes', 'xavp_contact attr_column kv_store_column'),
      inert("layouts of tables are noted in the table 'version'", 'version_table'),
      unsupported(
        'bindings are kept in a database of SQL; working_mode_preset "sql-only" is for several servers that share one',
        [],
        'cachedb_url',
      ),
      inert('tables grow by themselves', 'hash_size timer_procs'),
      inert('instants are stored as dates', 'expires_type'),
      inert('equal CSeqs are retransmissions (decision 9)', 'cseq_delay'),
      inert(
        'a connection that closes takes its bindings along when the registrar says so',
        'handle_lost_tcp close_expired_tcp',
      ),
      inert(
        'nobody is pinged by usrloc',
        'ka_mode ka_from ka_domain ka_method ka_interval ka_filter ka_randomize ka_reply_codes ka_timeout ka_loglevel',
      ),
      inert(
        'servers know nothing of each other',
        'skip_remote_socket mode_preset location_cluster pinging_mode rr_persist',
      ),
    ],
  ],
  [
    'registrar',
    [
      inert('Path is taken in any case (RFC 3327)', 'use_path path_mode path_use_received path_check_local'),
      inert('GRUUs are not given out', 'gruu_enabled outbound_mode regid_mode flow_timer disable_gruu'),
      inert('contacts that do not allow the method are left out in any case', 'method_filtering'),
      inert('the order of branches is that of q', 'xavp_cfg xavp_rcd xavp_rcd_mask reg_callid_avp lookup_filter_mode'),
      inert('received URIs are shown when they are stored', 'received_to_uri contact_max_size'),
      inert(
        'names and sizes are those of RFC 3261',
        'aor_max_size expires_range expires_max_deviation default_expires_range max_expires_range',
        'event_callback',
      ),
      unsupported(
        'the AVP of attributes is not kept',
        [],
        'attr_avp attrs_avp pn_enable pn_providers mcontact_avp expires_range_skew',
      ),
      inert('the socket is kept in any case', 'tcp_persistent_flag aor_avp rcv_avp sock_hdr_avp append_branch_limit'),
    ],
  ],
  [
    'tm',
    [
      inert(
        'retransmissions follow RFC 3261 §17',
        'wt_timer delete_timer retr_timer1 retr_timer1p1 retr_timer1p2 retr_timer1p3 retr_timer2 T1_timer',
        'T2_timer',
      ),
      inert(
        'a request that times out is answered and cancelled in any case',
        'noisy_ctimer restart_fr_on_each_reply pass_provisional_replies',
      ),
      inert(
        'transactions are matched by their branch (RFC 3261 §17.2.3)',
        'ruri_matching via1_matching callid_matching hash_size',
      ),
      inert(
        'the best reply is chosen by RFC 3261 §16.7',
        'unix_tx_timeout failure_reply_mode faked_reply_prio enable_stats auto_100',
      ),
      inert(
        '100 is always sent (RFC 3261 §16.2)',
        'auto_inv_100 auto_inv_100_reason minor_branch_flag disable_6xx_block reparse_invite',
      ),
      inert(
        'branches have flags of their own',
        'branch_flag_mask bflags_mask contacts_avp contact_flows_avp cancel_b_method',
      ),
      inert(
        'there are no timers for one call',
        'fr_timer_avp fr_inv_timer_avp max_inv_lifetime max_noninv_lifetime reparse_on_dns_failover',
      ),
      inert(
        'nothing is written for other programs',
        'tw_append onreply_avp_mode own_timer_proc event_callback local_ack_mode',
      ),
      inert(
        'dead next hops are tried last',
        'blst_503 blst_503_def_timeout blst_503_min_timeout blst_503_max_timeout blst_methods_add',
        'blst_methods_lookup rich_redirect headers_mode fr_timer_retransmit reply_relay_mode',
      ),
      inert(
        'replies without a transaction go nowhere (RFC 6026)',
        'on_sl_reply ac_extra_hdrs prefix remap_503_500 exec_time_check',
      ),
      inert('RFC 3261 aggregates challenges', 'aggregate_challenges aggregate_auth xavp_contact disable_6xx relay_100'),
    ],
  ],
  [
    'rr',
    [
      inert(
        'lr is written by RFC 3261 §20.34',
        'enable_full_lr ignore_user ignore_sips force_send_socket custom_user_avp',
      ),
      inert(
        'two Record-Routes are written when the listener changes',
        'enable_double_rr enable_socket_mismatch_warning',
      ),
    ],
  ],
  [
    'nathelper',
    [
      unsupported(
        'no media is relayed',
        [],
        'rtpproxy_sock rtpproxy_disable rtpproxy_disable_tout rtpproxy_tout rtpproxy_retr nortpproxy_str',
      ),
      inert(
        'the mark is sip_natping_flag of the registrar',
        'sipping_bflag sipping_flag keepalive_timeout udpping_from_path',
      ),
      inert(
        'one pinger pings all',
        'natping_processes natping_tcp natping_partitions natping_socket ping_threshold',
        'remove_on_timeout_bflag',
      ),
      inert(
        'who is private says RFC 1918',
        'nat_addr_mode append_sdp_oldmediaip filter_flags filter_server_id max_pings_lost cluster_id',
        'cluster_sharing_tag alias_name',
      ),
    ],
  ],
  [
    'sl',
    [
      inert(
        'replies are those of RFC 3261',
        'enable_sreply default_code default_reason bind_tm event_fl_mode rich_redirect',
      ),
    ],
  ],
  [
    'xlog',
    [
      inert(
        'the log has one format',
        'buf_size force_color prefix long_format methods_filter log_facility log_colors prefix_mode',
      ),
    ],
  ],
  ['textops', [inert('nothing is missing', 'is_method_name')]],
  [
    'auth_db',
    [
      inert(
        'the users are those of the configured store',
        'db_url user_column username_column domain_column password_column password_column_2 calculate_ha1',
        'use_domain load_credentials version_table',
      ),
    ],
  ],
  [
    'auth',
    [
      inert(
        'nonces are made by the server',
        'secret nonce_count qop one_time_nonce nonce_auth_max_drift nid_pool_no nc_array_size',
        'nc_array_order otn_in_flight_no otn_in_flight_order challenge_attr auth_extra_checks use_domain',
        'force_stateless_reply disable_nonce_check username_spec password_spec calculate_ha1 algorithm',
        'add_authinfo_hdr auth_extra_checks_register reg_algorithm',
      ),
    ],
  ],
  [
    'uri_db',
    [
      inert(
        'the users are those of the configured store',
        'db_url uri_table uri_user_column uri_domain_column uri_uriuser_column subscriber_table',
        'subscriber_user_column subscriber_domain_column use_uri_table use_domain user_column',
        'domain_column',
      ),
    ],
  ],
  [
    'uri',
    [
      inert(
        'the users are those of the configured store',
        'db_url db_table user_column domain_column uriuser_column use_uri_table service_type use_domain',
        'aaa_url use_sip_uri_host',
      ),
    ],
  ],
  [
    'domain',
    [
      inert(
        'the domains are those of the server',
        'db_url db_mode domain_table domain_col domain_attrs_table register_myself attrs_column did_col',
        'subdomain_col define_col',
      ),
    ],
  ],
  [
    'avpops',
    [
      inert(
        'AVPs are not kept in a database',
        'avp_url db_url avp_table use_domain uuid_column attribute_column value_column type_column',
        'username_column domain_column db_scheme',
      ),
    ],
  ],
  [
    'siputils',
    [
      inert(
        'nothing is missing',
        'ring_timeout options_accept options_accept_encoding options_accept_language options_support',
        'rpid_prefix rpid_suffix rpid_avp e164_max_len',
      ),
    ],
  ],
  [
    'sanity',
    [
      inert(
        'the checks of the server are made in any case',
        'autodrop default_checks uri_checks proxy_require noreply',
      ),
    ],
  ],
  ['pv', [inert('memory is managed by the runtime', 'shvset varset avp_aliases')]],
  ['kex', [inert('nothing is missing', 'avp_aliases')]],
  [
    'corex',
    [
      inert(
        'nothing is missing',
        'alias_subdomains network_io_intercept nio_intercept nio_msg_avp nio_min_msg_len dns_cache',
        'dns_file evcb_received',
      ),
    ],
  ],
  [
    'path',
    [inert('Path is written by RFC 3327', 'use_received received_format received_name enable_r2 sockname_mode')],
  ],
  [
    'ctl',
    [
      inert(
        "commands are given by 'aorta ul'",
        'binrpc fifo mode user group autoconversion binrpc_max_body_size binrpc_struct_max_body_size',
      ),
    ],
  ],
  ['options', [inert('OPTIONS is answered by RFC 3261 §11', 'accept accept_encoding accept_language support')]],
]);

/** What is known of a parameter of a module that has no row in its table. */
export function otherParameter(module: string, name: string): OtherParameter | undefined {
  return otherParameters.get(module)?.find(({ names }) => names.includes(name));
}

/** The names of all of them. */
export function otherParameterNames(module: string): readonly string[] {
  return (otherParameters.get(module) ?? []).flatMap(({ names }) => names);
}
