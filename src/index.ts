/** Aorta as a library: `createServer(options)`, `defineConfig(options)`, and the types that routes are written with. */
export { AortaError, type ErrorCode, errorCodes } from './base/errors.ts';
export type { Logger } from './base/logger.ts';
export { type OpenserScript, openser, type ScriptRoute, type ScriptRouteNow } from './cfg/typed/openser.ts';
export { type Script, same } from './cfg/typed/script.ts';
export type { Aor } from './location/aor.ts';
export { type Binding, bindingFlags } from './location/binding.ts';
export type { Location, LocationEvent, LocationTable } from './location/location.ts';
export type { FailureContext } from './modules/failure-context.ts';
export type { Modules, Routes } from './modules/routes.ts';
export type { Handled } from './routing/handled.ts';
export type { RequestContext } from './routing/request-context.ts';
export type { BranchContext, ReplyContext } from './routing/route.ts';
export { type AortaOptions, defineConfig } from './server/options.ts';
export { type AortaServer, createServer, type ServerEvents } from './server/server.ts';
export { SipRequest, SipResponse } from './sip/message.ts';
export type { Flow, Listener } from './transport/flow.ts';
