import type { InferKyselyDB } from '@mikro-orm/postgresql'

/**
 * Every table with its columns, for the compiler alone. Each entity's file declares its own table here by merging, so that statements
 * are checked against the one declaration of the schema and this room knows none of the rooms above.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the entities fill it.
export interface Tables {}

/** The tables of entities as statements see them, by name. */
export type TablesOf<Entity extends { name: string }> = InferKyselyDB<Entity>
