// Runs one benchmark and prints its figures. A figure: { name, value, unit, goal?, atLeast?, against?, ratio? }; a goal is an upper bound, unless it is `atLeast`.
const [area, ...flags] = process.argv.slice(2);
const { bench } = await import(new URL(`./${area}.bench.mjs`, import.meta.url));
const machine = flags.find((flag) => flag.startsWith('--machine='))?.slice('--machine='.length) ?? '';

const say = (text) => process.stderr.write(`  ${text}\n`);
/** `--orders 20000`: how many orders the day of a shop has, where a bench plays one. */
const orders = Number(flags[flags.indexOf('--orders') + 1]) || undefined;
const measured = await bench({ quick: flags.includes('--quick'), orders: flags.includes('--orders') ? orders : undefined, say });
const isMet = ({ value, goal, atLeast }) => ((goal ?? null) === null ? null : atLeast === true ? value >= goal : value <= goal);
const figures = measured.map((figure) => ({ against: null, ratio: null, goal: null, ...figure, met: isMet(figure) }));

const cell = (text, width) => String(text).padEnd(width);
console.log(`\n${area} on ${machine}\n`);
console.log(cell('figure', 58), cell('value', 14), cell('goal', 14), 'met');
for (const { name, value, unit, goal, atLeast, met } of figures) console.log(cell(name, 58), cell(`${value} ${unit}`, 14), cell((goal ?? null) === null ? '' : `${atLeast === true ? '>= ' : ''}${goal} ${unit}`, 14), met === null ? '' : met ? 'yes' : 'NO');
if (flags.includes('--json')) console.log(JSON.stringify({ area, machine, figures }));
process.exit(0);
