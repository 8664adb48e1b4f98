/** A number that a carrier gave out, and to whose parcel. */
export interface GivenNumber { readonly number: string; readonly carrier: string; readonly receiver: string }

/** Numbers of carriers, one for each id that a customer asks with. */
export class WaybillStore {
  readonly given = new Map<string, GivenNumber>();
  #last = 0;

  constructor(private readonly prefix: string) {}

  /** The number under this id, given out now or before; null where it was given for another parcel. */
  give(requestId: string, carrier: string, receiver: string): (GivenNumber & { readonly isNew: boolean }) | null {
    const known = this.given.get(requestId);
    if (known !== undefined) return known.carrier === carrier && known.receiver === receiver ? { ...known, isNew: false } : null;
    this.#last += 1;
    const made = { number: `${this.prefix}${String(this.#last).padStart(11, '0')}`, carrier, receiver };
    this.given.set(requestId, made);
    return { ...made, isNew: true };
  }
}

/** A way of writing that only the print component undoes. */
export const sealedPrint = (number: string, receiver: string): string =>
  JSON.stringify({ encryptedData: `AES:${Buffer.from(`${number}|${receiver}`).toString('base64')}`, signature: `MD:${number}`, templateURL: 'http://cloudprint.cainiao.com/template/standard/301/1', ver: 'waybill_print_secret_version_1' });
