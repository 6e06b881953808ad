import type { ChargeRow } from '../charges/charge-row.ts'
import type { Database } from '../database/database.ts'
import { attemptOperation, type ClaimedOperation, claimOperations } from '../operations/operations.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { Config } from '../platform/config.ts'
import type { Authorization, AuthorizeRequest, PlannedSplit } from '../providers/provider.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { type SourceRow, sourceRowJson } from '../sources/source-row.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction, UnitOfWork } from '../tasks/transaction.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }

/** Everything a provider has to know to charge an order's source. Minor units. */
export type ToAuthorize = {
  orderId: string
  merchantId: string
  draft: boolean
  state: OrderState
  cancelReason: string | null
  email: string
  currency: string
  amount: number
  customerId: string | null
  customerReference: string | null
  browserIp: string | null
  expiresAt: string | null
  chargeId: string
  chargeCreatedAt: string
  captureMethod: 'automatic' | 'manual'
  chargeType: string
  returnUrl: string | null
  source: SourceRow
  names: { name: string | null; address: Record<string, string> | null }[]
  splits: (PlannedSplit & { destination: string | null })[]
}

/** The provider's answer, and the operation to complete in the transaction that stores it. */
export type Authorized = { operation: ClaimedOperation; authorization: Authorization }

/**
 * Asks for the money of a charge, or for a hold on it, once (I3): asking again under the same charge continues the same authorization.
 * Undefined when its answer was stored already. @throws ProviderError, and TaskBusy while another worker asks
 */
export async function authorizeCharge(parts: Parts, order: ToAuthorize): Promise<Authorized | undefined> {
  const sources = parts.providers.get('stripe')?.sources
  if (!sources) throw new TaskError('provider_not_configured', { retry: true })
  const [claim] = await claimOperations(parts, [
    {
      purpose: `${order.chargeId}-authorize`,
      orderId: order.orderId,
      chargeId: order.chargeId,
      kind: 'authorize',
      provider: 'stripe',
      amount: order.amount,
      currency: order.currency,
      request: { source: order.source.id, amount: order.amount },
    },
  ])
  if (claim?.outcome !== 'claimed') return undefined
  const { operation } = claim
  const authorization = await attemptOperation(parts, operation, async () => {
    const reference = operation.lookUpFirst
      ? ((await findReference(parts.database, order.chargeId)) ?? (await sources.find(order.chargeId)))
      : undefined
    return reference ? sources.refresh(reference, order.currency) : sources.authorize(toRequest(parts.config, order))
  })
  return { operation, authorization }
}

/**
 * The payment that an earlier attempt made, where a webhook has told of it: it is asked for its state, because a provider repeats
 * even an error for a key.
 */
async function findReference(database: Database, chargeId: string): Promise<string | null> {
  const [known] = await database.sql<{ reference: string | null }>(
    `select coalesce(c.provider_reference, (select e.reference from inbox_events e
       where e.handled_at is null and e.charge_id = c.id and e.reference is not null limit 1)) as reference
     from charges c where c.id = $1`,
    [chargeId],
  )
  return known?.reference ?? null
}

function toRequest(config: Config, order: ToAuthorize): AuthorizeRequest {
  const { source } = order
  const [first] = order.names
  const secondsLeft = order.expiresAt ? Math.floor((Date.parse(order.expiresAt) - Date.now()) / 1000) : 0
  return {
    chargeId: order.chargeId,
    orderId: order.orderId,
    amount: order.amount,
    currency: order.currency,
    type: source.type,
    ...(source.providerReference ? { paymentMethod: source.providerReference } : {}),
    ...(order.customerReference ? { customer: order.customerReference } : {}),
    owner: {
      email: source.owner?.email ?? order.email,
      name: [source.owner?.firstName, source.owner?.lastName].filter(Boolean).join(' ') || (first?.name ?? order.email),
    },
    capture: order.captureMethod,
    // A single-use card is charged while its buyer waits; a saved one may be charged without.
    offSession: order.chargeType === 'merchant_initiated',
    multicapture: order.splits.every((split) => split.destination === null),
    returnUrl: order.returnUrl ?? config.publicUrl,
    expiresInSeconds: Math.max(60, secondsLeft),
    splits: order.splits,
  }
}

/** Stores what the provider answered about the hold; `charge` is updated in place. */
export async function storeAuthorization(
  tx: Transaction,
  charge: ChargeRow,
  { reference, observation, clientSecret, nextAction }: Authorization,
): Promise<void> {
  await tx.sql(
    `update charges set provider_reference = coalesce(provider_reference, $2), client_secret = $3, next_action = $4::jsonb,
       multicapture = coalesce($5, multicapture), authorized_until = coalesce($6, authorized_until), updated_at = now() where id = $1`,
    [
      charge.id,
      reference,
      clientSecret ?? null,
      nextAction ? JSON.stringify(nextAction) : null,
      observation.multicapture ?? null,
      observation.authorizedUntil ?? null,
    ],
  )
  charge.providerReference ??= reference
  charge.multicapture = observation.multicapture ?? charge.multicapture
  charge.authorizedUntil = observation.authorizedUntil ?? charge.authorizedUntil
}

/** What {@link authorizeCharge} needs, or undefined for an unknown charge and for one without a source. */
export async function readToAuthorize(
  database: Database,
  { orderId, chargeId }: { orderId: string; chargeId: string },
): Promise<ToAuthorize | undefined> {
  const [row] = await database.sql<ToAuthorize>(
    `select o.id as "orderId", o.merchant_id as "merchantId", o.draft, o.state, o.cancel_reason as "cancelReason",
       o.email, o.currency, c.amount, o.customer_id as "customerId",
       u.provider_references ->> 'stripe' as "customerReference", o.details ->> 'browserIp' as "browserIp", o.expires_at as "expiresAt",
       c.id as "chargeId", c.created_at as "chargeCreatedAt", c.capture_method as "captureMethod", c.type as "chargeType", c.return_url as "returnUrl",
       ${sourceRowJson('s')} as source,
       json_build_array(json_build_object('name', o.bill_to ->> 'name', 'address', o.bill_to -> 'address'),
         json_build_object('name', o.ship_to ->> 'name', 'address', o.ship_to -> 'address'),
         json_build_object('name', o.bill_to ->> 'organization', 'address', o.bill_to -> 'address'),
         json_build_object('name', o.ship_to ->> 'organization', 'address', o.ship_to -> 'address')) as names,
       (select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'recipient', p.recipient, 'destination', p.destination,
          'amount', p.amount) order by p.position) from splits p where p.charge_id = c.id) as splits
     from orders o join charges c on c.order_id = o.id join sources s on s.id = c.source_id
     left join customers u on u.merchant_id = o.merchant_id and u.id = o.customer_id
     where o.id = $1 and c.id = $2`,
    [orderId, chargeId],
  )
  return row
}
