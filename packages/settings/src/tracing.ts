import { address, Fault, parsed, text } from './setting.js';

/** The settings of traces, under the names that OpenTelemetry has given them. */
export const tracingTable = (service: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: address(['http', 'https'], { what: 'Where traces go: the base address of an OpenTelemetry receiver (OTLP over HTTP). Not set: nothing is traced, and nothing of it loaded.', form: 'http://collector:4318', fallback: null, shown: 'nowhere' }),
  OTEL_SERVICE_NAME: text({ what: 'What this process is called in traces.', fallback: service }),
  OTEL_TRACES_SAMPLER_ARG: parsed({ what: 'Share of the traces that are kept; what came with a trace follows it.', form: '0 to 1', fallback: 1, shown: '1, all' }, readShare),
});

/** Where traces go and which; null where none are wanted. */
export const tracingOf = (values: { readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | null; readonly OTEL_SERVICE_NAME: string; readonly OTEL_TRACES_SAMPLER_ARG: number }): TracingSettings | null =>
  (values.OTEL_EXPORTER_OTLP_ENDPOINT === null ? null : { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, service: values.OTEL_SERVICE_NAME, sampleRatio: values.OTEL_TRACES_SAMPLER_ARG });

/** Where traces go, as `startTracing` takes it. */
export interface TracingSettings { readonly endpoint: string; readonly service: string; readonly sampleRatio: number }

function readShare(given: string): number | Fault {
  const share = /^(0|1|0?\.\d{1,6})$/.test(given) ? Number(given) : NaN;
  return share >= 0 && share <= 1 ? share : new Fault('must be a number from 0 to 1');
}
