/** What a global setting does here. */
export type SettingState = 'honoured' | 'inert' | 'unsupported';

/** What kind of value a setting takes; `any` is not looked at. */
export type SettingType = 'integer' | 'boolean' | 'text' | 'sockets' | 'any';

/** A global setting of the family (cfg-language §4). */
export interface Setting {
  readonly name: string;
  readonly type: SettingType;
  readonly state: SettingState;
  /** Honoured: what it does. Else: why it does nothing, and what does it instead. */
  readonly doc: string;
  /** Numbers with which nothing is missing although it is not supported: what happens here in any case. */
  readonly harmless?: readonly number[];
}

// Names stand in one text, separated by blanks; rows with much in common would fill pages otherwise.

function honoured(type: SettingType, doc: string, ...names: readonly string[]): readonly Setting[] {
  return namesIn(names).map((name) => ({ name, type, state: 'honoured', doc }));
}

function inert(type: SettingType, doc: string, ...names: readonly string[]): readonly Setting[] {
  return namesIn(names).map((name) => ({ name, type, state: 'inert', doc }));
}

function unsupported(
  type: SettingType,
  doc: string,
  harmless: readonly number[],
  ...names: readonly string[]
): readonly Setting[] {
  return namesIn(names).map((name) => ({ name, type, state: 'unsupported', doc, harmless }));
}

function namesIn(texts: readonly string[]): readonly string[] {
  return texts.join(' ').split(' ');
}

