import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../base/logger.ts';
import { Domains } from '../routing/domains.ts';
import { formatDiagnostic } from '../script/diagnostic.ts';
import { resolveOptions } from '../server/options.ts';
import { type LoadCfgOptions, loadCfg, loadCfgText } from './load-cfg.ts';
import { diagnose, lineOf } from './testing/diagnose.ts';

function optionsOf(text: string, options: LoadCfgOptions = {}) {
  const loaded = loadCfgText('test.cfg', `${text}\nroute { drop; }`, options);
  assert.deepEqual(loaded.diagnostics.filter(({ severity }) => severity === 'error').map(lineOf), []);
  // What a file comes to, the server takes.
  resolveOptions(loaded.options);
  return loaded.options;
}

for (const [settings, listen] of [
  ['', ['udp:*:5060', 'tcp:*:5060']],
  ['port=5070', ['udp:*:5070', 'tcp:*:5070']],
  ['disable_tcp=yes', ['udp:*:5060']],
  ['listen=192.0.2.1', ['udp:192.0.2.1:5060', 'tcp:192.0.2.1:5060']],
  ['listen=udp:192.0.2.1\nport=5070', ['udp:192.0.2.1:5070']],
  ['listen=UDP:192.0.2.1:5080 tcp:192.0.2.1', ['udp:192.0.2.1:5080', 'tcp:192.0.2.1:5060']],
  ['listen=udp:192.0.2.1\nlisten=udp:192.0.2.2', ['udp:192.0.2.1:5060', 'udp:192.0.2.2:5060']],
  ['listen=[2001:db8::1]:5060\ndisable_tcp=1', ['udp:[2001:db8::1]:5060']],
  ['listen=udp:192.0.2.1:5060 advertise 198.51.100.1:5080', ['udp:192.0.2.1:5060;advertise=198.51.100.1:5080']],
  ['socket=udp:192.0.2.1:5060 as 198.51.100.1', ['udp:192.0.2.1:5060;advertise=198.51.100.1']],
  [
    'listen=udp:192.0.2.1\nadvertised_address="sip.example.org"\nadvertised_port=5090',
    ['udp:192.0.2.1:5060;advertise=sip.example.org:5090'],
  ],
  ['socket=udp:*:5080', ['udp:*:5080']],
  ['listen="udp:192.0.2.1:5080"', ['udp:192.0.2.1:5080']],
  ['listen=udp:192.0.2.1\nlisten=tls:192.0.2.1:5061', ['udp:192.0.2.1:5060']],
] as const) {
  test(`cfg-language §4: ${settings.replaceAll('\n', ' ⏎ ') || 'no listen'} listens on ${listen.join(' and ')}`, () => {
    assert.deepEqual(optionsOf(settings).listen, listen);
  });
}

test('cfg-language §4: listen takes the name of an interface', () => {
  const addressesOf = (name: string) => (name === 'eth0' ? ['192.0.2.1', '2001:db8::1'] : []);
  assert.deepEqual(optionsOf('listen=udp:eth0:5062', { addressesOf }).listen, [
    'udp:192.0.2.1:5062',
    'udp:[2001:db8::1]:5062',
  ]);
});

test('cfg-language §4: aliases without a port are domains, those with one stay with myself', () => {
  const options = optionsOf(
    'alias=Example.ORG "3com.example"\nalias="quoted.example:5080"\nalias=udp:sip.example.net:*\nalias=pbx.example:5080\nalias=192.0.2.1',
  );
  assert.deepEqual(options.domains, ['example.org', '3com.example', 'sip.example.net', '192.0.2.1']);
});

for (const [settings, level] of [
  ['debug=9', 'debug'],
  ['debug=4', 'debug'],
  ['debug=3', 'info'],
  ['debug=1', 'warn'],
  ['debug=0', 'error'],
  ['debug=-1', 'error'],
  ['log_level=3', 'info'],
  ['#!KAMAILIO\ndebug=3', 'debug'],
  ['#!KAMAILIO\ndebug=2', 'info'],
  ['fork=yes', undefined],
] as const) {
  test(`cfg-language §4: ${settings.replaceAll('\n', ' ⏎ ')} is the level ${level}`, () => {
    assert.equal(loadCfgText('test.cfg', settings).logLevel, level);
  });
}

