import { findLeak } from '../domain/leak-detector.js';
import type { Line } from './outbound.js';
import { PlatformError } from './platform-error.js';

/** A line that no body goes over that says how somebody pays, signs in, or is marketed to: it is refused before it is sent. */
export const guardedLine = (line: Line): Line => ({
  bucket: line.bucket,
  // Nothing that is given to a shop leaves by files: nobody could look into them.
  files: ({ host }) => Promise.reject(new PlatformError('PUSH_WOULD_LEAK', { host, platformCode: 'FILE' })),
  send: async (request) => {
    const leak = request.body === undefined ? null : findLeak(request.body);
    if (leak !== null) throw new PlatformError('PUSH_WOULD_LEAK', { host: new URL(request.url).hostname, platformCode: `${leak.kind} ${leak.path}` });
    return line.send(request);
  },
});
