import type { ModuleDefinition } from '../routing/define-module.ts';
import { maxfwdModule } from './maxfwd-module.ts';
import { nathelperModule } from './nathelper-module.ts';
import { registrarModule } from './registrar-module.ts';
import { rrModule } from './rr-module.ts';
import { slModule } from './sl-module.ts';
import { tmModule } from './tm-module.ts';
import { usrlocModule } from './usrloc-module.ts';

/** Every module's table, by its name in openser.cfg. */
export const moduleTables = {
  registrar: registrarModule,
  usrloc: usrlocModule,
  tm: tmModule,
  rr: rrModule,
  sl: slModule,
  maxfwd: maxfwdModule,
  nathelper: nathelperModule,
} as const satisfies Readonly<Record<string, ModuleDefinition>>;

/** The name of a module. */
export type ModuleName = keyof typeof moduleTables;