for (const [text, said] of [
  [
    'lissten=5',
    "1:1 warning unknown-setting: there is no setting 'lissten'; it is passed over (did you mean 'listen'?)",
  ],
  ['children=4', "1:1 info inert-setting: 'children' has no effect: one process serves all sockets"],
  [
    'server_signature=no',
    "1:1 warning unsupported-setting: 'server_signature' has no effect: replies always say Server: Aorta",
  ],
  ['server_signature=yes', undefined],
  ['reply_to_via=no', undefined],
  ['port="abc"', "1:6 error bad-setting: 'port' takes a number, not 'abc'"],
  ['port="5070"', "1:6 warning quoted-number: 'port' takes a number; this text is read as one"],
  ['port=99999', '1:6 error bad-setting: 99999 is no port: it is 1 to 65535'],
  ['disable_tcp=maybe', "1:13 error bad-setting: 'disable_tcp' takes yes or no, not 'maybe'"],
  ['max_while_loops=0', "1:17 error bad-setting: 'max_while_loops' is 1 to 100000, not 0"],
  [
    'listen=tls:192.0.2.1:5061',
    '1:8 warning unsupported-transport: nothing listens on tls: this version has udp and tcp',
  ],
  [
    'listen=eth7',
    "1:8 error unknown-host: 'eth7' is neither an address nor an interface of this machine (write the address to listen on, and the name behind advertise)",
  ],
  ['pstn.gw_ip = "192.0.2.9" desc "gateway"', undefined],
  [
    'tls_domain[192.0.2.1:5061] { tls_method = TLSv1 }',
    "1:1 warning unsupported-setting: 'tls_domain' has no effect: this version has no TLS",
  ],
  ['avp_aliases="x"', "1:13 error bad-parameter: 'x' defines no AVP alias: expected 'name=i:7' or 'name=s:text'"],
] as const) {
  test(`cfg-language §4: ${text} is told of: ${said ?? 'nothing'}`, () => {
    assert.deepEqual(diagnose(`${text}\nroute { drop; }`, 'info'), said === undefined ? [] : [said]);
  });
}

const modules = ['sl', 'tm', 'usrloc', 'registrar', 'nathelper']
  .map((name) => `loadmodule "/usr/lib/openser/modules/${name}.so"`)
  .join('\n');

for (const [parameters, expected] of [
  ['modparam("registrar", "max_contacts", 2)', { registrar: { maxContacts: 2 } }],
  ['modparam("registrar", "max_contacts", "2")', { registrar: { maxContacts: 2 } }],
  [
    'modparam("registrar", "max_contacts", 2)\nmodparam("registrar", "max_contacts", 3)',
    { registrar: { maxContacts: 3 } },
  ],
  ['modparam("registrar", "append_branches", no)', { registrar: { appendBranches: false } }],
  ['modparam("registrar", "realm_prefix", "sip.")', { registrar: { realmPrefix: 'sip.' } }],
  ['modparam("usrloc|registrar", "use_domain", 1)', { usrloc: { useDomain: true }, registrar: { useDomain: true } }],
  ['modparam("USRLOC", "use_domain", 1)', { usrloc: { useDomain: true }, registrar: { useDomain: true } }],
  [
    'modparam("registrar|nathelper", "received_avp", "$avp(i:43)")',
    { registrar: { receivedAvp: 43 }, nathelper: { receivedAvp: 43 } },
  ],
  [
    'modparam("registrar|nathelper", "received_avp", "$avp(s:rcv)")',
    { registrar: { receivedAvp: 42 }, nathelper: { receivedAvp: 42 } },
  ],
  ['modparam("usrloc", "desc_time_order", 1)', { registrar: { descTimeOrder: true } }],
  ['modparam("registrar", "received_avp", 43)', { registrar: { receivedAvp: 43 }, nathelper: { receivedAvp: 43 } }],
  ['modparam("registrar", "use_domain", 1)', { registrar: { useDomain: true }, usrloc: { useDomain: true } }],
  ['modparam("registrar", "default_q", 38)', { registrar: { defaultQ: 38 } }],
  ['modparam("registrar", "default_q", -1)', {}],
  ['modparam("tm", "fr_timer", 5)', { tm: { frTimer: 5 } }],
  ['modparam("registrar", "nat_flag", "NATTED")', { registrar: { natFlag: 31 } }],
  ['modparam("usrloc", "matching_mode", 1)', { usrloc: { matchingMode: 'uri+callid' } }],
] as const) {
  test(`cfg-language §5: ${parameters.replaceAll('\n', ' ⏎ ')}`, () => {
    const { listen: _, ...values } = optionsOf(`${modules}\n${parameters}`);
    assert.deepEqual(values, expected);
  });
}

