export const total = async (lines: Promise<number[]>): Promise<number> => (await lines).length;
