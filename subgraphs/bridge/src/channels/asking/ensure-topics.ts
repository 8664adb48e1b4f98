import { PlatformError } from '../../outbound/platform-error.js';
import type { EnsuredWebhooks } from '../connector.js';

/** Registers what is missing of these topics, one by one: a topic that is refused does not stop the rest. */
export async function ensureTopics(topics: readonly string[], isThere: (topic: string) => boolean, register: (topic: string) => Promise<unknown>): Promise<EnsuredWebhooks> {
  const [registered, refused]: [string[], string[]] = [[], []];
  for (const topic of topics) {
    if (isThere(topic)) continue;
    try {
      await register(topic);
      registered.push(topic);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'REQUEST_REFUSED') throw error;
      refused.push(topic);
    }
  }
  return { topics: topics.filter((topic) => !refused.includes(topic)), registered, refused };
}
