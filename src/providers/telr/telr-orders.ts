import { z } from 'zod'
import { newId } from '../../platform/ids.ts'
import { decimalAmount, isCurrency, toMinor } from '../../platform/money.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { ChargeObservation } from '../observations.ts'
import type { Intent, IntentRequest } from '../provider.ts'
import { callOrders, recordOf, textOf } from './telr-calls.ts'
import type { TelrConnection } from './telr-settings.ts'

const word = z.union([z.string(), z.number()]).transform(String)

const orderSchema = z.looseObject({
  ref: word,
  cartid: word,
  test: word.optional(),
  amount: word,
  currency: z.string(),
  status: z.looseObject({ code: z.coerce.number() }),
  transaction: z
    .looseObject({ ref: word, type: word.optional(), status: word.optional(), code: word.optional() })
    .optional(),
})

/** An order as Telr shows it. */
export type TelrOrder = z.infer<typeof orderSchema>

/**
 * Asks for a page on which an order can be paid. Telr takes each `cartid` once and answers E56 for the second, without the page. The first
 * request for a charge bears the charge's id; where Telr knows that already, the answer with the page was lost, or is on its way to another
 * request, and a cart is asked for that never was: the charge's id with something new behind it. Two pages are harmless as long as one of them
 * is given to nobody, and `start-payment` gives out only the one that the charge keeps; what is paid on another all the same is
 * known by its cart.
 */
export async function createOrder(connection: TelrConnection, request: IntentRequest): Promise<Intent> {
  const answer = await askForPage(connection, request, request.chargeId).catch((error: unknown) => {
    if (!(error instanceof ProviderError) || error.code !== duplicateCart) throw error
    return askForPage(connection, request, `${request.chargeId}-${newId('attempt')}`)
  })
  const { ref, url } = recordOf(answer.order)
  const [reference, checkoutUrl] = [textOf(ref), textOf(url)]
  if (!reference || !checkoutUrl) throw new ProviderError('telr', 'unknown', 'order_without_page')
  return { reference, checkoutUrl }
}

const duplicateCart = 'E56'

const askForPage = (
  connection: TelrConnection,
  { orderId, amount, currency, returnUrl }: IntentRequest,
  cartid: string,
): Promise<Record<string, unknown>> =>
  callOrders(connection, 'create', {
    framed: 0,
    order: {
      cartid,
      test: connection.settings.test ? 1 : 0,
      amount: decimalAmount(amount, currency),
      currency,
      description: `Order ${orderId}`,
      trantype: 'sale',
    },
    return: { authorised: returnUrl, declined: returnUrl, cancelled: returnUrl },
  })

/** The charge that a cart is of; undefined for one of another shop that takes money with the same store. */
export const chargeOfCart = (cartid: string): string | undefined => /^(chg_\w+)(?:-att_\w+)?$/.exec(cartid)?.[1]

/** An order as it stands. @throws ProviderError */
export async function checkOrder(connection: TelrConnection, reference: string): Promise<TelrOrder> {
  const { order } = await callOrders(connection, 'check', { order: { ref: reference } })
  const read = orderSchema.safeParse(order)
  if (!read.success) throw new ProviderError('telr', 'unknown', 'order_unreadable', { cause: read.error })
  return read.data
}

/** Whether an order is of the mode, for tests or for real money, that this installation is in. */
export const isOfOurMode = ({ settings }: TelrConnection, { test }: TelrOrder): boolean =>
  test === undefined || (test === '1') === settings.test

const ended = { state: 'failed', spent: true } as const

/**
 * What an order says about its payment. Pure. One of the other mode, for tests where money is real or the other way round, counts as unpaid.
 * A page that expired, was left or has refused the card cannot be paid any more; the order may be paid by another.
 */
export function observeOrder(connection: TelrConnection, order: TelrOrder): ChargeObservation {
  const { currency, status, transaction } = order
  const payment = { kind: 'charge', awaitingBuyer: false, currency } as const
  if (!isOfOurMode(connection, order)) return { ...payment, state: 'pending' }
  const amount = isCurrency(currency) ? toMinor(Number(order.amount), currency) : undefined
  const failureCode = transaction?.code
  switch (status.code) {
    case 2:
      return { ...payment, state: 'capturable', authorizedAmount: amount, inReview: transaction?.status === 'H' }
    case 3:
      // Held for Telr's own review: authorised, but it may still be refused.
      if (transaction?.status === 'H')
        return { ...payment, state: 'capturable', authorizedAmount: amount, inReview: true }
      if (transaction?.status !== 'A') return { ...payment, state: 'pending', awaitingBuyer: true }
      return { ...payment, state: 'complete', capturedAmount: amount, providerChargeId: transaction.ref }
    case 4:
      return { ...payment, state: 'pending', awaitingBuyer: true }
    case -1:
      return { ...payment, ...ended, failureCode: 'expired', lapsed: true }
    case -2:
      return { ...payment, ...ended, failureCode: 'cancelled' }
    case -3:
      return { ...payment, ...ended, failureCode: failureCode ? `declined_${failureCode}` : 'declined' }
    default:
      return { ...payment, state: 'pending' }
  }
}
