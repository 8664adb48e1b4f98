// A parcel only goes forward: what a late push says of earlier days changes nothing, and delivered is delivered.

export const TRACK_STATES = ['PICKED_UP', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'RETURNING', 'DELIVERED', 'RETURNED'] as const;
export type TrackState = (typeof TRACK_STATES)[number];

export interface Track { readonly state: TrackState; readonly problem: boolean; readonly scannedAt: Date }
export interface TrackNews { readonly state: TrackState | 'PROBLEM'; readonly at: Date }

/** Ends of the same rank: neither follows the other. */
const RANK: Readonly<Record<TrackState, number>> = { PICKED_UP: 0, IN_TRANSIT: 1, OUT_FOR_DELIVERY: 2, RETURNING: 3, DELIVERED: 4, RETURNED: 4 };
const isEnd = (state: TrackState): boolean => RANK[state] === RANK.DELIVERED;

/** What is known after a piece of news; the very same object when nothing changes. */
export function nextTrack(known: Track | null, news: TrackNews): Track {
  if (known === null) return news.state === 'PROBLEM' ? { state: 'PICKED_UP', problem: true, scannedAt: news.at } : { state: news.state, problem: false, scannedAt: news.at };
  if (isEnd(known.state)) return known;
  const isNewer = news.at > known.scannedAt;
  if (news.state === 'PROBLEM') return isNewer ? { state: known.state, problem: true, scannedAt: news.at } : known;
  if (RANK[news.state] > RANK[known.state]) return { state: news.state, problem: isNewer ? false : known.problem, scannedAt: isNewer ? news.at : known.scannedAt };
  // On its way again after a hindrance, though no further than it was.
  return isNewer ? { state: known.state, problem: false, scannedAt: news.at } : known;
}
