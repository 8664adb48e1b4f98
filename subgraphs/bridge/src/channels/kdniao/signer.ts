import { md5, sameText } from '../signing/digests.js';

/** `DataSign`, before it is put into a form: base64 of the hex of an MD5. */
export const dataSign = (requestData: string, appKey: string): string => Buffer.from(md5(`${requestData}${appKey}`)).toString('base64');
export const isPushSigned = ({ requestData, sign }: { readonly requestData: string; readonly sign: string }, appKeys: readonly string[]): boolean =>
  appKeys.map((appKey) => sameText(dataSign(requestData, appKey), sign)).some((same) => same);
