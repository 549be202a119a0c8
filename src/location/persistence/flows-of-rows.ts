import type { Aor } from '../aor.ts';
import type { Binding } from '../binding.ts';

/** Where a binding is stored. */
interface BindingPlace {
  readonly table: string;
  readonly aor: Aor;
}

interface Noted extends BindingPlace {
  readonly flowId: number;
  readonly callId: string;
  readonly cseq: number;
  readonly lastModifiedAt: number;
}

/**
 * Which bindings came by which connection of this process (RFC 5626 §2.1). A row cannot say that: connections are of one
 * process and gone with it, and a row that another server has written since is no longer about ours.
 */
export class FlowsOfRows {
  readonly #byRuid: Map<string, Noted>;
  readonly #byFlow: Map<number, Map<string, Noted>>;

  constructor() {
    this.#byRuid = new Map();
    this.#byFlow = new Map();
  }

  /** A binding was stored here. */
  note(table: string, aor: Aor, binding: Binding): void {
    this.forget(binding);
    const { ruid, flowId, callId, cseq, lastModifiedAt } = binding;
    if (flowId === undefined) return;
    const noted = { table, aor, flowId, callId, cseq, lastModifiedAt };
    this.#byRuid.set(ruid, noted);
    const ofFlow = this.#byFlow.get(flowId) ?? new Map<string, Noted>();
    this.#byFlow.set(flowId, ofFlow.set(ruid, noted));
  }

  /** A binding is gone. */
  forget({ ruid }: Binding): void {
    const noted = this.#byRuid.get(ruid);
    if (noted === undefined) return;
    this.#byRuid.delete(ruid);
    const ofFlow = this.#byFlow.get(noted.flowId);
    ofFlow?.delete(ruid);
    if (ofFlow?.size === 0) this.#byFlow.delete(noted.flowId);
  }

  /** A binding as it was read, with the flow it came by when it is still the one that was stored here. */
  withFlow(binding: Binding): Binding {
    const noted = this.#byRuid.get(binding.ruid);
    const isOurs =
      noted !== undefined &&
      noted.callId === binding.callId &&
      noted.cseq === binding.cseq &&
      noted.lastModifiedAt === binding.lastModifiedAt;
    return isOurs ? { ...binding, flowId: noted.flowId } : binding;
  }

  /** Where the bindings of a flow are. */
  placesOf(flowId: number): readonly BindingPlace[] {
    return [...(this.#byFlow.get(flowId)?.values() ?? [])];
  }
}
