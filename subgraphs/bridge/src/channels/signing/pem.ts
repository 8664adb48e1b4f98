/** A key or a certificate in PEM, of the one line of base64 in which people fill it in. */
export const pemOf = (kind: 'PUBLIC KEY' | 'PRIVATE KEY' | 'CERTIFICATE', base64: string): string => `-----BEGIN ${kind}-----\n${base64.replaceAll(/(.{64})/g, '$1\n').trimEnd()}\n-----END ${kind}-----\n`;

/** What such a line looks like. */
export const KEY_FORM = /^[A-Za-z0-9+/]{100,6000}={0,2}$/;
