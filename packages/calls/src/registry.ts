import { inSpan, timed } from '@quanyu/telemetry';
import type { z } from 'zod';
import type { CallDefinition } from './define-call.js';
import { callSeconds } from './metrics.js';

/** One row of a subgraph's table of calls. */
export interface CallHandler {
  readonly name: string;
  /** Services that may ask it. */
  readonly callers: readonly string[];
  handle(input: unknown): Promise<unknown>;
}

/** Binds a call to the command or query that answers it. Input and output are parsed at this border. */
export function answer<Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
  call: CallDefinition<Name, Input, Output>,
  handler: (input: z.output<Input>) => Promise<z.input<Output>>,
): CallHandler {
  return { name: call.name, callers: call.callers, handle: async (input) => call.output.parse(await handler(call.input.parse(input))) };
}

/** Invokes calls, wherever their owner runs. */
export interface Calls {
  invoke<Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
    call: CallDefinition<Name, Input, Output>, input: z.input<Input>,
  ): Promise<z.output<Output>>;
}

/** Calls of subgraphs that run in this process. Throws when the owner of a call has not been added. */
export class InProcessCalls implements Calls {
  readonly #handlers = new Map<string, CallHandler>();

  add(handlers: readonly CallHandler[]): void {
    for (const handler of handlers) this.#handlers.set(handler.name, handler);
  }

  async invoke<Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
    call: CallDefinition<Name, Input, Output>, input: z.input<Input>,
  ): Promise<z.output<Output>> {
    const handler = this.#handlers.get(call.name);
    if (handler === undefined) throw new Error(`Nobody in this process answers ${call.name}`);
    return (await timed(callSeconds, { call: call.name }, () => inSpan(`call ${call.name}`, { kind: 'client' }, () => handler.handle(input)))) as z.output<Output>;
  }
}
