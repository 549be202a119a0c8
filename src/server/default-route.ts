import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { Modules } from '../modules/routes.ts';
import type { DialogCookies } from '../proxy/dialog-cookie.ts';
import type { IsOurs } from '../proxy/loop-detection.ts';
import { validateForForwarding } from '../proxy/request-validation.ts';
import type { LookupOutcome } from '../registrar/lookup.ts';
import type { Domains } from '../routing/domains.ts';
import type { Handled } from '../routing/handled.ts';
import type { RequestContext } from '../routing/request-context.ts';
import { badExtension, unsupportedOptions } from '../sip/check-extensions.ts';
import { refuseMethod } from '../sip/check-method.ts';
import type { RequestRefusal } from '../sip/request-refusal.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri } from '../sip/uri.ts';

/** What the server itself answers to, beside REGISTER. */
const servedMethods = ['OPTIONS', 'REGISTER'];
/** Every method that it serves or relays, for Allow. */
const allowedMethods =
  'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, MESSAGE, SUBSCRIBE, NOTIFY, REFER, INFO, UPDATE, PRACK, PUBLISH';
const allowedList = allowedMethods.split(', ');
/** Option tags that a request may require of the server. */
const supportedOptions: ReadonlySet<string> = new Set(['path']);

/**
 * The built-in route: what a registrar and proxy for its own domains does, and nothing for strangers.
 *
 * @param modules the functions it is written with, the same that any route gets
 * @param isOurs whether a host and port are a listener's
 * @param cookies tell the dialogs that came about through this server from others
 */
export function defaultRoute(
  modules: Modules,
  domains: Domains,
  isOurs: IsOurs,
  cookies: DialogCookies,
): (context: RequestContext) => MaybePromise<Handled> {
  const { registrar, rr, tm } = modules;

  return (context) => {
    if (context.method === 'REGISTER') return register(context);
    // RFC 3261 §16.3 steps 2 to 5
    const invalid = validateForForwarding(context.request, { isOurs });
    if (invalid) return refuse(context, invalid);

    const route = rr.looseRoute(context);
    if (route.inDialog) {
      if (route.routed && cookies.confirms(route.own, context.request)) return tm.relay(context);
      return context.method === 'ACK' ? context.drop() : outsideDialog(context);
    }
    // A path that the caller made up would let anybody send anything anywhere through this server.
    if (route.routed) return context.reply(403, 'Preloaded Route Not Allowed');
    if (context.method === 'ACK') return context.drop();
    return initial(context);
  };

  function register(context: RequestContext): MaybePromise<Handled> {
    if (!isForUs(context)) return context.reply(403, 'Relaying Forbidden');
    // Decision 29: an address of record outside our domains is not found here.
    const to = context.request.to;
    const uri = isSipError(to) ? to : to.uri;
    if (!isSipError(uri) && isSipUri(uri) && !domains.isOurs(uri.host, uri.port)) return context.reply(404);
    return registrar.save(context);
  }

  // It names a dialog that no Record-Route of ours belongs to: of a stranger, of a phone that ignores Record-Route,
  // or of the time before this server was started.
  function outsideDialog(context: RequestContext): MaybePromise<Handled> {
    if (!isForUs(context)) return context.reply(403, 'Relaying Forbidden');
    return context.reply(481);
  }

  function initial(context: RequestContext): MaybePromise<Handled> {
    if (!isForUs(context)) return context.reply(403, 'Relaying Forbidden');
    const uri = context.parsedUri;
    if (!isSipError(uri) && isSipUri(uri) && uri.user === undefined) return toServer(context);
    const outcome = registrar.maybeLookup(context);
    return isPromise(outcome) ? outcome.then((found) => deliver(context, found)) : deliver(context, outcome);
  }

  function deliver(context: RequestContext, outcome: LookupOutcome): MaybePromise<Handled> {
    switch (outcome) {
      case 'found':
        if (makesDialog(context.method)) {
          rr.recordRoute(context, { parameters: cookies.parameterFor(context.request) });
        }
        return tm.relay(context);
      case 'not-found':
        // RFC 3261 §16.5: an empty target set.
        return context.reply(480);
      case 'method-not-allowed':
        // §21.4.6: with Allow. Which of the others a phone takes, it will say itself.
        return context.reply(405, 'Method Not Allowed', { headers: [['Allow', allowedExcept(context.method)]] });
      case 'error':
        // Nobody can say now who is registered, which another server may (RFC 3263 §4.3): that is not 404.
        return context.reply(registrar.hasAor(context) ? 503 : 404);
    }
  }

  // RFC 3261 §8.2: the server is the user agent that the request is for.
  function toServer(context: RequestContext): Handled {
    const refusal = refuseMethod(context.method, servedMethods);
    if (refusal) return refuse(context, refusal);
    const extensions = unsupportedOptions(context.request, 'require', supportedOptions);
    if (extensions.length > 0) return refuse(context, badExtension(extensions));
    // RFC 3261 §11.2
    return context.reply(200, 'OK', {
      headers: [
        ['Allow', allowedMethods],
        ['Accept', '*/*'],
        ['Supported', [...supportedOptions].join(', ')],
      ],
    });
  }

  function isForUs(context: RequestContext): boolean {
    const uri = context.parsedUri;
    if (isSipError(uri)) return false;
    return !isSipUri(uri) || domains.isOurs(uri.host, uri.port);
  }
}

function refuse(context: RequestContext, { status, reason, headers }: RequestRefusal): Handled {
  return context.reply(status, reason, { headers });
}

function makesDialog(method: string): boolean {
  return method === 'INVITE' || method === 'SUBSCRIBE' || method === 'REFER';
}

function allowedExcept(method: string): string {
  return allowedList.filter((allowed) => allowed !== method).join(', ');
}