for (const [parameters, expected] of [
  ['modparam("tm", "fr_timer", 30000)', { tm: { frTimer: 30 } }],
  ['modparam("tm", "fr_inv_timer", 120000)', { tm: { frInvTimer: 120 } }],
  ['modparam("registrar", "default_q", 380)', { registrar: { defaultQ: 38 } }],
] as const) {
  test(`Kamailio's units: ${parameters}`, () => {
    const { listen: _, ...values } = optionsOf(`#!KAMAILIO\n${modules}\n${parameters}`);
    assert.deepEqual(values, expected);
  });
}

for (const [parameters, said] of [
  [
    'modparam("registrar", "max_contact", 5)',
    "6:23 error unknown-parameter: the module registrar has no parameter 'max_contact' (did you mean 'max_contacts'?)",
  ],
  [
    'modparam("registrar", "max_contacts", "5")',
    "6:39 warning wrong-type: 'max_contacts' of registrar takes a number, which stands without quotes",
  ],
  [
    'modparam("registrar", "max_contacts", "five")',
    `6:39 error bad-parameter: 'max_contacts' of registrar must be a whole number from 0 to 1000, not "five"`,
  ],
  [
    'modparam("registrar", "realm_prefix", 5)',
    "6:39 warning wrong-type: 'realm_prefix' of registrar takes a text, which stands in quotes",
  ],
  [
    'modparam("registar", "max_contacts", 5)',
    "6:10 error module-not-loaded: no module 'registar' is loaded (did you mean 'registrar'?)",
  ],
  [
    'modparam("usrloc|registrar|tm", "use_domain", 1)',
    "6:33 error unknown-parameter: the module tm has no parameter 'use_domain'",
  ],
  [
    'modparam("registrar(", "use_domain", 1)',
    "6:10 error bad-regex: the name of the module is a regular expression: '(' is not closed",
  ],
  [
    'modparam("usrloc", "db_mode", 2)',
    '6:1 warning no-db-url: usrloc has a db_mode and no db_url: bindings go to the file location.db in the working folder, or where --db says (write modparam("usrloc", "db_url", "…"), also where it is the default of another server)',
  ],
  ['modparam("usrloc", "db_mode", 0)', undefined],
  ['modparam("usrloc", "db_url", "sqlite:///x.db")\nmodparam("usrloc", "db_mode", 2)', undefined],
  [
    'modparam("usrloc", "db_mode", 5)',
    "6:31 error bad-parameter: 'db_mode' of usrloc must be one of none (0), write-through (1), write-back (2), db-only (3), not 5",
  ],
  [
    'modparam("usrloc", "db_mode", 4)',
    "6:31 error bad-parameter: 'db_mode' of usrloc: 4 loads bindings and never writes them, which this server has not; use 1 (write-through), or 3 (db-only) to share a database",
  ],
  [
    'modparam("usrloc", "working_mode_preset", "full-sharing-cluster")',
    `6:43 error bad-parameter: 'working_mode_preset' of usrloc: full-sharing-cluster needs servers that tell each other of their bindings, which this one does not; use working_mode_preset "sql-only", where they share a database`,
  ],
  [
    'modparam("usrloc", "working_mode_preset", "sql")',
    `6:43 error bad-parameter: 'working_mode_preset' of usrloc: must be one of single-instance-no-db, single-instance-sql-write-through, single-instance-sql-write-back, sql-only, not "sql"`,
  ],
  [
    'modparam("usrloc", "restart_persistency", "sync-from-cluster")',
    `6:43 error bad-parameter: 'restart_persistency' of usrloc: sync-from-cluster needs servers that tell each other of their bindings, which this one does not; use working_mode_preset "sql-only", where they share a database`,
  ],
  [
    'modparam("usrloc", "db_url", "text:///etc/openser/db")',
    `6:30 error bad-parameter: 'db_url' of usrloc: text:///etc/openser/db cannot be opened: tables of text files are not supported; use sqlite:FILE (or keep bindings in memory only, by modparam("usrloc", "db_mode", 0))`,
  ],
  [
    'modparam("usrloc", "db_url", "mysql://openser:secret@localhost")',
    `6:30 error bad-parameter: 'db_url' of usrloc: mysql://openser:***@localhost names no database; write mysql://user:password@host/database (or keep bindings in memory only, by modparam("usrloc", "db_mode", 0))`,
  ],
  ['modparam("usrloc", "db_mode", 0)\nmodparam("usrloc", "db_url", "text:///etc/openser/db")', undefined],
  [
    'modparam("usrloc", "contact_column", "the contact")',
    "6:38 error bad-parameter: 'contact_column' of usrloc must be a name of a column: letters, digits and _, and no word of SQL",
  ],
] as const) {
  test(`cfg-language §5: ${parameters} is told of: ${said ?? 'nothing'}`, () => {
    assert.deepEqual(diagnose(`${modules}\n${parameters}\nroute { drop; }`), said === undefined ? [] : [said]);
  });
}

