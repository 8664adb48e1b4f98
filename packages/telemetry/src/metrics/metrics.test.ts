import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { counter, gauge, histogram, metricsText } from './metrics.js';
import { serveMetrics, type MetricsServer } from './serve-metrics.js';
import { timed } from './timed.js';

const linesOf = async (name: string): Promise<string[]> => (await metricsText()).split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));

describe('metrics', () => {
  it('counts by the values of its labels', async () => {
    const jobs = counter('quanyu_test_jobs_total', 'Jobs.', ['job', 'outcome']);
    jobs.add({ job: 'a.b', outcome: 'ok' });
    jobs.add({ job: 'a.b', outcome: 'ok' }, 4);
    jobs.add({ job: 'a.b', outcome: 'failed' });
    expect(await linesOf('quanyu_test_jobs_total')).toEqual(['quanyu_test_jobs_total{job="a.b",outcome="ok"} 5', 'quanyu_test_jobs_total{job="a.b",outcome="failed"} 1']);
  });

  it('keeps how long work took, also when it failed, and takes a clock that is behind for zero', async () => {
    const runs = histogram('quanyu_test_run_seconds', 'Runs.', ['job', 'outcome']);
    expect(await timed(runs, { job: 'a' }, async () => 7)).toBe(7);
    await expect(timed(runs, { job: 'a' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    runs.observe({ job: 'a', outcome: 'ok' }, -3);
    expect((await linesOf('quanyu_test_run_seconds')).filter((line) => /_count|_sum.*-/.test(line)))
      .toEqual(['quanyu_test_run_seconds_count{job="a",outcome="ok"} 2', 'quanyu_test_run_seconds_count{job="a",outcome="failed"} 1']);
  });

  it('asks gauges when somebody looks, sums those of one label, and forgets those that ended', async () => {
    const pools = gauge('quanyu_test_connections', 'Connections.', ['pool']);
    let used = 1;
    const end = pools.watch({ pool: 'app' }, () => used);
    pools.watch({ pool: 'app' }, async () => 10);
    pools.watch({ pool: 'system' }, () => Promise.reject(new Error('gone')));
    expect(await linesOf('quanyu_test_connections')).toEqual(['quanyu_test_connections{pool="app"} 11']);
    expect(await linesOf('quanyu_metric_reads_failed_total')).toEqual(['quanyu_metric_reads_failed_total 1']);
    used = 2;
    expect(await linesOf('quanyu_test_connections')).toEqual(['quanyu_test_connections{pool="app"} 12']);
    end();
    expect(await linesOf('quanyu_test_connections')).toEqual(['quanyu_test_connections{pool="app"} 10']);
  });

  it('does not wait for a gauge that hangs', async () => {
    const hung = gauge('quanyu_test_hung', 'Hangs.', ['pool']);
    const end = hung.watch({ pool: 'app' }, () => new Promise(() => undefined));
    const startedAt = performance.now();
    expect(await linesOf('quanyu_test_hung')).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    end();
  });

  it('lets no value in that is not a word from code, and no more than a thousand combinations', async () => {
    const hostile = counter('quanyu_test_hostile_total', 'Hostile.', ['operation']);
    const values = fc.sample(fc.oneof(fc.string(), fc.emailAddress(), fc.constantFrom('13812345678', 'li 四', '"} 1\n', '__proto__')), 2_000);
    for (const operation of [...values, ...Array.from({ length: 3_000 }, (_, n) => `Op${n}`)]) hostile.add({ operation });
    const lines = await linesOf('quanyu_test_hostile_total');
    expect(lines.length).toBeLessThanOrEqual(1_001);
    expect(lines.join()).not.toMatch(/@|\d{11}|四/);
    expect(lines.map((line) => Number(line.split(' ').at(-1))).reduce((sum, n) => sum + n)).toBe(5_000);
    for (const line of lines) expect(line).toMatch(/^quanyu_test_hostile_total\{operation="[A-Za-z0-9_./:-]+"\} \d+$/);
  });
});

describe('the metrics listener', () => {
  let server: MetricsServer | undefined;
  afterEach(() => server?.close());

  it('tells metrics and the process, and nothing else', async () => {
    server = await serveMetrics({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(server.url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(await answer.text()).toMatch(/^process_resident_memory_bytes \d+/m);
    expect((await fetch(new URL('/', server.url))).status).toBe(404);
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
  });

  it('says so when its port is taken', async () => {
    server = await serveMetrics({ host: '127.0.0.1', port: 0 });
    await expect(serveMetrics({ host: '127.0.0.1', port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
