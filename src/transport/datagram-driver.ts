/**
 * Datagrams that arrived together. A driver hands out the same object again and again: it, and the bytes it shows,
 * are valid only during `onDatagrams`.
 */
export interface DatagramBatch {
  readonly count: number;
  bytes(index: number): Buffer;
  /** The source's IP address, canonical and without brackets. */
  address(index: number): string;
  port(index: number): number;
}

/** Who listens to a datagram socket. */
export interface DatagramReceiver {
  /** What is sent during the call may be held back until it returns, to go out in one system call. */
  onDatagrams(batch: DatagramBatch): void;
  /** A send failed after `send` had answered. */
  onSendError(error: Error, address: string, port: number): void;
  /** The socket reports trouble of its own; it goes on. */
  onSocketError(error: Error): void;
}

/** One bound UDP socket, whatever drives it. */
export interface DatagramSocket {
  readonly port: number;
  /** Begins to deliver; called once. What arrived before may be lost. */
  receive(receiver: DatagramReceiver): void;
  /** Bytes that wait because the system's send buffer is full. */
  readonly queuedBytes: number;
  /**
   * Sends one datagram: at the latest when the current `onDatagrams` returns, and outside of it at the end of the
   * current turn of the event loop, so that a driver can gather what goes out together. Never throws.
   *
   * @param bytes not changed until it is sent
   * @param address an IP address of the socket's family
   * @param port 1 to 65535
   */
  send(bytes: Buffer, address: string, port: number): void;
  /** The same for a text of one byte per character, where a driver can write it without making bytes of it first. */
  sendLatin1?(text: string, address: string, port: number): void;
  /** Frees the port. Nothing is reported afterwards. */
  close(): Promise<void>;
}

/** Where and how to bind. */
export interface DatagramBinding {
  readonly address: string;
  readonly port: number;
  readonly receiveBufferBytes: number;
}

/** Makes bound sockets. Rejects with the system's error (`code`: EADDRINUSE, EACCES, EADDRNOTAVAIL, …). */
export interface DatagramDriver {
  bind(binding: DatagramBinding): Promise<DatagramSocket>;
}
