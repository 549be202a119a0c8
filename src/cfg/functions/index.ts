import type { CfgModule } from '../cfg-function.ts';
import { authDbFunctions, authFunctions } from './auth.ts';
import { avpopsFunctions } from './avpops.ts';
import { domainFunctions } from './domain.ts';
import { maxfwdFunctions } from './maxfwd.ts';
import { nathelperFunctions } from './nathelper.ts';
import { coreFunctions, kexFunctions, pvFunctions } from './pv.ts';
import { registrarFunctions } from './registrar.ts';
import { rrFunctions } from './rr.ts';
import { sanityFunctions } from './sanity.ts';
import { optionsFunctions, siputilsFunctions } from './siputils.ts';
import { slFunctions } from './sl.ts';
import { textopsFunctions, textopsxFunctions } from './textops.ts';
import { tmFunctions, tmxFunctions } from './tm.ts';
import { uriDbFunctions, uriFunctions } from './uri.ts';
import { xlogFunctions } from './xlog.ts';

/** Modules that a configuration may load, and that have nothing to call. */
const withoutFunctions = ['usrloc', 'mi_fifo', 'mi_datagram', 'mi_rpc', 'ctl', 'cfg_rpc', 'corex'];

/** Everything that a configuration can call, by module. */
export const cfgModules: readonly CfgModule[] = [
  coreFunctions,
  slFunctions,
  tmFunctions,
  tmxFunctions,
  rrFunctions,
  maxfwdFunctions,
  registrarFunctions,
  nathelperFunctions,
  textopsFunctions,
  textopsxFunctions,
  xlogFunctions,
  uriFunctions,
  uriDbFunctions,
  siputilsFunctions,
  optionsFunctions,
  kexFunctions,
  pvFunctions,
  sanityFunctions,
  avpopsFunctions,
  domainFunctions,
  authFunctions,
  authDbFunctions,
  ...withoutFunctions.map((name): CfgModule => ({ name, functions: [] })),
];
