import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** An address of a listed person; `country` is ISO 3166, null where the list's word for it is not known. */
export type DeniedAddress = { address: string | null; city: string | null; country: string | null }

/** A person, company, vessel or aircraft that must not be sold to, as a sanctions list names it. */
export const DeniedPersonEntity = defineEntity({
  name: 'DeniedPerson',
  tableName: 'denied_persons',
  properties: {
    list: p.text().primary(),
    entryNumber: p.text().primary(),
    name: p.text(),
    /** `individual`, `vessel`, `aircraft`; null for everything else, which is mostly companies. */
    type: p.text().nullable(),
    program: p.text().nullable(),
    remarks: p.text().nullable(),
    aliases: p.json<string[]>(),
    addresses: p.json<DeniedAddress[]>(),
    /** How the words of all its names sound, for finding candidates. */
    soundKeys: p.text().array(),
    importedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'denied_persons_sound',
      // A list is replaced as a whole: without fastupdate the first searches after that do not have to read what is pending.
      expression: 'create index denied_persons_sound on denied_persons using gin (sound_keys) with (fastupdate = off)',
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof DeniedPersonEntity> {}
}
