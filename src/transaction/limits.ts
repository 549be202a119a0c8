/**
 * Most transactions of either side (server, client) that exist at a time. One over UDP lives 32 s after its final
 * response (timer J) and holds its messages, some 4 KB: this many bound the memory of one side to some 800 MB and
 * allow a steady 6,000 stateful requests per second.
 */
export const maxTransactions = 200_000;
