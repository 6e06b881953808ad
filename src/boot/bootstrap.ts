import { removeDemoSellingEntities, seedDemoSellingEntities } from '../checkouts/demo-selling-entities.ts'
import type { Database } from '../database/database.ts'
import { lockName } from '../database/lock-name.ts'
import { createApiKey, findKeyOwner } from '../merchants/api-keys.ts'
import { createMerchant } from '../merchants/merchants.ts'
import { addUser } from '../operators/users.ts'
import type { Config } from '../platform/config.ts'
import { seedTaxRates } from '../tax/tax-rates.ts'

/**
 * First boot: for trial the tax rates and selling entities that are shipped, the first merchant with its keys and the first user of its dashboard, and the first operator, from the `BOOTSTRAP_*` settings.
 * What exists already stays as it is, so it may run at every start and in several processes.
 */
export async function bootstrap(database: Database, config: Config): Promise<void> {
  const { secretKey, publishableKey, adminEmail, adminPassword, sellerEmail, sellerPassword } = config.bootstrap
  const origins = config.bootstrap.publishableKeyOrigins
  const liveMode = config.production
  await database.transaction(async (tx) => {
    await lockName(tx, 'bootstrap')
    // Real money is taken by somebody's own companies, at rates that somebody has checked.
    if (config.production) await removeDemoSellingEntities(tx.sql)
    else {
      await seedTaxRates(tx.sql)
      await seedDemoSellingEntities(tx.sql)
    }
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
      await addUser(tx, { email, password, merchantId: shop })
    }
  })
}
