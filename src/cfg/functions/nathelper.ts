import { type Alias, type AliasOutcome, addContactAlias, needsContactAlias } from '../../nat/contact-alias.ts';
import { fixNatedContact } from '../../nat/fix-nated-contact.ts';
import { fixNatedSdp, isSdp, sdpFixes } from '../../nat/fix-nated-sdp.ts';
import { natTests, natUacTest } from '../../nat/nat-uac-test.ts';
import { isPrivateAddress } from '../../nat/private-address.ts';
import { transportNamed } from '../../transport/flow.ts';
import { canonicalAddress } from '../../transport/ip-address.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { BlockKind, CfgRun } from '../run.ts';
import { anyBlock, codeOf, integerOf, isProblem, problem, requestOnly, textOf } from './arguments.ts';
import { changeForwarded, seenMessage } from './message-edits.ts';
import { sourceOf } from './source.ts';

const notFailure: readonly BlockKind[] = ['request', 'reply', 'branch'];

const allTests = Object.values(natTests).reduce((sum, bit) => sum | bit, 0);
const allFixes = Object.values(sdpFixes).reduce((sum, bit) => sum | bit, 0);

function bindNatUacTest(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const mask = integerOf(args, 0, { what: 'the mask of tests', min: 1, max: allTests });
  if (isProblem(mask)) return mask;
  return (run) => {
    const tests = mask(run);
    return codeOf(tests !== undefined && natUacTest(run.message, sourceOf(run), tests));
  };
}

function fixContact(run: CfgRun): number {
  if (run.block === 'request') return codeOf(run.services.modules.nathelper.fixNatedContact(run.context));
  return codeOf(fixNatedContact(run.message, sourceOf(run)));
}

function fixRegister({ context, services }: CfgRun): number {
  services.modules.nathelper.fixNatedRegister(context);
  return 1;
}

function addReceived({ context, services }: CfgRun): number {
  services.modules.nathelper.addRcvParam(context);
  return 1;
}

function bindFixSdp(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const mask = integerOf(args, 0, { what: 'the mask of changes', min: 1, max: allFixes });
  if (isProblem(mask)) return mask;
  return (run) => {
    const fixes = mask(run);
    if (fixes === undefined) return -1;
    const source = sourceOf(run);
    if (!isSdp(seenMessage(run))) return -1;
    changeForwarded(run, (message) => void fixNatedSdp(message, source, fixes));
    return 1;
  };
}

const aliasCodes: Readonly<Record<AliasOutcome, number>> = { added: 1, same: 2, none: -1 };

function setAlias(run: CfgRun): number {
  if (run.block === 'request') return aliasCodes[run.services.modules.nathelper.setContactAlias(run.context)];
  return aliasCodes[addContactAlias(run.message, sourceOf(run))];
}

function addAlias(run: CfgRun, alias?: Alias): number {
  const source = sourceOf(run);
  const outcome = needsContactAlias(seenMessage(run), source);
  if (outcome === 'none' || (outcome === 'same' && alias === undefined)) return aliasCodes[outcome];
  changeForwarded(run, (message) => void addContactAlias(message, source, alias));
  return 1;
}

function bindAddAlias(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const [host, portText, transportText] = args;
  if (host === undefined) return (run) => addAlias(run);
  if (portText === undefined || transportText === undefined) {
    return problem('add_contact_alias takes nothing, or an address, a port and a transport');
  }
  const port = integerOf(args, 1, { what: 'the port', min: 1, max: 65_535 });
  if (isProblem(port)) return port;
  const [hostOf, transportOf] = [textOf(host), textOf(transportText)];
  return (run) => {
    const address = canonicalAddress(hostOf(run));
    const transport = transportNamed(transportOf(run));
    const number = port(run);
    if (address === undefined || number === undefined || transport === undefined) return -1;
    return addAlias(run, { host: address, port: number, transport });
  };
}

function handleAlias({ context, services }: CfgRun): number {
  const outcome = services.modules.nathelper.handleRuriAlias(context);
  return outcome === 'taken' ? 1 : outcome === 'none' ? 2 : -1;
}

function bindIsRfc1918(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const [address] = args;
  if (address === undefined) return problem('the address is missing');
  const text = textOf(address);
  return (run) => codeOf(isPrivateAddress(text(run)));
}

const functions: readonly CfgFunction[] = [
  {
    name: 'nat_uac_test',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether the sender is behind a NAT, by any of the tests in the mask.',
    returns: '1 when a test holds; -1 when none does',
    bind: bindNatUacTest,
  },
  {
    name: 'fix_nated_contact',
    arity: [0, 0],
    blocks: notFailure,
    doc: 'Replaces host and port of the contact URIs by the source address.',
    returns: '1; -1 when there is nothing to replace, or it was done before',
    bind: () => fixContact,
  },
  {
    name: 'fix_nated_register',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Puts the URI of the source address into the AVP received_avp, for save.',
    returns: '1',
    bind: () => fixRegister,
  },
  {
    name: 'add_rcv_param',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Adds a received parameter to the contacts of the forwarded copy, for the next registrar.',
    returns: '1',
    bind: () => addReceived,
  },
  {
    name: 'fix_nated_sdp',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Puts the source address into the SDP: 1 active direction, 2 addresses of the media, 4 mark as seen, 8 address of the origin.',
    returns: '1; -1 when the body is no SDP',
    bind: bindFixSdp,
  },
  {
    name: 'set_contact_alias',
    arity: [0, 0],
    blocks: notFailure,
    doc: 'Marks the contact with where it came from (alias=), at once.',
    returns: '1; 2 when the contact names its true address; -1 without a contact',
    bind: () => setAlias,
  },
  {
    name: 'add_contact_alias',
    arity: [0, 3],
    blocks: notFailure,
    doc: 'Marks the contact that goes out with where it came from (alias=), or with another place.',
    returns: '1; 2 when the contact names its true address; -1 without a contact',
    bind: bindAddAlias,
  },
  {
    name: 'handle_ruri_alias',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Takes the alias off the Request-URI, and sends the request to the place that it names.',
    returns: '1; 2 when there is none; -1 when it names no place',
    bind: () => handleAlias,
  },
  {
    name: 'is_rfc1918',
    arity: [1, 1],
    blocks: anyBlock,
    doc: 'Whether a text is a private IP address.',
    returns: '1 true; -1 false',
    bind: bindIsRfc1918,
  },
];

/** NAT traversal. What needs a media relay is in the catalogue of what is not done here. */
export const nathelperFunctions: CfgModule = {
  name: 'nathelper',
  functions,
};
