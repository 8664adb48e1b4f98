import { PlatformError } from '../../outbound/platform-error.js';

/** What a call gives; null where the platform says that there is no such thing, be it by one of these codes of its own. */
export async function unlessGone<T>(call: Promise<T>, ...codes: readonly string[]): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof PlatformError && (error.code === 'NOT_FOUND' || codes.some((code) => error.details.platformCode?.includes(code) === true))) return null;
    throw error;
  }
}
