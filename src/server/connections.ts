import type { Flow } from '../transport/flow.ts';

/** The connections that have sent something, by id, while they are open: how a binding's flow is found again. */
export class Connections {
  readonly #flows = new Map<number, Flow>();

  /** Notes the flow that a message came by; datagrams leave none. */
  note(flow: Flow): void {
    if (flow.reliable && flow.open) this.#flows.set(flow.id, flow);
  }

  /** Forgets a flow that is gone. */
  forget(flow: Flow): void {
    this.#flows.delete(flow.id);
  }

  /** The open connection of that id. */
  find(flowId: number): Flow | undefined {
    const flow = this.#flows.get(flowId);
    return flow?.open ? flow : undefined;
  }
}
