/**
 * Most contacts of one address of record, whatever `max_contacts` says. Every REGISTER reads, compares and lists all
 * of them: with 10,000, one packet of 5 KB would cost 200 ms and draw a reply of 400 KB. A list of this many still
 * fits a datagram.
 */
export const maxContactsOfAor = 1_000;
