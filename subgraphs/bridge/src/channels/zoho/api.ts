import { PlatformError } from '../../outbound/platform-error.js';
import type { PlatformAnswer } from '../../outbound/outbound.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { askJson } from '../asking/ask-json.js';
import type { ClientContext, Renewed } from '../connector.js';

/** 57: no right; 14: no organisation of ours; 6041: not a user of it. */
const KEY_CODES = new Set(['57', '14', '6041']);
/** Too many in a minute, too many in a day. */
const LIMITED = new Set(['43', '44', '45']);

interface Call { readonly query?: Readonly<Record<string, string>>; readonly json?: unknown; readonly repeatable?: boolean }

/** Calls Zoho Inventory for one organisation; numbers as text. */
export async function callZoho(context: ClientContext, method: 'GET' | 'POST', path: string, { query = {}, json, repeatable = method === 'GET' }: Call = {}): Promise<JsonObject> {
  const { settings, secrets } = context.account;
  const parameters = new URLSearchParams({ ...query, organization_id: settings['organizationId'] ?? '' });
  return askJson(context, {
    method, url: `https://www.zohoapis.${settings['region']}/inventory/v1${path}?${parameters.toString()}`, repeatable, refusal, ...(json !== undefined && { json }),
    headers: { authorization: `Zoho-oauthtoken ${secrets['accessToken'] ?? ''}` },
  });
}

/** Codes say more than the status; 0 is success. */
function refusal({ status, body, headers }: PlatformAnswer): PlatformError | undefined {
  if (status === 401 || status >= 500) return undefined;
  const { code } = answerObject(body) as { code?: string };
  if (code === '0') return undefined;
  if (code === undefined) return status < 400 ? new PlatformError('ANSWER_INVALID', { status }) : undefined;
  const details = { status, platformCode: /^[\w.-]{1,40}$/.test(code) ? code : 'OTHER' };
  if (LIMITED.has(code) || status === 429) return new PlatformError('THROTTLED', { ...details, retryAfterMs: waitOf(headers) });
  if (KEY_CODES.has(code)) return new PlatformError('CREDENTIALS_REFUSED', details);
  return new PlatformError(status === 404 ? 'NOT_FOUND' : 'REQUEST_REFUSED', details);
}

const waitOf = (headers: PlatformAnswer['headers']): number => {
  const seconds = headers['retry-after'] ?? headers['x-rate-limit-reset'] ?? '';
  return /^\d{1,6}(\.\d+)?$/.test(seconds) ? Number(seconds) * 1000 : 60_000;
};

/** Renews the access token, which lives for an hour. The refresh token stays. */
export async function renewZoho(context: ClientContext): Promise<Renewed> {
  const { settings, secrets } = context.account;
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: settings['clientId'] ?? '', client_secret: secrets['clientSecret'] ?? '', refresh_token: secrets['refreshToken'] ?? '' });
  const answer = await context.line.send({
    method: 'POST', url: `https://accounts.zoho.${settings['region']}/oauth/v2/token`, body: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' }, repeatable: true,
    // It answers 200 to what it refuses.
    judge: ({ status, body }) => {
      if (status !== 200 && status !== 400) return undefined;
      const { error, access_token: token } = answerObject(body) as { error?: string; access_token?: string };
      if (error !== undefined) return new PlatformError(error === 'Access Denied' ? 'THROTTLED' : 'CREDENTIALS_REFUSED', { status, platformCode: /^[\w ]{1,40}$/.test(error) ? error : 'OTHER' });
      return token === undefined ? new PlatformError('ANSWER_INVALID', { status }) : undefined;
    },
  });
  const { access_token: accessToken = '', expires_in: seconds = '3600' } = answerObject(answer.body) as { access_token?: string; expires_in?: string };
  return { secrets: { accessToken }, expiresAt: new Date(context.now().getTime() + Number(seconds) * 1000) };
}
