import type { RefundReport, SeenRefund } from '../observations.ts'
import type { MoneyCall } from '../provider.ts'
import { toStripe } from './stripe-amounts.ts'
import { returnToBank } from './stripe-bank-returns.ts'
import type { StripeClient } from './stripe-client.ts'
import { ofAmount, underKey } from './stripe-keys.ts'
import { findInList, readList } from './stripe-look-up.ts'
import { refundReport, restsAtStripe, seenRefund } from './stripe-observations.ts'

type Connection = Pick<StripeClient, 'call'>

/** Gives captured money back. @throws ProviderError */
export async function createRefund(
  connection: Connection,
  reference: string,
  request: MoneyCall,
): Promise<RefundReport> {
  const { call } = connection
  const { key, orderId, amount, currency, lookUpFirst } = request
  const given = async () =>
    ofAmount(
      toStripe(amount, currency),
      await findInList(
        connection,
        (client, page) => client.refunds.list({ payment_intent: reference, ...page }),
        (entry) => entry.metadata?.operationId === key,
      ),
    )
  const params = {
    payment_intent: reference,
    amount: toStripe(amount, currency),
    metadata: { orderId, operationId: key },
  }
  const refund =
    (lookUpFirst ? await given() : undefined) ??
    (await underKey(
      key,
      (idempotencyKey) => call('refund', (client) => client.refunds.create(params, { idempotencyKey })),
      given,
    ))
  if (!restsAtStripe(refund)) return refundReport(refund)
  const intent = await call('payment_intent', (client) => client.paymentIntents.retrieve(reference))
  return returnToBank(connection, intent, request)
}

/** Every refund of a payment, whoever made it. Ours that rest in a buyer's balance are told of by what goes on to the bank. @throws ProviderError */
export async function listRefunds(connection: Connection, payment: string): Promise<SeenRefund[]> {
  const refunds = await readList(connection, (client, page) =>
    client.refunds.list({ payment_intent: payment, ...page }),
  )
  return refunds.filter((refund) => !(restsAtStripe(refund) && refund.metadata?.operationId)).map(seenRefund)
}

/** How a refund stands that was given. @throws ProviderError */
export async function retrieveRefund({ call }: Connection, reference: string): Promise<RefundReport> {
  return refundReport(await call('refund', (client) => client.refunds.retrieve(reference)))
}
