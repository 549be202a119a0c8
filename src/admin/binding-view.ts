import { toCharacters } from '../base/character-text.ts';
import type { Aor } from '../location/aor.ts';
import { type Binding, bindingFlags, secondsLeft } from '../location/binding.ts';
import { methodNames } from '../registrar/method-mask.ts';

/** A flag of a binding, by its name. */
export type FlagName = keyof typeof bindingFlags;

/** Flags by their names; what is left out is not set. */
export type Flags = Readonly<Partial<Record<FlagName, boolean>>>;

/** A binding as JSON has it. */
export interface BindingView {
  readonly contact: string;
  /** Seconds left; 0 for a permanent one. */
  readonly expires: number;
  readonly q: number | null;
  readonly flags: Flags;
  readonly callId: string;
  readonly cseq: number;
  readonly userAgent: string;
  readonly received: string | null;
  readonly path: string | null;
  readonly socket: string | null;
  readonly methods: readonly string[] | null;
  readonly instance: string | null;
  readonly regId: number;
  readonly ruid: string;
  readonly lastModified: string;
}

/** An address-of-record as JSON has it. */
export interface AorView {
  readonly aor: string;
  readonly bindings: readonly BindingView[];
}

/** Shows an address-of-record with its bindings. */
export function viewAor(aor: Aor, bindings: readonly Binding[], now: number): AorView {
  return { aor: toCharacters(aor), bindings: bindings.map((binding) => viewBinding(binding, now)) };
}

/** Shows a binding. */
export function viewBinding(binding: Binding, now: number): BindingView {
  const { contact, q, callId, cseq, userAgent, received, path, socket, methods, instance, regId, ruid } = binding;
  return {
    contact: toCharacters(contact),
    expires: secondsLeft(binding, now),
    q: q === -1 ? null : q / 1000,
    flags: viewFlags(binding.flags),
    callId: toCharacters(callId),
    cseq,
    userAgent: toCharacters(userAgent),
    received: shownOrNull(received),
    path: shownOrNull(path),
    socket: socket ?? null,
    methods: methods === undefined ? null : methodNames(methods),
    instance: shownOrNull(instance),
    regId,
    ruid,
    lastModified: new Date(binding.lastModifiedAt).toISOString(),
  };
}

/** The bits of flags that were given by their names. */
export function flagBits(flags: Flags): number {
  let bits = 0;
  for (const [name, bit] of Object.entries(bindingFlags)) if (flags[name as FlagName] === true) bits |= bit;
  return bits;
}

function viewFlags(bits: number): Flags {
  const { nat, permanent, memoryOnly, sipPing } = bindingFlags;
  return {
    permanent: (bits & permanent) !== 0,
    nat: (bits & nat) !== 0,
    memoryOnly: (bits & memoryOnly) !== 0,
    sipPing: (bits & sipPing) !== 0,
  };
}

function shownOrNull(text: string | undefined): string | null {
  return text === undefined ? null : toCharacters(text);
}
