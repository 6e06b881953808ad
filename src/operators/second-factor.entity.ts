import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** The app that somebody has besides a password, one a person. */
export const SecondFactorEntity = defineEntity({
  name: 'SecondFactor',
  tableName: 'second_factors',
  properties: {
    userId: p.text().primary(),
    /** Sealed for its person. */
    secret: p.text(),
    /** The thirty seconds of the newest code that was used; that one and older ones are used up. */
    lastStep: p.bigint('number').default(0),
    /** SHA-256 of the recovery codes that are left. */
    recoveryHashes: p.json<string[]>().defaultRaw(`'[]'`),
    createdAt: p.datetime().defaultRaw('now()'),
    /** Null until a first code has shown that the app has the secret; nothing is asked for before. */
    confirmedAt: p.datetime().nullable(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof SecondFactorEntity> {}
}
