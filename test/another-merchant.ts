import { createApiKey } from '../src/merchants/api-keys.ts'
import { newId } from '../src/platform/ids.ts'
import type { System } from './system.ts'

/** The secret key of a merchant that has nothing to do with the one the system starts with. */
export async function anotherKey({ database }: Pick<System, 'database'>): Promise<string> {
  const merchantId = newId('merchant')
  await database.sql(`insert into merchants (id, name) values ($1, 'Another')`, [merchantId])
  const { key } = await createApiKey(database, { merchantId, kind: 'secret', liveMode: false })
  return key
}
