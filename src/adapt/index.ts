/** `aorta adapt`: an openser.cfg as an `aorta.config.ts` that does the same. */
export { type Adapted, adapt } from './adapt.ts';
