import type { Logger } from '../base/logger.ts';
import { isPromise } from '../base/maybe-promise.ts';
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

  /** Runs the route for one request; synchronous as long as the route is. */
  run(context: RequestContext): void {
    try {
      const handled = this.#route(context);
      if (isPromise(handled)) handled.catch((error: unknown) => this.#failed(context, error));
    } catch (error) {
      this.#failed(context, error);
    }
  }

  #failed(context: RequestContext, error: unknown): void {
    const { callId } = context.request;
    this.#logger.error('the request route threw', {
      method: context.method,
      callId,
      error: error instanceof Error ? error.stack : String(error),
    });
    if (!context.handled) context.reply(500);
  }
}