for (const [parameters, expected] of [
  ['modparam("usrloc", "db_url", "sqlite:////var/x.db")', { dbUrl: 'sqlite:////var/x.db' }],
  [
    'modparam("usrloc|registrar", "use_domain", 1)\nmodparam("usrloc", "db_url", "postgres://u:p@h/d")',
    { useDomain: true, dbUrl: 'postgres://u:p@h/d' },
  ],
  ['modparam("usrloc", "db_mode", 0)', { dbMode: 'none' }],
  ['modparam("usrloc", "db_mode", 1)', { dbMode: 'write-through' }],
  ['modparam("usrloc", "db_mode", 2)', { dbMode: 'write-back' }],
  ['modparam("usrloc", "db_mode", 3)', { dbMode: 'db-only' }],
  ['modparam("usrloc", "working_mode_preset", "single-instance-no-db")', { dbMode: 'none' }],
  ['modparam("usrloc", "working_mode_preset", "single-instance-sql-write-through")', { dbMode: 'write-through' }],
  ['modparam("usrloc", "working_mode_preset", "single-instance-sql-write-back")', { dbMode: 'write-back' }],
  ['modparam("usrloc", "working_mode_preset", "sql-only")', { dbMode: 'db-only' }],
  [
    'modparam("usrloc", "cluster_mode", "none")\nmodparam("usrloc", "sql_write_mode", "write-back")',
    { dbMode: 'write-back' },
  ],
  ['modparam("usrloc", "cluster_mode", "sql-only")', { dbMode: 'db-only' }],
  ['modparam("usrloc", "use_database", 0)', { dbMode: 'none' }],
  ['modparam("usrloc", "use_database", 1)', { dbMode: 'write-through' }],
  [
    'modparam("usrloc", "flush_interval", 60)\nmodparam("usrloc", "use_database", 1)',
    { dbMode: 'write-back', timerInterval: 60 },
  ],
  ['modparam("usrloc", "use_database", 1)\nmodparam("usrloc", "flush_interval", 0)', { dbMode: 'write-through' }],
  [
    'modparam("usrloc", "contact_column", "uri")\nmodparam("usrloc", "sip_instance_column", "device")',
    { contactColumn: 'uri', instanceColumn: 'device' },
  ],
  // Nobody opens it.
  ['modparam("usrloc", "db_url", "text:///db")\nmodparam("usrloc", "db_mode", 0)', { dbMode: 'none' }],
  ['loadmodule "mysql.so"\nmodparam("usrloc", "db_url", "sql://u:p@h/d")', { dbUrl: 'mysql://u:p@h/d' }],
  ['loadmodule "postgres.so"\nmodparam("usrloc", "db_url", "sql://u:p@h/d")', { dbUrl: 'postgres://u:p@h/d' }],
  ['db_default_url="mysql://u:p@h/d"', { dbUrl: 'mysql://u:p@h/d' }],
  ['db_default_url="mysql://u:p@h/d"\nmodparam("usrloc", "db_url", "sqlite:x")', { dbUrl: 'sqlite:x' }],
] as const) {
  test(`usrloc §1: ${parameters.replaceAll('\n', ' ⏎ ')}`, () => {
    assert.deepEqual(optionsOf(`${modules}\n${parameters}`).usrloc, expected);
  });
}

