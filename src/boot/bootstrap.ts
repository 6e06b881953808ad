import { seedSellingEntities } from '../checkouts/selling-entities.ts'
import type { Database } from '../database/database.ts'
import { createApiKey, findKeyOwner } from '../merchants/api-keys.ts'
import { createMerchant } from '../merchants/merchants.ts'
import { hashPassword } from '../operators/passwords.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import { seedTaxRates } from '../tax/tax-rates.ts'

/**
 * First boot: tax rates and selling entities as they are shipped, the first merchant with its keys and the first user of its dashboard, and the first operator, from the `BOOTSTRAP_*` settings.
 * What exists already stays as it is, so it may run at every start and in several processes.
 */
export async function bootstrap(database: Database, config: Config): Promise<void> {
  const { secretKey, publishableKey, adminEmail, adminPassword, sellerEmail, sellerPassword } = config.bootstrap
  const origins = config.bootstrap.publishableKeyOrigins
  const liveMode = config.production
  await database.transaction(async (tx) => {
    await tx.sql(`select pg_advisory_xact_lock(hashtext('ordermill:bootstrap'))`)
    await seedTaxRates(tx.sql)
    await seedSellingEntities(tx.sql)
    let merchantId: string | undefined
    if (secretKey) {
      const owner = await findKeyOwner(tx.sql, secretKey)
      merchantId =
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
      if (publishableKey)
        await createApiKey(tx, { merchantId, kind: 'publishable', liveMode, key: publishableKey, origins })
    }
    const operator = { email: adminEmail, password: adminPassword, merchantId: null }
    const seller = { email: sellerEmail, password: sellerPassword, merchantId: merchantId ?? null }
    for (const { email, password, merchantId: shop } of merchantId ? [operator, seller] : [operator]) {
      if (!email || !password) continue
      const existing = await tx.sql<{ id: string }>('select id from users where email = $1', [email.toLowerCase()])
      if (existing.length > 0) continue
      await tx.sql('insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)', [
        newId('user'),
        email.toLowerCase(),
        await hashPassword(password),
        shop,
      ])
    }
  })
}
