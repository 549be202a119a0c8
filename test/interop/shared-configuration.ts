/** What two programs that keep their bindings in one database have to agree on, and where each of them listens. */
export interface SharedOptions {
  /** Of the database, as Kamailio's manual writes it. */
  readonly databaseUrl: string;
  readonly port: number;
  /** `db_mode`: 1 write-through, 3 no copy in memory. */
  readonly dbMode: 1 | 3;
  readonly useDomain: boolean;
}

/**
 * A configuration that Kamailio and Aorta run as it is, both with the same effect: REGISTER is saved, everything else is
 * relayed to the contacts. What has `X-Nat: 1` is taken to be behind a NAT. Kamailio gets its control socket as `CTL`.
 */
export function sharedConfiguration({ databaseUrl, port, dbMode, useDomain }: SharedOptions): string {
  return `#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
dns=no
rev_dns=no
disable_core_dump=yes
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}

loadmodule "db_${new URL(databaseUrl).protocol.slice(0, -1)}.so"
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
#!ifdef CTL
loadmodule "ctl.so"
modparam("ctl", "binrpc", CTL)
#!endif

modparam("usrloc", "db_url", "${databaseUrl}")
modparam("usrloc", "db_mode", ${dbMode})
modparam("usrloc", "use_domain", ${Number(useDomain)})
modparam("usrloc", "timer_interval", 1)
modparam("usrloc", "nat_bflag", 6)
${dbMode === 1 ? 'modparam("usrloc", "preload", "location")' : ''}
modparam("registrar", "use_path", 1)
modparam("registrar", "path_mode", 1)
modparam("registrar", "received_avp", "$avp(i:42)")
modparam("nathelper", "received_avp", "$avp(i:42)")
modparam("registrar", "max_expires", 7200)

request_route {
  if (is_method("REGISTER")) {
    if ($hdr(X-Nat) == "1") {
      fix_nated_register();
      setbflag(6);
    }
    save("location");
    exit;
  }
  if (!lookup("location")) {
    sl_send_reply("404", "Not Found");
    exit;
  }
  t_relay();
}
`;
}

/** The environment of such a program: instants in databases are local times, so the zone must not be UTC to tell. */
export const sharedEnvironment: NodeJS.ProcessEnv = { ...process.env, TZ: 'EST5EDT' };
