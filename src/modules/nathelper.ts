import { addRcvParam } from '../nat/add-rcv-param.ts';
import { type Alias, type AliasOutcome, addContactAlias, needsContactAlias, takeAlias } from '../nat/contact-alias.ts';
import { fixNatedContact } from '../nat/fix-nated-contact.ts';
import { fixNatedSdp, isSdp } from '../nat/fix-nated-sdp.ts';
import { natUacTest } from '../nat/nat-uac-test.ts';
import { receivedUri } from '../nat/received-uri.ts';
import type { RequestContext } from '../routing/request-context.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri } from '../sip/uri.ts';
import type { NathelperModuleOptions } from './nathelper-module.ts';

/** nathelper's functions for routes. */
export class Nathelper {
  readonly #options: NathelperModuleOptions;

  constructor(options: NathelperModuleOptions) {
    this.#options = options;
  }

  /**
   * `nat_uac_test(mask)`: whether the sender is behind a NAT, by any of the tests in the mask.
   *
   * @param mask a sum of 1 contact private, 2 Via is not the source, 4 Via private, 8 SDP private, 16 ports differ, …
   */
  natUacTest(context: RequestContext, mask: number): boolean {
    return natUacTest(context.request, context.flow, mask);
  }

  /** `fix_nated_register()`: puts the URI of the source into the AVP that `save` reads. */
  fixNatedRegister(context: RequestContext): void {
    context.avps.add(this.#options.receivedAvp, receivedUri(context.flow));
  }

  /**
   * `fix_nated_contact()`: puts the source address into the contact URIs, so that a following `save` stores it.
   *
   * @returns false when there is no contact, or it was done before
   */
  fixNatedContact(context: RequestContext): boolean {
    return fixNatedContact(context.request, context.flow);
  }

  /** `add_rcv_param()`: tells the next registrar the source, in the forwarded copy. */
  addRcvParam(context: RequestContext): void {
    const uri = receivedUri(context.flow);
    context.editForwarded((copy) => void addRcvParam(copy, uri));
  }

  /**
   * `fix_nated_sdp(mask)`: puts the source address into the SDP of the forwarded copy.
   *
   * @param mask a sum of 1 active direction, 2 addresses of the media, 4 mark as seen, 8 address of the origin
   * @returns false when the body is no SDP
   */
  fixNatedSdp(context: RequestContext, mask: number): boolean {
    if (!isSdp(context.request)) return false;
    context.editForwarded((copy) => void fixNatedSdp(copy, context.flow, mask));
    return true;
  }

  /** `set_contact_alias()`: marks the contact with where it came from, in the message itself. */
  setContactAlias(context: RequestContext): AliasOutcome {
    return addContactAlias(context.request, context.flow);
  }

  /**
   * `add_contact_alias([address, port, transport])`: marks the contact of the forwarded copy with where it came from,
   * or with another place.
   */
  addContactAlias(context: RequestContext, alias?: Alias): AliasOutcome {
    const outcome = needsContactAlias(context.request, context.flow);
    if (outcome === 'none' || (outcome === 'same' && alias === undefined)) return outcome;
    context.editForwarded((copy) => void addContactAlias(copy, context.flow, alias));
    return 'added';
  }

  /**
   * `handle_ruri_alias()`: takes the alias off the Request-URI and sends the request to the place that it names.
   *
   * @returns `none` when the Request-URI has no alias, `malformed` when it names no place
   */
  handleRuriAlias(context: RequestContext): 'taken' | 'none' | 'malformed' {
    const { parsedUri } = context;
    if (isSipError(parsedUri) || !isSipUri(parsedUri)) return 'malformed';
    const alias = takeAlias(parsedUri);
    if (typeof alias === 'string') return alias;
    context.uri = alias.uri;
    context.destinationUri = alias.destination;
    return 'taken';
  }

  /** `force_rport()`: replies go to the source port, as if the top Via had `rport`. */
  forceRport(context: RequestContext): void {
    context.forceRport();
  }
}
