import { setTimeout as sleep } from 'node:timers/promises';
import { parkedEventsOf } from '@quanyu/calls';
import { eventParked } from '@quanyu/events';
import type { GraphContext } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';

export type SubgraphName = keyof typeof eventParked;
export const SUBGRAPH_NAMES = Object.keys(eventParked) as SubgraphName[];

/** One that hangs must not hide what the others say. */
const ANSWER_WITHIN_MS = 3_000;

interface Listed { readonly eventId: string; readonly type: string; readonly source: string; readonly subject: string; readonly attempts: number; readonly reason: string; readonly state: 'RETRYING' | 'PARKED'; readonly parkedAt: string }
export type ParkedEventView = Listed & { readonly subgraph: SubgraphName };
export interface ParkedEventsView { readonly nodes: readonly ParkedEventView[]; readonly totalCount: number; readonly unanswered: readonly SubgraphName[] }

/** What subgraphs have not taken in, gathered from each: failed ones before those that wait behind them, each oldest first. */
export async function parkedEvents(ctx: GraphContext, subgraphs: readonly SubgraphName[], limit: number): Promise<ParkedEventsView> {
  const answers = await Promise.all(subgraphs.map(async (subgraph) => ({ subgraph, answer: await askOne(ctx, subgraph, limit) })));
  const nodes = answers.flatMap(({ subgraph, answer }) => (answer?.events ?? []).map((event) => ({ ...event, subgraph })));
  return {
    nodes: nodes.sort((a, b) => Number(a.attempts === 0) - Number(b.attempts === 0) || a.parkedAt.localeCompare(b.parkedAt)).slice(0, limit),
    totalCount: answers.reduce((sum, { answer }) => sum + (answer?.total ?? 0), 0),
    unanswered: answers.filter(({ answer }) => answer === null).map(({ subgraph }) => subgraph),
  };
}

async function askOne(ctx: GraphContext, subgraph: SubgraphName, limit: number): Promise<{ readonly events: readonly Listed[]; readonly total: number } | null> {
  const late = new AbortController();
  try {
    return await Promise.race([
      ctx.deps.calls.invoke(parkedEventsOf(subgraph), { tenantId: ctx.viewer.tenantId, limit }),
      sleep(ANSWER_WITHIN_MS, null, { signal: late.signal }),
    ]);
  } catch (error) {
    log.warn('a subgraph does not tell its parked events', { subgraph, error });
    return null;
  } finally {
    late.abort();
  }
}
