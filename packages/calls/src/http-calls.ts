import { inSpan, timed } from '@quanyu/telemetry';
import type { z } from 'zod';
import type { CallDefinition } from './define-call.js';
import { callSeconds } from './metrics.js';
import type { Calls } from './registry.js';
import type { ServiceClient } from './service/client.js';

/** A call that its owner refused; its code is the owner's. */
export class CallError extends Error {
  readonly safeMessage = true;
  constructor(call: string, readonly code: string) {
    super(`${call} answered ${code}`);
    this.name = 'CallError';
  }
}

/** Where a service answers its calls. */
export const CALLS_PATH = '/calls/';

/** Calls of subgraphs that run elsewhere. Each is idempotent, so one that may have been lost is sent again. */
export class HttpCalls implements Calls {
  constructor(private readonly client: ServiceClient) {}

  invoke<Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
    call: CallDefinition<Name, Input, Output>, input: z.input<Input>,
  ): Promise<z.output<Output>> {
    return timed(callSeconds, { call: call.name }, () => inSpan(`call ${call.name}`, { kind: 'client' }, () => this.#ask(call, input)));
  }

  async #ask<Output extends z.ZodType>(call: CallDefinition<string, z.ZodType, Output>, input: unknown): Promise<z.output<Output>> {
    const { status, body } = await this.client.request(call.owner, {
      path: `${CALLS_PATH}${call.name}`, body: JSON.stringify(input), headers: { 'content-type': 'application/json' }, repeatable: true,
    });
    const { output, error } = JSON.parse(body.toString()) as { output?: unknown; error?: { code?: string } };
    if (status !== 200) throw new CallError(call.name, error?.code ?? `HTTP_${status}`);
    return call.output.parse(output);
  }
}
