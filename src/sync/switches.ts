/** Switch that stops all calls to a system while it is `true` (value JSON true or false). */
export const PAUSED = (system: string): string => `paused:${system}`;
