import { AortaError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Location } from '../location/location.ts';
import { MaxForwardsModule } from '../modules/maxfwd.ts';
import { Nathelper } from '../modules/nathelper.ts';
import type { PlainSave } from '../modules/plain-save.ts';
import { Registrar } from '../modules/registrar.ts';
import type { Modules, Routes } from '../modules/routes.ts';
import { RecordRouteModule } from '../modules/rr.ts';
import { StatelessModule } from '../modules/sl.ts';
import { type NamedRoutes, TransactionModule } from '../modules/tm.ts';
import type { ProxyPort } from '../proxy/proxy-port.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import type { ReplyPort } from '../routing/request-context.ts';
import type { Flow } from '../transport/flow.ts';
import type { TransportLayer } from '../transport/transport-layer.ts';
import type { ResolvedOptions } from './options.ts';

/** What the modules are made of. */
export interface ModuleParts {
  readonly options: ResolvedOptions;
  /** Asked for when a route is armed: routes and modules are made of each other. */
  readonly routes: () => Routes;
  readonly location: Location;
  /** Undefined: every REGISTER becomes an object. */
  readonly plainSave?: PlainSave | undefined;
  readonly logger: Logger;
  readonly random: Random;
  readonly transport: TransportLayer;
  readonly proxy: ProxyPort;
  readonly replies: ReplyPort;
  readonly flowOf: (flowId: number) => Flow | undefined;
}

/** Makes the modules' functions; the routes of a configuration get them as their second argument. */
export function buildModules(parts: ModuleParts): Modules {
  const { options, routes, location, plainSave, logger, random, transport, proxy, replies, flowOf } = parts;
  const { tm, nathelper } = options.modules;
  const modules: Modules = {
    registrar: new Registrar(registrarOptions(options), {
      location,
      logger,
      plainSave,
      ruid: () => random.token(),
      sockets: transport,
    }),
    tm: new TransactionModule(tm, { proxy, replies, flowOf, routes: () => namedRoutes(routes(), modules) }),
    sl: new StatelessModule(),
    rr: new RecordRouteModule(proxy.isOurs, options.modules.rr),
    maxfwd: new MaxForwardsModule(options.modules.maxfwd),
    nathelper: new Nathelper(nathelper),
  };
  return modules;
}

/** What the registrar goes by: its own parameters, and what usrloc says of matching and of NAT. */
export function registrarOptions({ modules }: ResolvedOptions): RegistrarOptions {
  const { matchingMode, natBflag } = modules.usrloc;
  return { ...modules.registrar, matchingMode, natBflag };
}

function namedRoutes(routes: Routes, modules: Modules): NamedRoutes {
  const { everyReply } = routes;
  return {
    everyReply: everyReply && ((reply) => everyReply(reply, modules)),
    failure: (name) => {
      const route = named('failure', name, routes.failure);
      return (context) => route(context, modules);
    },
    branch: (name) => {
      const route = named('branch', name, routes.branch);
      return (branch) => route(branch, modules);
    },
    reply: (name) => {
      const route = named('reply', name, routes.reply);
      return (reply) => route(reply, modules);
    },
  };
}

function named<T>(kind: string, name: string, routes: Readonly<Record<string, T>> = {}): T {
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route !== undefined) return route;
  const known = Object.keys(routes);
  const list = known.length > 0 ? `there are ${known.join(', ')}` : 'there are none';
  throw new AortaError('CONFIG_INVALID', `routes.${kind} has no route ${JSON.stringify(name)}; ${list}`);
}
