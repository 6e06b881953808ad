import { z } from 'zod'
import { ProviderError } from '../../platform/provider-error.ts'
import type { PayPalClient } from './paypal-client.ts'
import { moneyShape } from './paypal-shapes.ts'

const transaction = z.looseObject({
  transaction_id: z.string().min(1).max(64),
  paypal_reference_id: z.string().max(64).optional(),
  transaction_event_code: z.string().max(16),
  transaction_initiation_date: z.string().max(64),
  transaction_amount: moneyShape,
  fee_amount: moneyShape.optional(),
  custom_field: z.string().max(255).optional(),
})

const page = z.looseObject({
  transaction_details: z.array(z.looseObject({ transaction_info: transaction })).default([]),
  total_pages: z.number().int().default(1),
  last_refreshed_datetime: z.string().max(64).optional(),
})

export type PayPalTransaction = z.infer<typeof transaction>

const pageSize = 500

/** A question about more than 31 days is refused, and ours are of whole seconds. */
const longestMs = 31 * 24 * 3_600_000 - 2_000

const seconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

const askPage = (client: PayPalClient, fromMs: number, toMs: number, number: number) => {
  const query = new URLSearchParams({
    start_date: seconds(fromMs),
    // Whole seconds: what happened in the last one belongs to it.
    end_date: seconds(Math.ceil(toMs / 1000) * 1000),
    fields: 'transaction_info',
    page_size: String(pageSize),
    page: String(number),
  })
  return client.call({ method: 'GET', path: `/v1/reporting/transactions?${query}`, answer: page })
}

/**
 * Every transaction that changed our balance between two moments. A question that PayPal has too many answers to is asked in halves.
 * https://developer.paypal.com/docs/api/transaction-search/v1/
 * @throws ProviderError
 */
export async function readTransactions(client: PayPalClient, from: Date, to: Date): Promise<PayPalTransaction[]> {
  const [fromMs, toMs] = [from.getTime(), to.getTime()]
  if (toMs - fromMs <= longestMs) return readWindow(client, fromMs, toMs)
  const rows: PayPalTransaction[] = []
  for (let at = fromMs; at < toMs; at += longestMs)
    rows.push(...(await readWindow(client, at, Math.min(at + longestMs, toMs))))
  return rows
}

async function readWindow(client: PayPalClient, fromMs: number, toMs: number): Promise<PayPalTransaction[]> {
  const rows: PayPalTransaction[] = []
  try {
    for (let number = 1, pages = 1; number <= pages; number += 1) {
      const read = await askPage(client, fromMs, toMs, number)
      rows.push(...read.transaction_details.map(({ transaction_info }) => transaction_info))
      pages = read.total_pages
    }
    return rows
  } catch (error) {
    const tooMany = error instanceof ProviderError && error.code === 'RESULTSET_TOO_LARGE'
    if (!tooMany || toMs - fromMs < 2_000) throw error
    const middle = Math.floor((fromMs + toMs) / 2_000) * 1_000
    return [...(await readWindow(client, fromMs, middle)), ...(await readWindow(client, middle, toMs))]
  }
}

/** Up to when PayPal's books are complete: it enters what happens some hours later. @throws ProviderError */
export async function booksUntil(client: PayPalClient): Promise<Date> {
  const now = Date.now()
  const { last_refreshed_datetime: refreshed } = await askPage(client, now - 60_000, now, 1)
  const at = Date.parse(refreshed ?? '')
  return new Date(Number.isNaN(at) ? now : Math.min(at, now))
}
