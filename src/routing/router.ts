import type { Logger } from '../base/logger.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import { isSipError } from '../sip/sip-error.ts';
import type { Handled } from './handled.ts';
import type { RequestContext } from './request-context.ts';
import type { Route } from './route.ts';

/** Runs the request route, and sees to it that a route that throws harms only its own request. */
export class Router {
  readonly #route: Route;
  readonly #logger: Logger;

  constructor(route: Route, logger: Logger) {
    this.#route = route;
    this.#logger = logger;
  }

  /**
   * Runs the route for one request; synchronous as long as the route is.
   *
   * @returns a promise, which never rejects, when the route has not ended yet
   */
  run(context: RequestContext): MaybePromise<void> {
    try {
      const handled = this.#route(context);
      if (!isPromise(handled)) return this.#ended(context, handled);
      return handled.then(
        (late) => this.#ended(context, late),
        (error: unknown) => this.#failed(context, error),
      );
    } catch (error) {
      return this.#failed(context, error);
    }
  }

  // TypeScript asks for a Handled; a route in JavaScript may forget it, and its caller would wait for nothing.
  #ended(context: RequestContext, handled: Handled | undefined): void {
    if (handled?.outcome !== undefined || context.isTakenCareOf) return;
    this.#failed(context, new TypeError('it returned nothing; every path must end in reply, relay, save or drop'));
  }

  #failed(context: RequestContext, error: unknown): void {
    const { callId } = context.request;
    this.#logger.error('the request route failed', {
      method: context.method,
      callId: isSipError(callId) ? undefined : callId,
      error: error instanceof Error ? error.stack : String(error),
    });
    if (!context.handled) context.reply(500);
  }
}
