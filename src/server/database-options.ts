import type { UsrlocOptions } from '../modules/usrloc-module.ts';
import type { DatabaseOptions } from '../stores/open-database.ts';
import type { ColumnNames } from '../stores/sql/columns.ts';
import type { ResolvedOptions } from './options.ts';

/** How the rows of a server with these options are laid out in its database. */
export function databaseOptions({ store, modules }: Pick<ResolvedOptions, 'store' | 'modules'>): DatabaseOptions {
  const { usrloc, registrar } = modules;
  return {
    columns: columnNames(usrloc),
    useDomain: registrar.useDomain,
    natBflag: usrloc.natBflag,
    isOnlyCopy: store.mode === 'db-only',
  };
}

function columnNames(usrloc: UsrlocOptions): ColumnNames {
  return {
    ruid: usrloc.ruidColumn,
    username: usrloc.userColumn,
    domain: usrloc.domainColumn,
    contact: usrloc.contactColumn,
    received: usrloc.receivedColumn,
    path: usrloc.pathColumn,
    expires: usrloc.expiresColumn,
    q: usrloc.qColumn,
    callid: usrloc.callidColumn,
    cseq: usrloc.cseqColumn,
    last_modified: usrloc.lastModColumn,
    flags: usrloc.flagsColumn,
    cflags: usrloc.cflagsColumn,
    user_agent: usrloc.userAgentColumn,
    socket: usrloc.socketColumn,
    methods: usrloc.methodsColumn,
    instance: usrloc.instanceColumn,
    reg_id: usrloc.regIdColumn,
    server_id: usrloc.serverIdColumn,
    connection_id: usrloc.connectionIdColumn,
  };
}
