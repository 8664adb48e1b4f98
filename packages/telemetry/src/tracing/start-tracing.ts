import { useTracer } from './trace.js';
import type { TracingOptions } from './tracer.js';

const FLUSH_MS = 3_000;

/**
 * Begins to hand traces over; answers the function that ends it with what is still to be told. OpenTelemetry is loaded
 * here and not before: a process that is not traced knows nothing of it.
 */
export async function startTracing(options: TracingOptions): Promise<() => Promise<void>> {
  const { openTelemetryTracer } = await import('./open-telemetry.js');
  const { tracer, flush } = openTelemetryTracer(options);
  useTracer(tracer);
  return async () => {
    useTracer(undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, FLUSH_MS); });
    // A receiver that is away must not hold up the end.
    await Promise.race([flush().catch(() => undefined), late]);
    clearTimeout(timer);
  };
}
