import { diag, isSpanContextValid, ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, trace, type Attributes, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, TracerProvider, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { allowedFields } from '../fields.js';
import { log } from '../log.js';
import { reduceError } from '../reduce-error.js';
import type { OpenSpan, SpanFields, SpanKind, Tracer, TracingOptions } from './tracer.js';

const KINDS: Readonly<Record<SpanKind, Kind>> = { server: Kind.SERVER, client: Kind.CLIENT, producer: Kind.PRODUCER, consumer: Kind.CONSUMER, internal: Kind.INTERNAL };

/** Makes the tracer that hands spans over to an OTLP endpoint. This file is the only one that loads OpenTelemetry. */
export function openTelemetryTracer({ endpoint, service, sampleRatio = 1 }: TracingOptions): { readonly tracer: Tracer; flush(): Promise<void> } {
  // Its words may quote the endpoint's answer; that it complains is what matters.
  const complain = (): void => log.warn('traces cannot be handed over');
  const silent = (): void => undefined;
  diag.setLogger({ error: complain, warn: silent, info: silent, debug: silent, verbose: silent }, { suppressOverrideMessage: true });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: sampleRatio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }), scheduledDelayMillis: 1_000, maxQueueSize: 8_192 })],
  });
  const own = provider.getTracer('quanyu');
  return {
    tracer: {
      begin: (name, kind, parent, fields) => {
        const span = own.startSpan(name, { kind: KINDS[kind], attributes: attributesOf(fields) }, contextOf(parent));
        const { traceId, spanId, traceFlags } = span.spanContext();
        return {
          traceId,
          traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
          rename: (renamed) => { span.updateName(renamed); },
          tell: (more) => { span.setAttributes(attributesOf(more)); },
          end: (error) => {
            if (error !== undefined) {
              const { name: type, code } = reduceError(error);
              span.setStatus({ code: SpanStatusCode.ERROR, message: String(code ?? type) });
            }
            span.end();
          },
        } satisfies OpenSpan;
      },
    },
    flush: () => provider.shutdown(),
  };
}

function contextOf(parent: string | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = '00'] = parent.split('-');
  const above = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(above) ? trace.setSpanContext(ROOT_CONTEXT, above) : ROOT_CONTEXT;
}

/** The words of a log line under a name of ours: what may not be logged may not be traced. */
function attributesOf({ httpStatus, traceId: _own, ...fields }: SpanFields): Attributes {
  const attributes: Attributes = httpStatus === undefined ? {} : { 'http.response.status_code': httpStatus };
  for (const [name, value] of Object.entries(allowedFields(fields))) attributes[`quanyu.${name}`] = value as string | number;
  return attributes;
}
