import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { ChargeRow } from '../charges/charge-row.ts'
import { storeAnswer } from '../charges/charge-writes.ts'
import type { Database } from '../database/database.ts'
import { jsonList, scalar, statement } from '../database/statement.ts'
import { attemptOperation, type ClaimedOperation, claimOperations } from '../operations/operations.ts'
import { authorizationOf } from '../operations/purposes.ts'
import type { Config } from '../platform/config.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { Authorization, AuthorizeRequest } from '../providers/source-payments.ts'
import { creditType } from '../providers/source-types.ts'
import { sourceRow } from '../sources/source-row.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction, UnitOfWork } from '../tasks/transaction.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }

/** The provider's answer, and the operation to complete in the transaction that stores it. */
export type Authorized = { operation: ClaimedOperation; authorization: Authorization }

/**
 * Asks for the money of a charge, or for a hold on it, once (I3): asking again under the same charge continues the same authorization.
 * Undefined when its answer was stored already. @throws ProviderError, and TaskBusy while another worker asks
 */
export async function authorizeCharge(parts: Parts, order: ToAuthorize): Promise<Authorized | undefined> {
  const sources = parts.providers.get(order.provider)?.sources
  if (!sources) throw new TaskError('provider_not_configured', { retry: true })
  const [claim] = await claimOperations(parts, [
    {
      ...authorizationOf(order.chargeId),
      orderId: order.orderId,
      provider: order.provider,
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

const readReference = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .select((c) =>
      c.fn
        .coalesce(
          'c.provider_reference',
          c
            .selectFrom('inbox_events as e')
            .select('e.reference')
            .where('e.handled_at', 'is', null)
            .whereRef('e.charge_id', '=', 'c.id')
            .where('e.reference', 'is not', null)
            .limit(1),
        )
        .as('reference'),
    )
    .where('c.id', '=', $.chargeId),
)

/**
 * The payment that an earlier attempt made, where a webhook has told of it: it is asked for its state, because a provider repeats
 * even an error for a key.
 */
async function findReference(database: Database, chargeId: string): Promise<string | null> {
  const [known] = await readReference(database, { chargeId })
  return known?.reference ?? null
}

function toRequest(config: Config, order: ToAuthorize): AuthorizeRequest {
  const { source } = order
  if (source.type === creditType) throw new Error(`charge ${order.chargeId} is of a credit`)
  const [first] = order.names
  const secondsLeft = order.expiresAt ? Math.floor((order.expiresAt.getTime() - Date.now()) / 1000) : 0
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
  await storeAnswer(tx, {
    id: charge.id,
    reference,
    clientSecret: clientSecret ?? null,
    nextAction: nextAction ?? null,
    multicapture: observation.multicapture ?? null,
    authorizedUntil: observation.authorizedUntil ?? null,
  })
  charge.providerReference ??= reference
  charge.multicapture = observation.multicapture ?? charge.multicapture
  charge.authorizedUntil = observation.authorizedUntil ?? charge.authorizedUntil
}

type Named = { name: string | null; address: Record<string, string> | null }

const read = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .innerJoin('charges as c', 'c.order_id', 'o.id')
    .innerJoin('sources as s', 's.id', 'c.source_id')
    .leftJoin('customers as u', (on) =>
      on.onRef('u.merchant_id', '=', 'o.merchant_id').onRef('u.id', '=', 'o.customer_id'),
    )
    .select([
      'o.id as orderId',
      'o.merchant_id as merchantId',
      'o.draft',
      'o.state',
      'o.cancel_reason as cancelReason',
      'o.email',
      'o.currency',
      'c.amount',
      'o.customer_id as customerId',
      'o.expires_at as expiresAt',
      'c.id as chargeId',
      'c.provider',
      'c.created_at as chargeCreatedAt',
      'c.capture_method as captureMethod',
      'c.type as chargeType',
      'c.return_url as returnUrl',
    ])
    .select((o) => {
      const named = (party: 'o.bill_to' | 'o.ship_to', name: 'name' | 'organization') =>
        sql<Named>`json_build_object('name', ${o.ref(party)} ->> ${sql.lit(name)}, 'address', ${o.ref(party)} -> 'address')`
      return [
        sql<string | null>`${o.ref('u.provider_references')} ->> ${o.ref('c.provider')}`.as('customerReference'),
        sql<string | null>`${o.ref('o.details')} ->> 'browserIp'`.as('browserIp'),
        sourceRow.as('source'),
        sql<Named[]>`json_build_array(${sql.join([
          named('o.bill_to', 'name'),
          named('o.ship_to', 'name'),
          named('o.bill_to', 'organization'),
          named('o.ship_to', 'organization'),
        ])})`.as('names'),
        scalar(
          o
            .selectFrom('splits as p')
            .select((p) =>
              jsonList(
                jsonBuildObject({
                  id: p.ref('p.id'),
                  kind: p.ref('p.kind'),
                  recipient: p.ref('p.recipient'),
                  destination: p.ref('p.destination'),
                  amount: p.ref('p.amount'),
                }),
                p.ref('p.position'),
              ).as('list'),
            )
            .whereRef('p.charge_id', '=', 'c.id'),
        ).as('splits'),
      ]
    })
    .where('o.id', '=', $.orderId)
    .where('c.id', '=', $.chargeId),
)

/** Everything a provider has to know to charge an order's source. Minor units. */
export type ToAuthorize = Awaited<ReturnType<typeof read>>[number]

/** What {@link authorizeCharge} needs, or undefined for an unknown charge and for one without a source. */
export async function readToAuthorize(
  database: Database,
  target: { orderId: string; chargeId: string },
): Promise<ToAuthorize | undefined> {
  const [row] = await read(database, target)
  return row
}
