/** JSON as it travels; the only shape data has between the rooms of the house. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Milliseconds since the epoch, UTC. Only the edges turn it into text. */
export type At = number;
