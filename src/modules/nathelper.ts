import { addRcvParam } from '../nat/add-rcv-param.ts';
import { fixNatedContact } from '../nat/fix-nated-contact.ts';
import { natUacTest } from '../nat/nat-uac-test.ts';
import { receivedUri } from '../nat/received-uri.ts';
import type { RequestContext } from '../routing/request-context.ts';
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

  /** `force_rport()`: replies go to the source port, as if the top Via had `rport`. */
  forceRport(context: RequestContext): void {
    context.forceRport();
  }
}
