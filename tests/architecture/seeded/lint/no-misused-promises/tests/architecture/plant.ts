const paid = async (): Promise<boolean> => false;

export function ship(): string {
  return paid() ? 'shipped' : 'waiting';
}
