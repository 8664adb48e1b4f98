import { answer, redeemStepUp, type CallHandler } from '@quanyu/calls';

/**
 * Second factors as access answers for them, in memory: every token that begins with `good` is good for one use. A test
 * reads what was asked of them; the rules themselves are access', and shown there.
 */
export class SandboxStepUps {
  readonly asked: { readonly staffId: string; readonly action: string; readonly subject: string; readonly amount: { readonly minor: number; readonly currency: string } | null; readonly use: string }[] = [];
  readonly #uses = new Map<string, string>();

  readonly handlers: readonly CallHandler[] = [
    answer(redeemStepUp, ({ token, staffId, action, subject, amount, use }) => {
      this.asked.push({ staffId, action, subject, amount, use });
      if (!token.startsWith('good')) return Promise.resolve({ kind: 'refused' as const, code: 'STEP_UP_INVALID' as const });
      const known = this.#uses.get(token) ?? use;
      this.#uses.set(token, known);
      return Promise.resolve(known === use ? { kind: 'redeemed' as const } : { kind: 'refused' as const, code: 'STEP_UP_USED' as const });
    }),
  ];
}