/** Every global setting that is known. */
export const settings: ReadonlyMap<string, Setting> = new Map(
  [
    ...honoured('sockets', 'Where to listen; without a protocol by UDP and TCP.', 'listen socket'),
    ...honoured('integer', 'The port of listeners that give none.', 'port'),
    ...honoured('sockets', 'A name that counts as myself; with a port, on that port only.', 'alias domain'),
    ...honoured('integer', 'How much is logged.', 'debug log_level'),
    ...honoured('text', 'What others are told to reach the listeners by.', 'advertised_address'),
    ...honoured('integer', 'The port that others are told.', 'advertised_port'),
    ...honoured('boolean', 'No listener of TCP is opened for addresses without a protocol.', 'disable_tcp'),
    ...honoured('integer', 'Rounds of one while loop.', 'max_while_loops'),
    ...honoured('text', 'Names for AVPs.', 'avp_aliases'),
    ...honoured('text', 'The db_url of usrloc, when it has none of its own.', 'db_default_url'),
    ...honoured('text', 'Where modules lie: only their names count.', 'mpath loadpath'),

    ...inert('boolean', 'one process serves all sockets', 'fork auto_bind_ipv6'),
    ...inert(
      'integer',
      'one process serves all sockets',
      'children tcp_children udp_workers tcp_workers timer_workers socket_workers async_workers',
      'async_usleep tcp_main_threads',
    ),
    ...inert('boolean', 'the log goes to stderr', 'log_stderror stderror_enabled syslog_enabled log_stdout'),
    ...inert('any', 'the log goes to stderr', 'log_facility log_name log_prefix log_engine_type log_engine_data'),
    ...inert('any', 'the log has one format', 'log_prefix_mode syslog_facility syslog_name stderror_level_filter'),
    ...inert(
      'any',
      'the log has one level',
      'syslog_level_filter xlog_level latency_log latency_cfg_log latency_limit_action latency_limit_db',
      'corelog sip_parser_log_oneline sip_parser_log',
    ),
    ...inert(
      'any',
      'memory is managed by the runtime',
      'memlog mem_log memdbg mem_join mem_safety mem_status_mode shm_mem_size mem_add_size',
      'shm_hash_split_percentage shm_memlog_size open_files_limit shm_force_alloc mlock_pages',
    ),
    ...inert(
      'any',
      'processes are started and confined by the system: systemd, containers',
      'user uid group gid chroot workdir wdir pidfile pid_file disable_core_dump real_time rt_prio',
      'rt_policy rt_timer1_prio rt_timer2_prio wait_worker1_mode runtime_dir',
    ),
    ...inert(
      'any',
      "commands are given by 'aorta ul'",
      'fifo fifo_dir fifo_mode fifo_user fifo_group fifo_db_url sock_mode sock_user sock_group',
      'file_mode unix_sock unix_sock_children unix_tx_timeout mi_workers',
    ),
    ...inert('any', 'nothing is written to a file', 'statistics stats_file'),
    ...inert(
      'any',
      "the resolver is the system's",
      'dns_retr_time dns_retr_no dns_servers_no dns_use_search_list dns_search_full_match dns_try_ipv6',
      'dns_try_naptr dns_srv_lb dns_naptr_ignore_rfc dns_cache_init use_dns_cache dns_cache_flags',
      'dns_cache_negative_ttl dns_cache_min_ttl dns_cache_max_ttl dns_cache_mem dns_cache_gc_interval',
      'dns_cache_del_nonexp dns_cache_rec_pref use_dns_failover dns_udp_pref dns_tcp_pref dns_tls_pref',
      'dns_sctp_pref disable_dns_failover disable_dns_blacklist dst_blacklist_init use_dst_blacklist',
      'dst_blacklist_mem dst_blacklist_expire dst_blacklist_gc_interval dst_blacklist_udp_imask',
    ),
    ...inert(
      'any',
      'connections have limits of their own',
      'tcp_connect_timeout tcp_send_timeout tcp_connection_lifetime tcp_max_connections tcp_poll_method',
      'tcp_accept_aliases tcp_accept_no_cl tcp_async tcp_rd_buf_size tcp_wq_max tcp_conn_wq_max',
      'tcp_keepalive tcp_keepidle tcp_keepintvl tcp_keepcnt tcp_crlf_ping tcp_no_connect',
      'tcp_source_ipv4 tcp_source_ipv6 tcp_reuse_port tcp_linger2 tcp_defer_accept tcp_delayed_ack',
      'tcp_syncnt tcp_fd_cache tcp_accept_hep3 tcp_max_msg_time tcp_threshold tcp_no_new_conn_bflag',
      'tcp_no_new_conn_rplflag tcp_parallel_handling tcp_accept_haproxy tcp_accept_unique',
      'tcp_connection_match tcp_accept_iplimit tcp_clone_rcvbuf tcp_opt_crlf_ping tcp_send_buffer',
      'tcp_max_tls_connections tcp_check_timer tcp_wait_data tcp_script_mode',
    ),
    ...inert('any', 'buffers have a size of their own', 'maxbuffer maxsndbuffer max_buffer rcv_buf'),
    ...inert(
      'any',
      'the system chooses the way out',
      'mhomed bind_ipv6_link_local tos pmtu_discovery udp_mtu udp_mtu_try_proto',
    ),
    ...inert('any', 'there is no multicast', 'mcast_loopback mcast_ttl mcast'),
    ...inert('any', 'branches are those of RFC 3261', 'syn_branch'),
    ...inert('any', 'received is written in any case', 'dns rev_dns'),
    ...inert('any', 'a response without a transaction goes nowhere (RFC 6026 §7.2)', 'check_via'),
    ...inert('any', 'the names of the own machine are not looked up; write alias for each of them', 'auto_aliases'),
    ...inert('any', 'routes call one another up to 100 deep', 'max_recursive_level'),
    ...inert('any', 'there is one server', 'server_id'),
    ...inert(
      'any',
      'TLS is an option of a listener',
      'tls_port_no tls_method tls_verify tls_require_certificate tls_verify_client tls_verify_server',
      'tls_require_client_certificate tls_certificate tls_private_key tls_ca_list tls_ciphers_list',
      'tls_handshake_timeout tls_send_timeout tls_log tls_max_connections tls_domain_avp',
      'tls_client_domain_avp',
    ),
    ...inert('any', 'there is no SCTP', 'disable_sctp enable_sctp sctp_children'),
    ...inert('any', 'a request has at most twelve branches', 'max_branches'),
    ...inert('any', 'URIs and headers are read by RFC 3261', 'phone2tel uri_host_extra_chars hdr_name_extra_chars'),
    ...inert('any', 'no onsend_route runs', 'onsend_route_reply'),
    ...inert('any', 'our own Via always has rport', 'local_rport'),
    ...inert('any', 'the engine chooses by itself', 'poll_method sql_buffer_size modinit_delay msg_time'),
    ...inert('any', 'what takes long is not told of', 'exec_msg_threshold exec_dns_threshold'),
    ...inert('any', 'assertions are always on', 'abort_on_assert enable_asserts'),
    ...inert('any', "layouts of tables are noted in the table 'version'", 'db_version_table version_table'),
    ...inert('any', 'connections to a database are opened as they are needed', 'db_max_async_connections'),

    ...unsupported('boolean', 'TLS is an option of a listener', [0], 'enable_tls'),
    ...unsupported('boolean', 'TLS is an option of a listener', [1], 'disable_tls'),
    ...unsupported('boolean', 'replies have no Warning header', [0], 'sip_warning'),
    ...unsupported('boolean', 'replies always say Server: Aorta', [1], 'server_signature'),
    ...unsupported('text', 'replies always say Server: Aorta', [], 'server_header user_agent_header'),
    ...unsupported('boolean', 'replies go where the request came from (RFC 3261 §18.2.2)', [0], 'reply_to_via'),
    ...unsupported('boolean', 'write force_rport() in the route', [0], 'force_rport'),
  ].map((setting) => [setting.name, setting]),
);
