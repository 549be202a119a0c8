/** Configurations in the language of SER, OpenSER, Kamailio and OpenSIPS: loaded, checked, compiled to routes. */
export type { AddressesOf, CfgLogLevel } from './apply-settings.ts';
export type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgFunction, CfgModule } from './cfg-function.ts';
export { coreCommands } from './core/index.ts';
export type { Overload } from './function-index.ts';
export {
  type CfgOptions,
  type CfgSource,
  type LoadCfgOptions,
  type LoadedCfg,
  loadCfg,
  loadCfgText,
} from './load-cfg.ts';
export { catalogue, type KnownModule, type OutsideFunction } from './module-catalogue.ts';
export { operands } from './operands.ts';
export { type OtherParameter, otherParameters } from './other-parameters.ts';
export type { BlockKind, CfgRun, CfgServices, Ending } from './run.ts';
export { type Setting, type SettingState, settings } from './settings.ts';
