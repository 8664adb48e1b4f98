// ShipStation writes the clock of Los Angeles, without saying so.

const CLOCK = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Los_Angeles', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
const HOUR_MS = 3_600_000;

/** `2026-03-01 10:00:00` */
export const toPacific = (at: Date): string => CLOCK.format(at).replace(', ', ' ');

/** The instant of a local time, the earlier one in the hour that comes twice; null when the text is none. */
export function fromPacific(text: string): Date | null {
  const local = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})/.exec(text);
  if (local === null) return null;
  const wall = `${local[1]} ${local[2]}`;
  const utc = Date.parse(`${local[1]}T${local[2]}Z`);
  if (Number.isNaN(utc)) return null;
  // In the hour that spring leaves out there is no such instant, and the later clock says it best.
  const found = [7, 8].map((hours) => new Date(utc + hours * HOUR_MS)).find((at) => toPacific(at) === wall);
  return found ?? new Date(utc + 8 * HOUR_MS);
}

/** A window in local times: where the clock goes back within it, a wider one that holds it. */
export function pacificWindow({ from, to }: { readonly from: Date; readonly to: Date }): { readonly from: string; readonly to: string } {
  const window = { from: toPacific(from), to: toPacific(to) };
  if (window.from <= window.to && to.getTime() - from.getTime() <= Date.parse(`${window.to.replace(' ', 'T')}Z`) - Date.parse(`${window.from.replace(' ', 'T')}Z`)) return window;
  return { from: toPacific(new Date(from.getTime() - HOUR_MS)), to: toPacific(new Date(to.getTime() + HOUR_MS)) };
}
