import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Location } from '../location/location.ts';
import { PlainSave } from '../modules/plain-save.ts';
import { defaultTable } from '../modules/registrar.ts';
import type { Modules, Routes } from '../modules/routes.ts';
import type { Pinger } from '../nat/pinger.ts';
import type { DialogCookies } from '../proxy/dialog-cookie.ts';
import type { ProxyPort } from '../proxy/proxy-port.ts';
import { Domains } from '../routing/domains.ts';
import type { ReplyPort } from '../routing/request-context.ts';
import { Router } from '../routing/router.ts';
import type { StatelessReplies } from '../transaction/stateless.ts';
import type { Flow } from '../transport/flow.ts';
import type { TransportLayer } from '../transport/transport-layer.ts';
import { buildModules, registrarOptions } from './build-modules.ts';
import { buildPinger } from './build-pinger.ts';
import { defaultRoute } from './default-route.ts';
import type { ResolvedOptions } from './options.ts';
import { PlainRegistrar } from './plain-registrar.ts';

/** What stays while programs come and go: bindings, connections, transactions, secrets. */
export interface Machinery {
  readonly location: Location;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly transport: TransportLayer;
  readonly proxy: ProxyPort;
  readonly replies: ReplyPort;
  readonly stateless: StatelessReplies;
  readonly cookies: DialogCookies;
  readonly flowOf: (flowId: number) => Flow | undefined;
  /** Whether the usual REGISTER may take the short way. */
  readonly plainRegisters: boolean;
}

/** What a server does with its messages: made of its options, and replaced as a whole when these change. */
export interface Program {
  readonly options: ResolvedOptions;
  readonly router: Router;
  /** Undefined where routes of a configuration run: they see every request. */
  readonly plainRegistrar: PlainRegistrar | undefined;
  /** Whether they see the usual REGISTER before it is an object, which most of them never need. */
  readonly unparsedRegisters: boolean;
  readonly pinger: Pinger;
  /** The location tables that its routes name. */
  readonly tables: readonly string[];
}

/** Makes a program; nothing of it runs yet. */
export function buildProgram(options: ResolvedOptions, machinery: Machinery): Program {
  const { location, clock, random, logger, transport, proxy, replies, stateless, cookies, flowOf } = machinery;
  const domains = new Domains(options.domains, transport);
  const plainSave = machinery.plainRegisters
    ? new PlainSave({ options: registrarOptions(options), stateless, transport })
    : undefined;
  const routes: Routes = options.routes({ domains, logger, transport });
  const modules: Modules = buildModules({
    ...{ options, location, logger, random, transport, proxy, replies, flowOf, plainSave },
    routes: () => routes,
  });
  const { request } = routes;
  const route = request
    ? (context: Parameters<typeof request>[0]) => request(context, modules)
    : defaultRoute(modules, domains, proxy.isOurs, cookies);
  const plainRegistrar =
    request || plainSave === undefined
      ? undefined
      : new PlainRegistrar({
          ...{ save: plainSave, domains, clock },
          table: location.table(defaultTable),
          ruid: () => random.token(),
        });
  return {
    options,
    router: new Router(route, logger),
    plainRegistrar,
    unparsedRegisters: request !== undefined && plainSave !== undefined,
    pinger: buildPinger(options.modules.nathelper, location, transport, proxy),
    tables: routes.tables ?? [],
  };
}
