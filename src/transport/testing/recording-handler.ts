import type { SipError } from '../../sip/sip-error.ts';
import type { DropReason, Flow, TransportHandler } from '../flow.ts';

/** One message as it was delivered; the bytes are copied, since they are valid during the call only. */
export interface RecordedMessage {
  readonly flow: Flow;
  readonly text: string;
}

/** A handler that notes everything and lets a test wait for it, event by event. */
export class RecordingHandler implements TransportHandler {
  readonly messages: RecordedMessage[] = [];
  readonly closed: { readonly flow: Flow; readonly reason: string }[] = [];
  readonly dropped: { readonly reason: DropReason; readonly flow: Flow; readonly problem: SipError | undefined }[] = [];
  readonly sendErrors: { readonly flow: Flow; readonly error: Error }[] = [];
  /** What else a message or a drop does, in the call itself. */
  react: (flow: Flow, text: string) => void = () => {};
  readonly #waiting: Set<() => void> = new Set();

  onMessage(flow: Flow, bytes: Buffer): void {
    const text = bytes.toString('latin1');
    this.messages.push({ flow, text });
    this.react(flow, text);
    this.#notify();
  }

  onFlowClosed(flow: Flow, reason: string): void {
    this.closed.push({ flow, reason });
    this.#notify();
  }

  onDropped(reason: DropReason, flow: Flow, problem?: SipError): void {
    this.dropped.push({ reason, flow, problem });
    this.react(flow, reason);
    this.#notify();
  }

  onSendError(flow: Flow, error: Error): void {
    this.sendErrors.push({ flow, error });
    this.#notify();
  }

  /** Resolves as soon as `condition` holds; it is tried now and after every event. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** The next message that is not taken yet. */
  async message(index = 0): Promise<RecordedMessage> {
    await this.until(() => this.messages.length > index);
    const message = this.messages[index];
    if (!message) throw new Error('no such message');
    return message;
  }

  #notify(): void {
    for (const look of [...this.#waiting]) look();
  }
}
