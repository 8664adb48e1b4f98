// A name is short and says something; an identity is who vouches for a person, and how they call them.

/** Whether a text can be shown as a name. */
export const isName = (text: string): boolean => text.trim() !== '' && text.length <= 200;

/** Whether issuer and subject can be those of a token (RFC 7519: a subject is a text of any kind). */
export const isIdentity = (issuer: string, subject: string): boolean =>
  issuer.trim() !== '' && subject.trim() !== '' && issuer.length <= 500 && subject.length <= 255;
