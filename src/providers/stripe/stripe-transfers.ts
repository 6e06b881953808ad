import type Stripe from 'stripe'
import type { SeenReversal } from '../observations.ts'
import type { MoneyCall, PaymentAdapter } from '../provider.ts'
import { toStripe } from './stripe-amounts.ts'
import type { StripeClient } from './stripe-client.ts'
import { ofAmount, underKey } from './stripe-keys.ts'
import { findInList, readList } from './stripe-look-up.ts'
import { seenReversal } from './stripe-observations.ts'

type Connection = Pick<StripeClient, 'call'>
type TransferRequest = Parameters<NonNullable<PaymentAdapter['transfer']>>[0]

/** Pays a share out to a connected account. @throws ProviderError */
export async function createTransfer(connection: Connection, request: TransferRequest): Promise<{ reference: string }> {
  const { key, orderId, amount, currency, destination, providerChargeId, splitId, lookUpFirst, fromBalance } = request
  const made = () => findTransfer(connection, request)
  const params = {
    amount: toStripe(amount, currency),
    currency: currency.toLowerCase(),
    destination,
    // Stripe refuses to draw transfers on a charge that is captured in parts.
    ...(fromBalance || providerChargeId === undefined ? {} : { source_transaction: providerChargeId }),
    transfer_group: orderId,
    metadata: { orderId, ...(splitId === undefined ? {} : { splitId }), operationId: key },
  }
  const transfer =
    (lookUpFirst ? await made() : undefined) ??
    (await underKey(
      key,
      (idempotencyKey) => connection.call('transfer', (client) => client.transfers.create(params, { idempotencyKey })),
      made,
    ))
  return { reference: transfer.id }
}

/** The transfer that was made under a key, or undefined when none was. @throws ProviderError */
export async function findTransfer(
  connection: Connection,
  { key, orderId, amount, currency }: Omit<MoneyCall, 'lookUpFirst'>,
): Promise<Stripe.Transfer | undefined> {
  const transfer = await findInList(
    connection,
    (client, page) => client.transfers.list({ transfer_group: orderId, ...page }),
    (entry) => entry.metadata.operationId === key,
  )
  return ofAmount(toStripe(amount, currency), transfer)
}

/** Takes a share back from a connected account, which may lack the money for it. @throws ProviderError */
export async function reverseTransfer(
  connection: Connection,
  reference: string,
  { key, orderId, amount, currency, lookUpFirst }: MoneyCall,
): Promise<{ reference: string }> {
  const made = async () =>
    ofAmount(
      toStripe(amount, currency),
      await findInList(
        connection,
        (client, page) => client.transfers.listReversals(reference, page),
        (entry) => entry.metadata?.operationId === key,
      ),
    )
  const params = { amount: toStripe(amount, currency), metadata: { orderId, operationId: key } }
  const reversal =
    (lookUpFirst ? await made() : undefined) ??
    (await underKey(
      key,
      (idempotencyKey) =>
        connection.call('transfer_reversal', (client) =>
          client.transfers.createReversal(reference, params, { idempotencyKey }),
        ),
      made,
    ))
  return { reference: reversal.id }
}

/** Everything that was taken back of a transfer, newest first. @throws ProviderError */
export async function listReversals(connection: Connection, transfer: string): Promise<SeenReversal[]> {
  const reversals = await readList(connection, (client, page) => client.transfers.listReversals(transfer, page))
  return reversals.map(seenReversal)
}
