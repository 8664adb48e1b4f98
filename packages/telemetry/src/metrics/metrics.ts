import { collectDefaultMetrics, Counter as ClientCounter, Gauge as ClientGauge, Histogram as ClientHistogram, Registry } from '@prometheus-io/client';
import { seriesOf, type LabelName, type LabelValues } from './series.js';

/** Only goes up, until the process starts anew. */
export interface Counter<L extends LabelName> { add(values: LabelValues<L>, by?: number): void }

/** How long something took, or how late it came, in seconds. */
export interface Histogram<L extends LabelName> {
  observe(values: LabelValues<L>, seconds: number): void;
}

/** What there is right now; asked for when somebody looks, so that it costs nothing in between. */
export interface Gauge<L extends LabelName> {
  /**
   * Has `read` asked at each look; two of the same labels are summed. Answers the function that ends it.
   * A reading that fails, or takes longer than two seconds, is left out and counted.
   */
  watch(values: LabelValues<L>, read: () => number | Promise<number>): () => void;
}

/** From a millisecond to a minute: commands end at the left, jobs and outages at the right. */
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const LONGEST_READ_MS = 2_000;

const registry = new Registry();
let withProcess = false;

/** The metric of a name, made when it is first declared: a package that is loaded twice, from its sources and as built, shares it. */
const declared = <Metric>(name: string, make: () => Metric): Metric => (registry.getSingleMetric(name) as Metric | undefined) ?? make();

/** Declares a counter; beside its user, once a process. `name` says what is counted, `help` in one sentence what it means. */
export function counter<const L extends LabelName>(name: `quanyu_${string}_total`, help: string, labels: readonly L[]): Counter<L> {
  const metric = declared(name, () => new ClientCounter({ name, help, labelNames: [...labels], registers: [registry] }));
  const series = seriesOf(labels, (values) => metric.labels(...labels.map((label) => values[label])));
  return { add: (values, by = 1) => { series(values).inc(by); } };
}

/** Declares a histogram of seconds; beside its user, once a process. */
export function histogram<const L extends LabelName>(name: `quanyu_${string}_seconds`, help: string, labels: readonly L[]): Histogram<L> {
  const metric = declared(name, () => new ClientHistogram({ name, help, labelNames: [...labels], buckets: BUCKETS_SECONDS, registers: [registry] }));
  const series = seriesOf(labels, (values) => metric.labels(...labels.map((label) => values[label])));
  // Two machines' clocks may differ by more than an event is old.
  return { observe: (values, seconds) => { series(values).observe(Math.max(0, seconds)); } };
}

interface Watch<L extends LabelName> { readonly values: LabelValues<L>; readonly read: () => number | Promise<number> }
const watchedBy = new Map<string, Set<never>>();

const failedReads = counter('quanyu_metric_reads_failed_total', 'Gauges that could not be read when somebody looked.', []);

/** Declares a gauge; beside its user, once a process. It has a label: one without would read 0 where nothing was read. */
export function gauge<const L extends LabelName>(name: `quanyu_${string}`, help: string, labels: readonly [L, ...L[]]): Gauge<L> {
  const watched = (watchedBy.get(name) ?? new Set()) as Set<Watch<L>>;
  watchedBy.set(name, watched as Set<never>);
  const metric: ClientGauge<L> = declared(name, () => new ClientGauge({
    name, help, labelNames: [...labels], registers: [registry],
    collect: async () => {
      metric.reset();
      await Promise.all([...watched].map(async ({ values, read }) => {
        const value = await within(LONGEST_READ_MS, read);
        if (value === undefined) failedReads.add({});
        else seriesOf<L, { inc(by: number): void }>(labels, (safe) => metric.labels(...labels.map((label) => safe[label])))(values).inc(value);
      }));
    },
  }));
  return {
    watch: (values, read) => {
      const watch = { values, read };
      watched.add(watch);
      return () => { watched.delete(watch); };
    },
  };
}

/** The content type of {@link metricsText}. */
export const METRICS_TYPE = registry.contentType;

let looking: Promise<string> | undefined;

/** All metrics of this process in Prometheus' text format. Two looks at once share one reading. */
export function metricsText(): Promise<string> {
  looking ??= registry.metrics().finally(() => { looking = undefined; });
  return looking;
}

/** Adds memory, CPU, event loop, garbage collection and handles of the process, under Prometheus' usual names. */
export function watchProcess(): void {
  if (!withProcess) collectDefaultMetrics({ register: registry });
  withProcess = true;
}

async function within(ms: number, read: () => number | Promise<number>): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => { timer = setTimeout(() => resolve(undefined), ms); });
  try {
    return await Promise.race([read(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
