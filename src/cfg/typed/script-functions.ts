// Made of the tables of src/cfg/core and src/cfg/functions by `npm run docs`.
import type { Argument, Constant } from './argument.ts';

/** The functions of openser.cfg by their names. Each returns its return code, and sets `script.rc` to it. */
export interface ScriptFunctions {
  /**
   * Marks the contact that goes out with where it came from (alias=), or with another place.
   * @returns 1; 2 when the contact names its true address; -1 without a contact
   */
  add_contact_alias<A extends Argument, B extends Argument, C extends Argument>(
    a?: Constant<A>,
    b?: Constant<B>,
    c?: Constant<C>,
  ): number;
  /**
   * No effect: our own Via always has rport.
   * @returns 1
   */
  add_local_rport(): number;
  /**
   * Adds a received parameter to the contacts of the forwarded copy, for the next registrar.
   * @returns 1
   */
  add_rcv_param(): number;
  /**
   * Answers go to the port that the request came from, as if its Via had rport (RFC 3581).
   * @returns 1
   */
  add_rport(): number;
  /**
   * Adds a parameter to the Record-Route, before or after record_route; in a branch block, to that of the branch.
   * @returns 1; -1 when variables made it no parameter
   */
  add_rr_param<A extends Argument>(a: Constant<A>): number;
  /**
   * Adds a header with the socket that the REGISTER came in on to the forwarded copy (manual 1.4.6).
   * @returns 1; -1 when the name is no header name
   */
  add_sock_hdr<A extends Argument>(a: Constant<A>): number;
  /**
   * No effect: a binding is reached by the connection that it came by.
   * @returns 1
   */
  add_tcp_alias<A extends Argument>(a?: Constant<A>): number;
  /**
   * Adds a parameter to the Request-URI.
   * @returns 1; -1 when the Request-URI is no SIP URI
   */
  add_uri_param<A extends Argument>(a: Constant<A>): number;
  /**
   * Adds a branch: the given URI, or the present Request-URI; the destination URI goes along.
   * @returns 1; -1 when there are twelve branches already
   */
  append_branch<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Adds header lines to what goes out: at the end, or after the first header of a name.
   * @returns 1; -1 when variables made it no header line
   */
  append_hf<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Adds the Remote-Party-ID that credentials came with; there are none in this version.
   * @returns 1
   */
  append_rpid_hf<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Replies made here to this request have a Date.
   * @returns 1
   */
  append_time(): number;
  /**
   * Adds header lines to every reply made here to this request.
   * @returns 1; -1 when variables made it no header line
   */
  append_to_reply<A extends Argument>(a: Constant<A>): number;
  /**
   * Adds a header to what goes out: a prefix, the Request-URI as it came in, a suffix.
   * @returns 1; -1 when that is no header line
   */
  append_urihf<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Compares the value of an AVP: eq, ne, lt, le, gt, ge, re, fm, and, or, xor.
   * @returns 1 true; -1 false, also when it is not set
   */
  avp_check<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Copies an AVP under another name; d deletes the source, n and s convert.
   * @returns 1; -1 when it is not set
   */
  avp_copy<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Deletes the first value of an AVP, with /g every one; without a name, all AVPs.
   * @returns 1; -1 when there was none
   */
  avp_delete<A extends Argument>(a: Constant<A>): number;
  /**
   * Calculates with the value of an AVP: add, sub, mul, div, mod, and, or, xor, not.
   * @returns 1; -1 when there is no number
   */
  avp_op<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Logs all AVPs.
   * @returns 1
   */
  avp_print(): number;
  /**
   * Adds an AVP with a text, its variables expanded.
   * @returns 1
   */
  avp_printf<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Puts the value of an AVP into the Request-URI, the destination URI or a header; with /g, further values become branches.
   * @returns 1; -1 when the AVP is not set
   */
  avp_pushto<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Substitutes in the value of an AVP, as sed does.
   * @returns 1 when something matched; -1 when nothing did
   */
  avp_subst<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Adds an AVP with a value: of the message, of a variable, or written out.
   * @returns 1; -1 when there is no value
   */
  avp_write<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * After loose_route: whether the parameters of our own Route entry match a regular expression.
   * @returns 1 true; -1 false
   */
  check_route_param<A extends Argument>(a: Constant<A>): number;
  /**
   * Removes the branches that were appended.
   * @returns 1
   */
  clear_branches(): number;
  /**
   * Whether two texts are equal, in either case.
   * @returns 1 true; -1 false
   */
  cmp_istr<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Whether two texts are equal.
   * @returns 1 true; -1 false
   */
  cmp_str<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Removes the credentials that were verified; nothing is verified in this version.
   * @returns -1
   */
  consume_credentials(): number;
  /**
   * Whether a text ends with another one.
   * @returns 1 true; -1 false
   */
  ends_with<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Logs two texts as an error.
   * @returns 1
   */
  error<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Replaces host and port of the contact URIs by the source address.
   * @returns 1; -1 when there is nothing to replace, or it was done before
   */
  fix_nated_contact(): number;
  /**
   * Puts the URI of the source address into the AVP received_avp, for save.
   * @returns 1
   */
  fix_nated_register(): number;
  /**
   * Puts the source address into the SDP: 1 active direction, 2 addresses of the media, 4 mark as seen, 8 address of the origin.
   * @returns 1; -1 when the body is no SDP
   */
  fix_nated_sdp<A extends Argument>(a: Constant<A>): number;
  /**
   * No effect: our own Via always has rport.
   * @returns 1
   */
  force_local_rport(): number;
  /**
   * Answers go to the port that the request came from, as if its Via had rport (RFC 3581).
   * @returns 1
   */
  force_rport(): number;
  /**
   * Sends from this listener.
   * @returns 1; -1 when there is no such listener
   */
  force_send_socket<A extends Argument>(a: Constant<A>): number;
  /**
   * No effect: a binding is reached by the connection that it came by.
   * @returns 1
   */
  force_tcp_alias<A extends Argument>(a?: Constant<A>): number;
  /**
   * Forwards the request without a transaction: to the given place, or where destination URI and Request-URI say.
   * @returns 1; -1 when it could not be sent
   */
  forward<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Forwards the request without a transaction: to the given place, or where destination URI and Request-URI say.
   * @returns 1; -1 when it could not be sent
   */
  forward_tcp<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Forwards the request without a transaction: to the given place, or where destination URI and Request-URI say.
   * @returns 1; -1 when it could not be sent
   */
  forward_tls<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Forwards the request without a transaction: to the given place, or where destination URI and Request-URI say.
   * @returns 1; -1 when it could not be sent
   */
  forward_udp<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Takes the alias off the Request-URI, and sends the request to the place that it names.
   * @returns 1; 2 when there is none; -1 when it names no place
   */
  handle_ruri_alias(): number;
  /**
   * Whether the message has a body, of that type when one is given.
   * @returns 1 true; -1 false
   */
  has_body<A extends Argument>(a?: Constant<A>): number;
  /**
   * Whether To has a tag: whether the request belongs to a dialog.
   * @returns 1 true; -1 false
   */
  has_totag(): number;
  /**
   * Whether a text is an item of a list.
   * @returns 1 true; -1 false
   */
  in_list<A extends Argument, B extends Argument, C extends Argument>(
    a: Constant<A>,
    b: Constant<B>,
    c: Constant<C>,
  ): number;
  /**
   * Adds header lines to what goes out: at the top, or before the first header of a name.
   * @returns 1; -1 when variables made it no header line
   */
  insert_hf<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Whether a text has letters and digits only.
   * @returns 1 true; -1 false
   */
  is_alphanum<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether an AVP has a value: a number with /n, a text with /s.
   * @returns 1 true; -1 false
   */
  is_avp_set<A extends Argument>(a: Constant<A>): number;
  /**
   * After loose_route: whether the request goes upstream or downstream, by the From tag in our Route entry.
   * @returns 1 true; -1 false
   */
  is_direction<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a host is served here.
   * @returns 1 true; -1 false
   */
  is_domain_local<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a text is a number by E.164: + and 3 to 15 digits.
   * @returns 1 true; -1 false
   */
  is_e164<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether this server is the first one that the request came to, or the last one that its answer goes through.
   * @returns 1 true; -1 false
   */
  is_first_hop(): number;
  /**
   * Whether the host of From is served here.
   * @returns 1 true; -1 false
   */
  is_from_local(): number;
  /**
   * Whether a variable has a number, or the text of one.
   * @returns 1 true; -1 false
   */
  is_int<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether Max-Forwards is less than this.
   * @returns 1 true; -1 false, also without the header
   */
  is_maxfwd_lt<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the method is one of those; of a reply, the method in CSeq.
   * @returns 1 true; -1 false
   */
  is_method<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a URI or a host is served here.
   * @returns 1 true; -1 false
   */
  is_myself<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a text has digits only.
   * @returns 1 true; -1 false
   */
  is_numeric<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the message came with a header of that name; compact forms count.
   * @returns 1 true; -1 false
   */
  is_present_hf<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the message came with a header whose name matches a regular expression.
   * @returns 1 true; -1 false
   */
  is_present_hf_re<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the Privacy header asks for that (RFC 3323).
   * @returns 1 true; -1 false
   */
  is_privacy<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the message at hand is a reply.
   * @returns 1 true; -1 false
   */
  is_reply(): number;
  /**
   * Whether the message at hand is a request.
   * @returns 1 true; -1 false
   */
  is_request(): number;
  /**
   * Whether a text is a private IP address.
   * @returns 1 true; -1 false
   */
  is_rfc1918<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the Remote-Party-ID that credentials came with is a number; there is none in this version.
   * @returns -1
   */
  is_rpid_user_e164(): number;
  /**
   * Whether a text is a telephone number: digits, after a + or not.
   * @returns 1 true; -1 false
   */
  is_tel_number<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the host of the Request-URI is served here; in a branch block, that of the branch.
   * @returns 1 true; -1 false
   */
  is_uri_host_local(): number;
  /**
   * Whether the user part of a URI is a number by E.164.
   * @returns 1 true; -1 false
   */
  is_uri_user_e164<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a flag of the branch, or of the Request-URI's branch is set.
   * @returns 1 set; -1 not set
   */
  isbflagset<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Whether a destination URI is set.
   * @returns 1 set; -1 not set
   */
  isdsturiset(): number;
  /**
   * Whether a destination URI is set.
   * @returns 1 set; -1 not set
   */
  isduriset(): number;
  /**
   * Whether a message flag is set.
   * @returns 1 set; -1 not set
   */
  isflagset<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a script flag, which the transaction does not keep is set.
   * @returns 1 set; -1 not set
   */
  issflagset<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the message has at least so many bytes (SER).
   * @returns 1 true; -1 false
   */
  len_gt<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text, at the level debug unless one is given.
   * @returns 1
   */
  log<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Rewrites the Request-URI with the best contact of its address of record, and appends the others as branches (manual 1.4.4).
   * @returns 1 found; -1 none; -2 none that allows the method; -3 error
   */
  lookup<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): Promise<number>;
  /**
   * Whether a host is served here.
   * @returns 1 true; -1 false
   */
  lookup_domain<A extends Argument>(a: Constant<A>): number;
  /**
   * Does what the Route header says, and takes our own entries off it.
   * @returns 1 when the Route decides the next hop; -1 without a Route, and for our own entry alone outside a dialog
   */
  loose_route(): number;
  /**
   * Counts one hop in Max-Forwards; a request without the header gets this value.
   * @returns -1 when the request came with 0, which is to be answered 483; else 1
   */
  mf_process_maxfwd_header<A extends Argument>(a: Constant<A>): number;
  /**
   * Makes the changes so far in the message itself, so that the script sees them.
   * @returns 1
   */
  msg_apply_changes(): number;
  /**
   * Whether the sender is behind a NAT, by any of the tests in the mask.
   * @returns 1 when a test holds; -1 when none does
   */
  nat_uac_test<A extends Argument>(a: Constant<A>): number;
  /**
   * No effect: all branches are tried at once, so that none are left for a failure_route.
   * @returns 1 in a route; -1 in a failure_route
   */
  next_branches(): number;
  /**
   * Whether a variable has a value that is not empty.
   * @returns 1 true; -1 false
   */
  not_empty<A extends Argument>(a: Constant<A>): number;
  /**
   * Answers 200 to an OPTIONS whose Request-URI has no user.
   * @returns 1 when it answered; -1 when the request is not for it
   */
  options_reply(): number;
  /**
   * Puts a text in front of the user of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  prefix<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a variable has a value.
   * @returns 1 true; -1 false
   */
  pv_isset<A extends Argument>(a: Constant<A>): number;
  /**
   * Assigns a text with its variables to a variable.
   * @returns 1; -1 when the value does not fit
   */
  pv_printf<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Takes the value of a variable away.
   * @returns 1; -1 when it must have one
   */
  pv_unset<A extends Argument>(a: Constant<A>): number;
  /**
   * Later requests of the dialog come by this server.
   * @returns 1; -1 when it was called before
   */
  record_route(): number;
  /**
   * The same with this host, or host and port, in the place of the own address.
   * @returns 1; -1 when it was called before
   */
  record_route_preset<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether the address of record in the Request-URI has a valid contact (manual 1.4.5).
   * @returns 1 true; -1 false
   */
  registered<A extends Argument>(a: Constant<A>): Promise<number>;
  /**
   * Removes all headers of a name from what goes out; compact forms count.
   * @returns 1; -1 when there is none
   */
  remove_hf<A extends Argument>(a: Constant<A>): number;
  /**
   * Removes all headers whose names match a regular expression from what goes out.
   * @returns 1; -1 when there is none
   */
  remove_hf_re<A extends Argument>(a: Constant<A>): number;
  /**
   * Puts a text in the place of the first match behind the first line of what goes out.
   * @returns 1 when something matched; -1 when nothing did
   */
  replace<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Puts a text in the place of every match behind the first line of what goes out.
   * @returns 1 when something matched; -1 when nothing did
   */
  replace_all<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Puts a text in the place of the first match in the body of what goes out.
   * @returns 1 when something matched; -1 when nothing did
   */
  replace_body<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Puts a text in the place of every match in the body of what goes out.
   * @returns 1 when something matched; -1 when nothing did
   */
  replace_body_all<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Resets a flag of the branch, or of the Request-URI's branch.
   * @returns 1
   */
  resetbflag<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Clears the destination URI.
   * @returns 1
   */
  resetdsturi(): number;
  /**
   * Clears the destination URI.
   * @returns 1
   */
  resetduri(): number;
  /**
   * Resets a message flag.
   * @returns 1
   */
  resetflag<A extends Argument>(a: Constant<A>): number;
  /**
   * Resets a script flag, which the transaction does not keep.
   * @returns 1
   */
  resetsflag<A extends Argument>(a: Constant<A>): number;
  /**
   * Puts the received Request-URI back; destination URI and branches stay.
   * @returns 1
   */
  revert_uri(): number;
  /**
   * Replaces the host of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  rewritehost<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces host and port of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  rewritehostport<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the port of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  rewriteport<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the whole Request-URI.
   * @returns 1; -1 when the text is empty or longer than 1024 bytes
   */
  rewriteuri<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the user of the Request-URI; a password stays.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  rewriteuser<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces user and password of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  rewriteuserpass<A extends Argument>(a: Constant<A>): number;
  /**
   * Answers a request that is malformed. What nobody should act on was refused before the script, whatever the masks say.
   * @returns 1 when the message is sound; -1 when not
   */
  sanity_check<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Applies a REGISTER whole or not at all, and answers it (manual 1.4.1).
   * The same with flags: 0x01 memory only, 0x02 no reply.
   * @returns 1 when it was applied; 0 when not, which ends the script
   */
  save<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): Promise<number>;
  /**
   * The same as save, and no row is written even with a database (manual 1.4.3).
   * @returns 1 when it was applied; 0 when not, which ends the script
   */
  save_memory<A extends Argument>(a: Constant<A>): Promise<number>;
  /**
   * The same as save without any reply (manual 1.4.2).
   * @returns 1 when it was applied; 0 when not, which ends the script
   */
  save_noreply<A extends Argument>(a: Constant<A>): Promise<number>;
  /**
   * Whether a regular expression matches anywhere in the message as it came in.
   * @returns 1 true; -1 false
   */
  search<A extends Argument>(a: Constant<A>): number;
  /**
   * Puts a text after the first match behind the first line of what goes out.
   * @returns 1 when something matched; -1 when nothing did
   */
  search_append<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Puts a text after the first match in the body of what goes out.
   * @returns 1 when something matched; -1 when nothing did
   */
  search_append_body<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Whether a regular expression matches in the body as it came in.
   * @returns 1 true; -1 false
   */
  search_body<A extends Argument>(a: Constant<A>): number;
  /**
   * Forwards the request without a transaction: to the given place, or where destination URI and Request-URI say.
   * @returns 1; -1 when it could not be sent
   */
  send<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * Answers the request by its transaction when it has one, else without.
   * @returns 1 when it was sent; -1 for an ACK, which is never answered, and when it could not leave
   */
  send_reply<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Answers 500 for what went wrong here; a request that has its answer gets no second one.
   * @returns 1 when it was sent; -1 when not
   */
  send_reply_error(): number;
  /**
   * Forwards the request without a transaction: to the given place, or where destination URI and Request-URI say.
   * @returns 1; -1 when it could not be sent
   */
  send_tcp<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * No effect: all branches are tried at once.
   * @returns 1
   */
  serialize_branches<A extends Argument, B extends Argument>(a?: Constant<A>, b?: Constant<B>): number;
  /**
   * No effect: what is advertised belongs to a listener: ';advertise=host:port'.
   * @returns 1
   */
  set_advertised_address<A extends Argument>(a?: Constant<A>): number;
  /**
   * No effect: what is advertised belongs to a listener: ';advertise=host:port'.
   * @returns 1
   */
  set_advertised_port<A extends Argument>(a?: Constant<A>): number;
  /**
   * Marks the contact with where it came from (alias=), at once.
   * @returns 1; 2 when the contact names its true address; -1 without a contact
   */
  set_contact_alias(): number;
  /**
   * A hint about connections, which are opened and closed here as they are needed.
   * @returns 1
   */
  set_forward_close(): number;
  /**
   * A hint about connections, which are opened and closed here as they are needed.
   * @returns 1
   */
  set_forward_no_connect(): number;
  /**
   * A hint about connections, which are opened and closed here as they are needed.
   * @returns 1
   */
  set_reply_close(): number;
  /**
   * A hint about connections, which are opened and closed here as they are needed.
   * @returns 1
   */
  set_reply_no_connect(): number;
  /**
   * Sets a flag of the branch, or of the Request-URI's branch.
   * @returns 1
   */
  setbflag<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Sets the destination URI: the next hop, whatever the Request-URI says.
   * @returns 1; -1 when the text is empty
   */
  setdsturi<A extends Argument>(a: Constant<A>): number;
  /**
   * Sets the destination URI: the next hop, whatever the Request-URI says.
   * @returns 1; -1 when the text is empty
   */
  setduri<A extends Argument>(a: Constant<A>): number;
  /**
   * Sets a message flag.
   * @returns 1
   */
  setflag<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the host of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  seth<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the host of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  sethost<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces host and port of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  sethostport<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces host and port of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  sethp<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the port of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  setp<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the port of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  setport<A extends Argument>(a: Constant<A>): number;
  /**
   * Sets a script flag, which the transaction does not keep.
   * @returns 1
   */
  setsflag<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the user of the Request-URI; a password stays.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  setu<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces user and password of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  setup<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the whole Request-URI.
   * @returns 1; -1 when the text is empty or longer than 1024 bytes
   */
  seturi<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces the user of the Request-URI; a password stays.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  setuser<A extends Argument>(a: Constant<A>): number;
  /**
   * Replaces user and password of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read or would become none, and nothing is changed
   */
  setuserpass<A extends Argument>(a: Constant<A>): number;
  /**
   * Nothing: an ACK to a reply of ours never reaches a route (SER).
   * @returns 1
   */
  sl_filter_ACK(): number;
  /**
   * The same as sl_send_reply.
   * @returns 1 when it was sent; -1 for an ACK, which is never answered, and when it could not leave
   */
  sl_reply<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Answers 500 for what went wrong here; a request that has its answer gets no second one.
   * @returns 1 when it was sent; -1 when not
   */
  sl_reply_error(): number;
  /**
   * Answers the request; a retransmission gets the same reply, and a 3xx lists the rewritten Request-URI and the branches.
   * @returns 1 when it was sent; -1 for an ACK, which is never answered, and when it could not leave
   */
  sl_send_reply<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Whether a text begins with another one.
   * @returns 1 true; -1 false
   */
  starts_with<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Whether a text has another one in it.
   * @returns 1 true; -1 false
   */
  str_find<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Whether a text is empty, or absent.
   * @returns 1 true; -1 false
   */
  strempty<A extends Argument>(a: Constant<A>): number;
  /**
   * Takes characters off the beginning of the user of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read
   */
  strip<A extends Argument>(a: Constant<A>): number;
  /**
   * Takes characters off the end of the user of the Request-URI.
   * @returns 1; -1 when the Request-URI cannot be read
   */
  strip_tail<A extends Argument>(a: Constant<A>): number;
  /**
   * Substitutes behind the first line of what goes out, as sed does.
   * @returns 1 when something matched; -1 when nothing did
   */
  subst<A extends Argument>(a: Constant<A>): number;
  /**
   * Substitutes in the body of what goes out, as sed does.
   * @returns 1 when something matched; -1 when nothing did
   */
  subst_body<A extends Argument>(a: Constant<A>): number;
  /**
   * Substitutes in the Request-URI, at once.
   * @returns 1 when something matched; -1 when nothing did
   */
  subst_uri<A extends Argument>(a: Constant<A>): number;
  /**
   * Substitutes in the user part of the Request-URI, at once.
   * @returns 1 when something matched; -1 when nothing did
   */
  subst_user<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether a branch got a final answer.
   * @returns 1 true; -1 false
   */
  t_any_replied(): number;
  /**
   * Whether a branch got no answer in time.
   * @returns 1 true; -1 false
   */
  t_any_timeout(): number;
  /**
   * Whether the reply that won came from downstream.
   * @returns 1 true; -1 false
   */
  t_branch_replied(): number;
  /**
   * Whether the reply that won stands for a branch that got no answer in time.
   * @returns 1 true; -1 false
   */
  t_branch_timeout(): number;
  /**
   * Whether a status matches: of the reply at hand, of the reply that won, or of the last one sent.
   * @returns 1 true; -1 false
   */
  t_check_status<A extends Argument>(a: Constant<A>): number;
  /**
   * Retransmissions, and the CANCEL and ACK of a transaction, are dealt with before the script: what it sees belongs to none.
   * @returns -1
   */
  t_check_trans(): number;
  /**
   * Flags are shared with the transaction, so there is nothing to copy.
   * @returns 1
   */
  t_flush_flags(): number;
  /**
   * After t_newtran: sends the request to a fixed host and port by UDP.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_forward_nonack<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * After t_newtran: sends the request to a fixed host and port by TCP.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_forward_nonack_tcp<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * After t_newtran: sends the request to a fixed host and port by TLS.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_forward_nonack_tls<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * After t_newtran: sends the request to a fixed host and port by UDP.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_forward_nonack_udp<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * After t_newtran: sends the request to its Request-URI.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_forward_nonack_uri(): number;
  /**
   * Whether the outermost block is a branch block.
   * @returns 1 true; -1 false
   */
  t_is_branch_route(): number;
  /**
   * Whether the caller has cancelled.
   * @returns 1 true; -1 false
   */
  t_is_canceled(): number;
  /**
   * Whether the outermost block is a failure block.
   * @returns 1 true; -1 false
   */
  t_is_failure_route(): number;
  /**
   * Whether the outermost block is a reply block.
   * @returns 1 true; -1 false
   */
  t_is_reply_route(): number;
  /**
   * Whether the outermost block is a request block.
   * @returns 1 true; -1 false
   */
  t_is_request_route(): number;
  /**
   * Whether a block is armed: "branch_route", "failure_route" or "onreply_route".
   * @returns 1 true; -1 false
   */
  t_is_set<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether all replies, or the last one, were made here.
   * @returns 1 true; -1 false
   */
  t_local_replied<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether this request has a transaction: after t_newtran or t_relay.
   * @returns 1 true; -1 false
   */
  t_lookup_request(): number;
  /**
   * Makes the transaction before anything is decided: retransmissions are absorbed, and replies go by it.
   * @returns 1; 0 for a retransmission, which is answered as it was, and ends the script; -1 when it cannot be made
   */
  t_newtran(): number;
  /**
   * Arms a branch_route for every copy before it is sent; "0" disarms.
   * @returns 1; -1 when variables name no block
   */
  t_on_branch<A extends Argument>(a: Constant<A>): number;
  /**
   * Arms a failure_route for when every branch has failed, once; "0" disarms.
   * @returns 1; -1 when variables name no block
   */
  t_on_failure<A extends Argument>(a: Constant<A>): number;
  /**
   * Arms an onreply_route for every reply from downstream; "0" disarms.
   * @returns 1; -1 when variables name no block
   */
  t_on_reply<A extends Argument>(a: Constant<A>): number;
  /**
   * Whether another process has this request at work; there is no other process.
   * @returns -1
   */
  t_precheck_trans(): number;
  /**
   * Sends the request to its Request-URI and branches, statefully.
   * The same to a fixed next hop (proto:host:port), or with flags, which change nothing here.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_relay<A extends Argument>(a?: Constant<A>): number;
  /**
   * Sends the request to a fixed host and port by TCP, statefully; Request-URIs stay.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_relay_to_tcp<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Sends the request to a fixed host and port by TLS, statefully; Request-URIs stay.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_relay_to_tls<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Sends the request to a fixed host and port by UDP, statefully; Request-URIs stay.
   * @returns 1 when a copy left; 0 when the request was answered because none could, and for an ACK; -1 error
   */
  t_relay_to_udp<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Ends the transaction that t_newtran has made.
   * @returns 1; -1 when there is none
   */
  t_release(): number;
  /**
   * Sends a copy of the request to a host and port by UDP; its replies go nowhere.
   * @returns 1 when it was sent; -1 when not
   */
  t_replicate<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Sends a copy of the request to a host and port by TCP; its replies go nowhere.
   * @returns 1 when it was sent; -1 when not
   */
  t_replicate_tcp<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Sends a copy of the request to a host and port by TLS; its replies go nowhere.
   * @returns 1 when it was sent; -1 when not
   */
  t_replicate_tls<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Sends a copy of the request to a host and port by UDP; its replies go nowhere.
   * @returns 1 when it was sent; -1 when not
   */
  t_replicate_udp<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Answers the request by its transaction; in a failure block it ends the call for the caller.
   * @returns 1; -1 without a transaction, for an ACK, and when the request has its final reply
   */
  t_reply<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Retransmissions are answered before the script, so there is nothing to repeat.
   * @returns -1
   */
  t_retransmit_reply(): number;
  /**
   * Whether the caller has cancelled.
   * @returns 1 true; -1 false
   */
  t_was_cancelled(): number;
  /**
   * Makes a tel Request-URI a sip one, with the host of From; other URIs stay as they are.
   * @returns 1; -1 when From has no host
   */
  tel2sip(): number;
  /**
   * Whether a variable has a value of a type: 'int', 'str' or 'null'.
   * @returns 1 true; -1 false
   */
  typeof<A extends Argument, B extends Argument>(a: Constant<A>, b: Constant<B>): number;
  /**
   * Whether the Request-URI has a parameter: without a value, or with that one.
   * @returns 1 true; -1 false
   */
  uri_param<A extends Argument, B extends Argument>(a: Constant<A>, b?: Constant<B>): number;
  /**
   * Logs a text with its variables, at the level error.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xalert<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text with its variables, at the level error.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xbug<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text with its variables, at the level error.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xcrit<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text with its variables, at the level debug.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xdbg<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text with its variables, at the level error.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xerr<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text with its variables, at the level info.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xinfo<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text with its variables, at a level (L_ERR when none is given); a facility before the level is not used.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xlog<A extends Argument, B extends Argument, C extends Argument>(
    a: Constant<A>,
    b?: Constant<B>,
    c?: Constant<C>,
  ): number;
  /**
   * Logs a text with its variables, at the level info.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xnotice<A extends Argument>(a: Constant<A>): number;
  /**
   * Logs a text with its variables, at the level warn.
   * @returns 1; -1 when the text is longer than buf_size and was cut
   */
  xwarn<A extends Argument>(a: Constant<A>): number;
}
