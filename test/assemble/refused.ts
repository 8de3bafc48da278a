import { ConfigRefused } from '../../src/config.ts';

/** `line code` of everything a data file was refused for; a fault without both sentences shows as empty. */
export const refusedAt = async (read: () => unknown): Promise<readonly string[]> => {
  try {
    await read();
  } catch (error) {
    if (error instanceof ConfigRefused)
      return error.diagnostics.map(({ line, code, vi, en }) => (vi === '' || en === '' ? '' : `${line} ${code}`));
    throw error;
  }
  return [];
};