test('usrloc §1: what decides nothing here is said to, with what happens instead', () => {
  for (const [parameter, why] of [
    ['"method_column", "method"', 'OpenSER 1.0 takes it and does not use it; methods_column is the one that counts'],
    ['"db_ops_ruid", 1', 'rows are known by their ruid'],
    ['"fetch_rows", 3000', 'tables are read in pieces, as many as it takes'],
  ] as const) {
    assert.deepEqual(diagnose(`${modules}\nmodparam("usrloc", ${parameter})\nroute { drop; }`, 'info'), [
      `6:1 info inert-parameter: '${/\w+/.exec(parameter)?.[0]}' of usrloc has no effect: ${why}`,
    ]);
  }
});

test('cfg-language §5: the drivers of databases that can be used are loaded without a word, others with one', () => {
  for (const name of ['mysql', 'db_mysql', 'postgres', 'db_postgres', 'sqlite', 'db_sqlite']) {
    assert.deepEqual(diagnose(`loadmodule "${name}.so"\nroute { drop; }`, 'info'), []);
  }
  for (const name of ['dbtext', 'db_text', 'flatstore', 'unixodbc', 'oracle', 'db_oracle']) {
    assert.deepEqual(diagnose(`loadmodule "${name}.so"\nroute { drop; }`, 'info'), [
      `1:1 info built-in-module: the module ${name} has no effect: bindings cannot be kept there: db_url of usrloc names sqlite:, postgres:// or mysql://`,
    ]);
  }
  assert.deepEqual(diagnose('loadmodule "mysql.so"\nmodparam("mysql", "auto_reconnect", 1)\nroute { drop; }'), [
    "2:1 warning unsupported-parameter: 'auto_reconnect' of db_mysql has no effect: connections are made as db_url says, with timeouts of their own",
  ]);
});

test('usrloc §2: the tables that calls name are told to the server, whatever block they stand in', () => {
  const text = `${modules}
route { save("location"); lookup("$var(t)"); route(1); t_on_failure("2"); }
route[1] { if (registered("aliases")) save("aliases", "0x02"); }
route[7] { save_memory("never_called"); }
failure_route[2] { lookup("others"); }`;
  const { routes, hasErrors } = loadCfgText('test.cfg', text);
  assert.equal(hasErrors, false);
  const surroundings = {
    domains: new Domains([], { isOurs: () => false, listeners: [] }),
    logger: silentLogger,
    transport: { listeners: [] },
  };
  const tables = routes(surroundings).tables ?? [];
  assert.deepEqual([...tables].sort(), ['aliases', 'location', 'never_called', 'others']);
});

test('usrloc §2: what is no name of a table is an error of its place', () => {
  assert.deepEqual(diagnose(`${modules}\nroute {\n\tsave("my location");\n\tlookup("x';--");\n}`), [
    '7:7 error bad-argument: "my location" is no name of a table or column: use letters, digits and _ (63 at most)',
    '8:9 error bad-argument: "x\';--" is no name of a table or column: use letters, digits and _ (63 at most)',
  ]);
});

