/** Waits for something to end, well or not, and answers whether it did in time. */
export async function endsWithin(ended: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => { timer = setTimeout(() => resolve(false), ms); });
  try {
    return await Promise.race([ended.then(() => true, () => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
