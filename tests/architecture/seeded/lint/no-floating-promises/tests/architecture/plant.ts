const save = async (): Promise<void> => {};

export function take(): void {
  save();
}
