import { ProviderError } from '../../platform/provider-error.ts'
import type { PayPalClient } from './paypal-client.ts'
import { captureShape, type PayPalCapture } from './paypal-shapes.ts'
import { readTransactions } from './paypal-transactions.ts'

const lookedBackMs = 31 * 24 * 3_600_000

/** A capture by its id; undefined for one that our account does not have. @throws ProviderError */
export async function findCapture(client: PayPalClient, id: string): Promise<PayPalCapture | undefined> {
  try {
    const path = `/v2/payments/captures/${encodeURIComponent(id)}`
    return await client.call({ method: 'GET', path, answer: captureShape })
  } catch (error) {
    if (error instanceof ProviderError && error.outcome === 'refused') return undefined
    throw error
  }
}

/** The order by which a charge was paid within the last month, found in PayPal's books; undefined where none was. @throws ProviderError */
export async function findPaidOrder(client: PayPalClient, chargeId: string): Promise<string | undefined> {
  const now = Date.now()
  const rows = await readTransactions(client, new Date(now - lookedBackMs), new Date(now))
  for (const { transaction_id: id } of rows.filter(({ custom_field }) => custom_field === chargeId)) {
    const capture = await findCapture(client, id)
    const order = capture?.supplementary_data?.related_ids?.order_id
    if (order !== undefined) return order
  }
  return undefined
}