test('cfg-modules §3: what two modules must agree on is an error when they do not', () => {
  const parameters = 'modparam("registrar", "use_domain", 1)\nmodparam("usrloc", "use_domain", 0)';
  assert.deepEqual(diagnose(`${modules}\n${parameters}\nroute { drop; }`), [
    "7:1 error parameters-disagree: 'use_domain' of usrloc must be that of registrar",
  ]);
});

test('cfg-language §5: a parameter before its module is loaded counts, with a warning', () => {
  const text = `modparam("registrar", "max_contacts", 2)\n${modules}`;
  assert.deepEqual(optionsOf(text).registrar, { maxContacts: 2 });
  assert.deepEqual(diagnose(`${text}\nroute { drop; }`), [
    '1:10 warning modparam-before-loadmodule: the module registrar is loaded further down (OpenSER refuses a parameter of a module that is not loaded yet)',
  ]);
});

test('a module that does nothing here takes any parameter without a word', () => {
  assert.deepEqual(diagnose('loadmodule "acc.so"\nmodparam("acc", "log_flag", 1)\nroute { drop; }'), [
    '1:1 warning outside-module: the module acc does nothing here: no call is accounted for',
  ]);
});

test('a file that is not there is an error of that file', () => {
  const { diagnostics, hasErrors } = loadCfg('no.cfg', () => undefined);
  assert.deepEqual([hasErrors, diagnostics.map(lineOf)], [true, ['1:1 error cannot-read: there is no such file']]);
});

test('a file that cannot be read says why', () => {
  const { diagnostics } = loadCfg('no.cfg', () => ({ problem: 'permission denied' }));
  assert.deepEqual(diagnostics.map(lineOf), ['1:1 error cannot-read: the file cannot be read: permission denied']);
});

test('an included file is part of the configuration', () => {
  const files: Readonly<Record<string, string>> = {
    'etc/main.cfg': 'include_file "more.cfg"\nroute { route(1); }',
    'etc/more.cfg': 'port=5070\nroute[1] { drop; }',
  };
  const { options, diagnostics } = loadCfg('etc/main.cfg', (path) => files[path]);
  assert.deepEqual(diagnostics.map(lineOf), []);
  assert.deepEqual(options.listen, ['udp:*:5070', 'tcp:*:5070']);
});

test('what a file defines and sets for itself can be read: $def(name), $sel(cfg_get.group.name)', () => {
  const text = (read: string) =>
    `#!KAMAILIO\n#!define GATEWAY "gw.example.org"\npstn.gw_ip = "192.0.2.1" desc "gateway"\npstn.port = 5080\nrequest_route { $var(x) = ${read}; drop; }\n`;
  for (const read of ['$def(GATEWAY)', '$sel(cfg_get.pstn.gw_ip)', '$sel(cfg_get.pstn.port)']) {
    assert.deepEqual(loadCfgText('own.cfg', text(read)).diagnostics.map(formatDiagnostic), [], read);
  }
  const [missing] = loadCfgText('own.cfg', text('$sel(cfg_get.pstn.gateway)')).diagnostics;
  assert.equal(missing?.severity, 'error');
});

test('issue 4: an empty file is an error, and one without a route says that the built-in one runs', () => {
  for (const text of ['', '\n# nothing\n']) {
    const { hasErrors, diagnostics } = loadCfgText('empty.cfg', text);
    assert.equal(hasErrors, true);
    assert.match(diagnostics.map(formatDiagnostic).join('\n'), /error: the file says nothing/);
  }
  const { hasErrors, diagnostics } = loadCfgText('settings.cfg', 'debug=3\n');
  assert.equal(hasErrors, false);
  assert.match(diagnostics.map(formatDiagnostic).join('\n'), /warning: there is no route \{ \}: the built-in route/);
});

test('cfg-modules: parameters of a control socket that is not there are told of, and no error', () => {
  const file = 'loadmodule "ctl.so"\nmodparam("ctl", "binrpc", "unix:/run/kamailio/ctl")\nroute { drop; }';
  const said = diagnose(file, 'info').join('\n');
  assert.match(said, /2:\d+ info .*'binrpc' of ctl has no effect/);
  assert.doesNotMatch(said, / error /);
});
