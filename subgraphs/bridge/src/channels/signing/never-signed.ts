import type { Channel } from '../channel.js';

/** The verifier of a platform that sends us nothing: whatever comes is not its. */
export const neverSigned: Channel['verify'] = () => ({ kind: 'refused', reason: 'SIGNATURE_MISSING' });
