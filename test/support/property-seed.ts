// Property tests draw the same examples in every run, so that a red run means a change. `AORTA_SEED=n npm test` draws
// others.
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env.AORTA_SEED ?? 3261) });
