import { createTransport, type Transporter } from 'nodemailer';
import { PlatformError } from './platform-error.js';

export interface Mail { readonly to: string; readonly subject: string; readonly text: string; /** The same in each of its tries: whoever receives it twice knows it again. */ readonly id: string }

/** Sends mail. @throws PlatformError */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Where mail goes out, and from whom; null where nobody has said. */
export interface MailSettings { readonly url: string; readonly from: string }

const TIMEOUT_MS = 15_000;

/** By SMTP. A server's lasting no (5xx) is told from one that passes; its words, which may quote the mail, are not kept. */
export function smtpMailer({ url, from }: MailSettings): Mailer {
  const transport: Transporter = createTransport(url, { from });
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    send: async ({ to, subject, text, id }) => {
      const late = new Promise<never>((_resolve, reject) => { setTimeout(() => reject(new PlatformError('PLATFORM_TIMEOUT')), TIMEOUT_MS).unref(); });
      const sent = transport.sendMail({ to: { name: '', address: to }, subject: oneLine(subject), text, messageId: `<${id}@${domain}>` }).catch((error: unknown) => { throw failure(error); });
      await Promise.race([sent, late]);
    },
    close: () => transport.close(),
  };
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');

function failure(error: unknown): PlatformError {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number };
  const details = { cause: error, ...(responseCode !== undefined && { status: responseCode }) };
  if (code === 'EAUTH') return new PlatformError('CREDENTIALS_REFUSED', details);
  if (responseCode !== undefined && responseCode >= 500) return new PlatformError('REQUEST_REFUSED', details);
  return new PlatformError(responseCode === undefined ? 'PLATFORM_UNREACHABLE' : 'PLATFORM_DOWN', details);
}
