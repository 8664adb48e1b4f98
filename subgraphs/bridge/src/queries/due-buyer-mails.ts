import type { Database } from '@quanyu/database';

export interface MailRef { readonly tenantId: string; readonly mailId: string }

/** Mails to buyers that are to be sent by now. */
export async function dueBuyerMails({ system }: Pick<Database, 'system'>): Promise<MailRef[]> {
  const { rows } = await system.query<MailRef>(
    `select tenant_id as "tenantId", id as "mailId" from buyer_mail
     where state = 'DUE' and next_at <= app_now() and (leased_until is null or leased_until < app_now()) order by next_at limit 500`);
  return rows;
}
