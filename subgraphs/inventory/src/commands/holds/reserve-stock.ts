import { hash } from 'node:crypto';
import type { Database } from '@quanyu/database';
import { HOLD_MINUTES, MOST_HOLD_MINUTES, soundLines, type Wanted } from '../../domain/ask.js';
import { MAIN_BUCKET } from '../../domain/available.js';
import type { AskOutcome } from '../../domain/outcome.js';
import { engineOf } from '../engine/engine.js';

export interface ReserveStock {
  readonly tenantId: string;
  /** An order's id, or another key of the caller's: one reservation each, whatever comes twice. */
  readonly key: string;
  readonly lines: readonly Wanted[];
  /** Minutes until the hold ends by itself, or until somebody ends it; 15 minutes when not given. */
  readonly hold?: number | 'UNTIL_ENDED';
  /** Hold what there is, where not all is there. */
  readonly inPart?: boolean;
  /** The activity whose units are sold; everybody's when not given. */
  readonly bucket?: string;
  /** Who buys; a bucket may have a limit for each. */
  readonly memberId?: string | null;
  /** Where the goods go, in the words of the sourcing rules. */
  readonly region?: string | null;
  /** Whom events tell of it; orders' own ids only. */
  readonly tells?: 'nobody' | 'held' | 'held and short';
}

type ReserveRefusal = { readonly kind: 'refused'; readonly code: 'QUANTITY_INVALID' | 'LINES_INVALID' | 'HOLD_INVALID' };

export type ReserveOutcome = AskOutcome | ReserveRefusal;

/** Holds all lines of an ask or none (or what there is, when asked), and says which are short. A short ask may come again and is judged anew. */
export function reserveStock(database: Database, request: ReserveStock): Promise<ReserveOutcome> {
  const { tenantId, key, hold = HOLD_MINUTES, inPart = false, bucket = MAIN_BUCKET, memberId = null, region = null, tells = 'nobody' } = request;
  const sound = soundLines(request.lines);
  if (sound.kind === 'refused') return Promise.resolve({ kind: 'refused', code: sound.code });
  if (hold !== 'UNTIL_ENDED' && !(hold > 0 && hold <= MOST_HOLD_MINUTES)) return Promise.resolve({ kind: 'refused', code: 'HOLD_INVALID' });
  return engineOf(database).ask({
    tenantId, key, hash: hashOf(sound.lines, bucket, memberId, inPart), lines: sound.lines, bucket, memberId, region,
    holdSeconds: hold === 'UNTIL_ENDED' ? null : Math.ceil(hold * 60), inPart, tells, late: false,
  });
}

/** Of what was asked, however it was spelled: enough to tell another content under the same key. */
const hashOf = (lines: readonly Wanted[], bucket: string, memberId: string | null, inPart: boolean): string => {
  const words = lines.map(({ skuId, quantity }) => `${skuId} ${quantity}`);
  if (words.length > 1) words.sort();
  return hash('sha1', `${words.join(',')}|${bucket}|${memberId ?? ''}|${inPart}`, 'base64').slice(0, 16);
};
