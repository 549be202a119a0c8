/**
 * Most transactions of either side (server, client) that are at work at a time. One waits for an answer, some 10 KB
 * with its messages: this many bound the memory of one side to some 2 GB. What is Completed does not count, for its
 * record is small and has a limit of its own.
 */
export const maxTransactions = 200_000;

/**
 * Memory for what is left of transactions in Completed, for either side, in bytes. One over UDP leaves its key and its
 * last reply, some 460 bytes, for 32 s (timer J): this much allows a steady 36,000 stateful requests per second. When
 * there are more, the oldest are forgotten before their time: a retransmission that comes so late is then a new
 * request, which harms less than to refuse what is new.
 */
export const maxCompletedBytes = 512 * 1024 * 1024;
