import { createApiKey, findKeyOwner } from '../merchants/api-keys.ts'
import { createMerchant } from '../merchants/merchants.ts'
import { hashPassword } from '../operators/passwords.ts'
import type { Config } from './config.ts'
import type { Database } from './database.ts'
import { newId } from './ids.ts'

/**
 * First boot: the first merchant with its keys, and the first operator, from the `BOOTSTRAP_*` settings.
 * What exists already stays as it is, so it may run at every start and in several processes.
 */
export async function bootstrap(database: Database, config: Config): Promise<void> {
  const { secretKey, publishableKey, adminEmail, adminPassword } = config.bootstrap
  const liveMode = config.production
  await database.transaction(async (tx) => {
    await tx.sql(`select pg_advisory_xact_lock(hashtext('ordermill:bootstrap'))`)
    if (secretKey) {
      const owner = await findKeyOwner(tx.sql, secretKey)
      const merchantId =
        owner?.merchantId ??
        (
          await createMerchant(tx.em, null, {
            name: 'My shop',
            email: adminEmail ?? null,
            commissionBps: null,
            commissionFixed: null,
            stripeAccountId: null,
            shipFrom: null,
          })
        ).id
      await createApiKey(tx, { merchantId, kind: 'secret', liveMode, key: secretKey })
      if (publishableKey) await createApiKey(tx, { merchantId, kind: 'publishable', liveMode, key: publishableKey })
    }
    if (adminEmail && adminPassword) {
      const existing = await tx.sql<{ id: string }>('select id from users where email = $1', [adminEmail.toLowerCase()])
      if (existing.length === 0) {
        await tx.sql('insert into users (id, email, password_hash) values ($1, $2, $3)', [
          newId('user'),
          adminEmail.toLowerCase(),
          await hashPassword(adminPassword),
        ])
      }
    }
  })
}
