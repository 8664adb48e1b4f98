const round = (value, digits = 1) => Number(value.toFixed(digits));

/** The figures of all measurements, by workload; `results` by `kind workload varied shared`. */
export function figuresOf(results, kinds, workloads) {
  return workloads.flatMap((workload) => [false, true].flatMap((shared) => [true, false].flatMap((varied) => {
    const of = (kind) => results.get(`${kind} ${workload.name} ${varied} ${shared}`);
    const title = `${workload.name}, ${varied ? 'varied' : 'fixed'}${shared ? ', equal reads shared' : ''}`;
    return [
      ...kinds.filter((kind) => of(kind) !== undefined).flatMap((kind) => speedOf(title, kind, of(kind), of('http'))),
      ...(shared || of('http') === undefined ? [] : goalsOf(workload, of)),
    ];
  })));
}

function speedOf(title, kind, told, http) {
  const against = http === undefined || kind === 'http' || kind === 'in process' ? {} : { against: `ours over HTTP ${round(http.perSecond)}/s`, ratio: round(http.perSecond / told.perSecond, 2) };
  return [
    { name: `${title}: ${kind}`, value: round(told.perSecond), unit: '/s', ...against },
    { name: `  CPU an answer (of it the gateway ${round(told.gatewayCpu, 2)}, calls ${round(told.calls, 2)})`, value: round(told.cpu, 2), unit: 'ms' },
    { name: `  p99 (p50 ${round(told.p50)} ms, ${told.bytes} bytes, ${Math.round(told.memory)} MB)`, value: round(told.p99), unit: 'ms' },
  ];
}

function goalsOf({ name, fetches }, of) {
  const http = of('http');
  const figures = [{ name: '  most subgraph calls an answer', value: round(http.calls, 2), unit: '', goal: fetches }];
  if (name === 'nested') {
    for (const [kind, goal] of [['apollo', 8], ['hive', 1], ['hive, Rust planner', 1]]) {
      const other = of(kind);
      if (other === undefined) continue;
      figures.push({ name: `  times ${kind}`, value: round(http.perSecond / other.perSecond, 2), unit: 'x', goal, atLeast: true });
      // Holds on a machine that does other things at the same time.
      figures.push({ name: `  times ${kind}, by CPU of the gateway`, value: round(other.gatewayCpu / http.gatewayCpu, 2), unit: 'x', goal, atLeast: true });
    }
    figures.push({ name: '  p99 over HTTP at 50 connections', value: round(http.p99), unit: 'ms', goal: 250 });
    figures.push({ name: '  most memory of the gateway', value: Math.round(http.memory), unit: 'MB', goal: 300 });
  }
  if (name === 'list') {
    figures.push({ name: '  CPU of all processes over HTTP', value: round(http.cpu, 2), unit: 'ms', goal: 1.8 });
    if (of('in process') !== undefined) figures.push({ name: '  CPU in process', value: round(of('in process').gatewayCpu, 2), unit: 'ms', goal: 0.7 });
  }
  return figures;
}

/** What becomes of a gateway that is asked for several times what it can do. */
export function overloadFigures(peak, times, { asked, answered, inTimePerSecond, p99, refused, refusedP99, wrong, lost }) {
  return [
    { name: `asked for ${times} times what it can do (${round(peak)}/s): answered in time`, value: round(inTimePerSecond / peak * 100), unit: '%', goal: 80, atLeast: true },
    { name: `  p99 of an answer (${answered} of ${asked}; ${refused} told to come back, ${lost} lost)`, value: round(p99), unit: 'ms', goal: 500 },
    { name: '  p99 of a refusal', value: round(refusedP99), unit: 'ms' },
    { name: '  wrong answers', value: wrong, unit: '', goal: 0 },
  ];
}
