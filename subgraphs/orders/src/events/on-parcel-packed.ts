import { parcelPacked } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { takePackedParcel } from '../commands/intake/take-packed-parcel.js';

export const onParcelPacked = on(parcelPacked, ({ em, deps }: ConsumeContext<SubgraphDeps>, { data }) => takePackedParcel(em, deps.vault, data));
