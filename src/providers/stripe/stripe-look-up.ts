import type Stripe from 'stripe'
import type { StripeClient } from './stripe-client.ts'

type Connection = Pick<StripeClient, 'call'>
type Row = { id: string }
type Page<T extends Row> = { object: 'list'; data: T[]; has_more: boolean }

/** What Stripe lists at most in one answer. */
const pageSize = 100

/** The first row of a list, newest first and page by page, that fits. @throws ProviderError */
export async function findInList<T extends Row>(
  { call }: Connection,
  ask: (client: Stripe, page: { limit: number; starting_after?: string }) => Promise<Page<T>>,
  fits: (row: T) => boolean,
): Promise<T | undefined> {
  let after: string | undefined
  for (;;) {
    const cursor = after === undefined ? {} : { starting_after: after }
    const page: Page<T> = await call('list', (client) => ask(client, { limit: pageSize, ...cursor }))
    const found = page.data.find(fits)
    if (found || !page.has_more) return found
    after = page.data.at(-1)?.id
  }
}

/** All rows of a list, newest first. @throws ProviderError */
export async function readList<T extends Row>(
  connection: Connection,
  ask: (client: Stripe, page: { limit: number; starting_after?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const rows: T[] = []
  await findInList(connection, ask, (row) => {
    rows.push(row)
    return false
  })
  return rows
}

/** The payment made for a charge of ours, by its metadata; Stripe finds it a minute after it was made at the latest. */
export async function findIntent({ call }: Connection, chargeId: string): Promise<Stripe.PaymentIntent | undefined> {
  const query = `metadata['chargeId']:'${chargeId}'`
  const found = await call('search_result', (client) => client.paymentIntents.search({ query, limit: 1 }))
  return found.data[0]
}
