import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { acceptPlainTextJson, limitBody } from '../src/api/middleware/read-body.ts'
import { registerFiles } from '../src/api/routes/files/register.ts'
import type { Sql } from '../src/database/database.ts'
import type { StoredFile } from '../src/files/files.ts'
import { createApiKey } from '../src/merchants/api-keys.ts'
import { openSession } from '../src/operators/sessions.ts'
import type { OrderState } from '../src/orders/order.state-machine.ts'
import { newId, newUuid } from '../src/platform/ids.ts'
import { startPartialApi } from './partial-api.ts'

/** An API with nothing but the file routes and a data folder or bucket of its own. */
export async function startFiles(env: Record<string, string> = {}) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'ordermill-test-files-'))
  const api = await startPartialApi({ DATA_DIR: dataDir, ...env }, (app, parts) => {
    app.use(limitBody)
    app.use('/v2/*', acceptPlainTextJson)
    registerFiles(app, parts)
  })
  const { close } = api
  // The database of the process that runs now; a restart brings another.
  const sql: Sql = (text, params) => api.parts.database.sql(text, params)

  return Object.assign(api, {
    sql,
    /** A merchant with a secret key, a publishable key and a person at its dashboard. */
    async addSeller() {
      const merchantId = newId('merchant')
      const userId = newId('user')
      await sql('insert into merchants (id, name) values ($1, $1)', [merchantId])
      await sql(`insert into users (id, email, password_hash, merchant_id) values ($1, $1, '', $2)`, [
        userId,
        merchantId,
      ])
      const key = await createApiKey(api.parts.database, { merchantId, kind: 'secret', liveMode: false })
      const publishable = await createApiKey(api.parts.database, {
        merchantId,
        kind: 'publishable',
        liveMode: false,
      })
      const { token } = await openSession(sql, userId)
      return {
        merchantId,
        secret: { authorization: `Bearer ${key.key}` },
        publishable: { authorization: `Bearer ${publishable.key}` },
        cookie: { cookie: `ordermill_session=${token}`, origin: api.origin },
      }
    },
    /** An order of this merchant in some state, with a delivery of this content. Returns the delivery's id. */
    async addDelivery(order: { merchantId: string; content: string; state?: OrderState; limit?: number }) {
      const [checkoutId, orderId, itemId, deliveryId] = [
        newUuid(),
        newId('order'),
        newId('orderItem'),
        newId('delivery'),
      ]
      await sql(`insert into checkouts (id, merchant_id, currency, metadata) values ($1, $2, 'USD', '{}')`, [
        checkoutId,
        order.merchantId,
      ])
      await sql(
        `insert into orders (id, merchant_id, checkout_id, state, state_transitions, fraud_state_transitions, currency, email,
           subtotal, total_shipping, total_amount, metadata, live_mode)
         values ($1, $2, $3, $4, '{}', '{}', 'USD', 'ada@example.com', 2000, 0, 2000, '{}', false)`,
        [orderId, order.merchantId, checkoutId, order.state ?? 'confirmed'],
      )
      await sql(
        `insert into order_items (id, order_id, position, seller_id, kind, product, quantity, unit_price, amount, state_transitions)
         values ($1, $2, 0, $3, 'digital', '{}', 1, 2000, 2000, '{}')`,
        [itemId, orderId, order.merchantId],
      )
      await sql(
        `insert into deliveries (id, order_id, order_item_id, content_type, content, download_limit)
         values ($1, $2, $3, 'file', $4, $5)`,
        [deliveryId, orderId, itemId, order.content, order.limit ?? null],
      )
      return deliveryId
    },
    rows: () =>
      sql<StoredFile & { state: string }>(
        `select id, merchant_id as "merchantId", storage_key as "storageKey", filename, size, content_type as "contentType",
           sha256, state from files order by created_at`,
      ),
    /** Everything on the disk under the folder of files, without the folders. */
    stored() {
      const folder = path.join(dataDir, 'files')
      if (!existsSync(folder)) return []
      const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name))
    },
    async close() {
      await close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  })
}

export type TestFiles = Awaited<ReturnType<typeof startFiles>>

/** A form with one file. */
export function formWith(content: string | Uint8Array<ArrayBuffer>, filename: string, type = ''): FormData {
  const form = new FormData()
  form.set('file', new File([content], filename, { type }))
  return form
}

/** Status and code of a refusal in the link API's envelope. */
export async function refusalOf(answer: Response): Promise<[number, string | undefined]> {
  const body = (await answer.json()) as { success: boolean; error?: { code: string; message: string } }
  return [answer.status, body.success === false && body.error?.message ? body.error.code : undefined]
}
