import type { Intent, OurCharge } from './books.ts'

type Entry = Record<string, unknown> & { id: string; orderId: string | null }
type Books = Record<string, Record<string, Entry[]>>

/** How a buyer pays elsewhere than by card, and in what; the name of the provider is that of its books. */
export const elsewhere = {
  pays_at_paypal: { method: 'PAYPAL', currency: 'USD' },
  pays_in_bitcoin: { method: 'CRYPTO', currency: 'USD' },
  pays_at_telr: { method: 'TELR', currency: 'USD' },
  pays_at_bonum: { method: 'BONUM', currency: 'MNT' },
} as const

export type Elsewhere = keyof typeof elsewhere

export const isElsewhere = (manner: string): manner is Elsewhere => Object.hasOwn(elsewhere, manner)

/** What the other providers have received by their books, as payments of our charges. Minor units. */
export function otherPayments(books: Books, charges: readonly OurCharge[]): Intent[] {
  const of = (provider: string, kind: string): Entry[] => books[provider]?.[kind] ?? []
  const byReference = new Map(charges.map((charge) => [charge.reference, charge]))
  const captured = Map.groupBy(of('paypal', 'captures'), ({ customId }) => String(customId))
  const sales = Map.groupBy(
    of('telr', 'transactions').filter(({ type, status }) => type === 'sale' && status === 'A'),
    ({ order }) => String(order),
  )
  const sum = (entries: readonly Entry[] = []) => entries.reduce((total, { amount }) => total + Number(amount), 0)
  const payment = (id: string, received: number): Intent => {
    const charge = byReference.get(id)
    return { id, orderId: charge?.orderId ?? null, status: undefined, amount: charge?.amount ?? 0, received }
  }
  return [
    ...of('paypal', 'orders').map(({ id, customId }) => payment(id, sum(captured.get(String(customId))))),
    ...of('telr', 'orders').map(({ id }) => payment(id, sum(sales.get(id)))),
    ...of('btcpay', 'invoices').map(({ id, status, price }) =>
      payment(id, status === 'Settled' ? Math.round(Number(price) * 100) : 0),
    ),
    ...of('bonum', 'invoices').map(({ id, status, amount }) =>
      payment(id, status === 'PAID' ? Math.round(Number(amount) * 100) : 0),
    ),
  ].filter(({ orderId, received }) => orderId !== null || received > 0)
}
