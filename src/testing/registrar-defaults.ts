import { registrarModule } from '../modules/registrar-module.ts';
import type { RegistrarOptions } from '../registrar/options.ts';
import { defaultsOf } from '../routing/define-module.ts';

/** The registrar's options when nothing is said, by the table that the server's come from. */
export const registrarDefaults: RegistrarOptions = {
  ...defaultsOf(registrarModule),
  matchingMode: 'uri',
  natBflag: -1,
};
