import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@quanyu/viewer';
import { ChannelConnection, type ChannelConnectionRow } from '../../entities/channel-connection.entity.js';

/** A channel that the viewer may see, its row locked; null when there is none. */
export const lockChannel = async (em: EntityManager, viewer: Viewer, id: string): Promise<ChannelConnectionRow | null> =>
  viewer.seesChannel(id) ? em.findOne(ChannelConnection, { tenantId: viewer.tenantId, id: id as ChannelConnectionRow['id'] }, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
