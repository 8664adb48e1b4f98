import { sign, type KeyObject } from 'node:crypto';

// Just enough of X.509 (RFC 5280) to have certificates that are good on the day of the test, which Node reads and cannot make.

const der = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xffff ? 6 : body.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
};
const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const SHA256_RSA = sequence(hex('06092a864886f70d01010b'), hex('0500'));
const nameOf = (commonName: string): Buffer => sequence(
  der(0x31, sequence(hex('0603550406'), der(0x13, Buffer.from('CN')))), der(0x31, sequence(hex('0603550403'), der(0x0c, Buffer.from(commonName)))));
const timeOf = (at: Date): Buffer => der(0x18, Buffer.from(`${at.toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`));

export interface CertificateInput {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly serial: bigint;
  readonly from: Date;
  readonly to: Date;
}

/** A certificate as one line of base64. */
export function certificate({ subject, issuer, publicKey, issuerKey, serial, from, to }: CertificateInput): string {
  const digits = serial.toString(16);
  const bytes = digits.padStart(digits.length + (digits.length % 2), '0');
  const body = sequence(
    der(0xa0, hex('020102')), // A high first bit would make the number negative.
    der(0x02, hex(/^[89a-f]/.test(bytes) ? `00${bytes}` : bytes)), SHA256_RSA, nameOf(issuer), sequence(timeOf(from), timeOf(to)), nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }));
  return sequence(body, SHA256_RSA, der(0x03, hex('00'), sign('sha256', body, issuerKey))).toString('base64');
}

export const pem = (line: string): string => `-----BEGIN CERTIFICATE-----\r\n${line.replaceAll(/(.{64})(?=.)/g, '$1\r\n')}\r\n-----END CERTIFICATE-----`;
