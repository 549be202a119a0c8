import { didYouMean } from '../base/did-you-mean.ts';
import type { LoadModule } from '../script/ast.ts';
import type { Span } from '../script/source.ts';
import { moduleNames, moduleOf } from './module-catalogue.ts';
import type { Report } from './report.ts';

/** The modules that a configuration loads. */
export interface LoadedModules {
  /** As they were written, without folder and `.so`, in order. */
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, Span>;
  /** The name by which a module goes here. */
  canonical(name: string): string;
  /** Whether it does here what it is for. */
  isSupported(name: string): boolean;
  /** Of a driver of a database: why its parameters have no effect. */
  driver(name: string): string | undefined;
}

/**
 * Reads `loadmodule`s. What a module cannot do here is said once, where it is loaded.
 *
 * @param own the modules that have functions here
 */
export function loadModules(given: readonly LoadModule[], own: ReadonlySet<string>, report: Report): LoadedModules {
  const places = new Map<string, Span>();
  for (const { path, span } of given) {
    const name = nameOf(path.value);
    const before = places.get(name);
    if (before !== undefined) {
      report.warning('duplicate-module', `the module ${name} is loaded already`, span, {
        related: [{ message: 'it is loaded here', span: before }],
      });
      continue;
    }
    places.set(name, span);
    describe(name, own, span, report);
  }
  const canonical = (name: string): string => moduleOf(name)?.name ?? name;
  return {
    names: [...places.keys()],
    places,
    canonical,
    isSupported: (name) => own.has(name) || moduleOf(name)?.state === 'supported',
    driver: (name) => moduleOf(name)?.driver,
  };
}

/** `/usr/lib/openser/modules/registrar.so` is registrar; so is Kamailio's `registrar`. */
function nameOf(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.endsWith('.so') ? last.slice(0, -3) : last;
}

function describe(name: string, own: ReadonlySet<string>, span: Span, report: Report): void {
  const module = moduleOf(name);
  if (module === undefined) {
    if (own.has(name)) return;
    const meant = didYouMean(name, moduleNames());
    const hint = meant === undefined ? {} : { hint: `did you mean '${meant}'?` };
    report.warning('unknown-module', `there is no module '${name}' here; nothing of it happens`, span, hint);
  } else if (module.state === 'built-in') {
    report.info('built-in-module', `the module ${name} has no effect: ${module.missing}`, span);
  } else if (module.state === 'outside' && !own.has(module.name)) {
    report.warning('outside-module', `the module ${name} does nothing here: ${module.missing}`, span);
  }
}
