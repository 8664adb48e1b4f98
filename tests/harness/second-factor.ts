import { generateSync } from 'otplib';
import type { Credentials, Json } from './credentials.js';
import type { Product } from './product.js';

/** A person's authenticator: enrolled at the house, it gives a token for each deed. */
export class Authenticator {
  private constructor(private readonly product: Product, private readonly credentials: Credentials | undefined, readonly recoveryCodes: string[]) {}

  static async enrol(product: Product, credentials?: Credentials): Promise<Authenticator> {
    const { beginSecondFactor: { secret } } = await product.get('mutation { beginSecondFactor { secret userErrors { code } } }', {}, credentials);
    const { confirmSecondFactor: { recoveryCodes } } = await product.get('mutation($code: String!) { confirmSecondFactor(code: $code) { recoveryCodes userErrors { code } } }', { code: generateSync({ secret }) }, credentials);
    return new Authenticator(product, credentials, recoveryCodes);
  }

  /** A token for a deed. By a recovery code: a code of the device is good once in 30 seconds, and a test does not wait. */
  async tokenFor(action: string, subject: string, amount: Json = null): Promise<string> {
    const { stepUp } = await this.product.get('mutation($input: StepUpInput!) { stepUp(input: $input) { token userErrors { code } } }', { input: { code: this.recoveryCodes.pop(), action, subject, amount } }, this.credentials);
    return stepUp.token;
  }
}
