import { type Expression, type ExpressionBuilder, sql } from 'kysely'
import { db, type Hole, scalar } from '../database/statement.ts'

/** What a webhook tells of a payment, before anybody has asked for it. */
type Told = {
  provider: Hole<string>
  reference: Hole<string | null>
  /** Our charge, where the provider hands our metadata back. */
  chargeId: Hole<string | null>
  /** The state it reports. */
  state: Hole<string | null>
}

const isFrom = (provider: Expression<string>, $: Told) => sql<boolean>`${provider} = ${$.provider}`

/** The charge that a webhook is about, as a part of the statement that stores it. */
export const findTold = ($: Told) =>
  db
    .selectFrom('charges')
    .select(['id', 'order_id', 'state', 'provider', 'provider_reference'])
    .where((charge) =>
      charge(
        'id',
        '=',
        charge.fn.coalesce(
          $.chargeId.typed('text'),
          scalar(
            charge
              .selectFrom('charges')
              .select('id')
              .where((other) => isFrom(other.ref('provider'), $))
              .where('provider_reference', '=', $.reference),
          ),
        ),
      ),
    )

type Found = { charge: { provider: string; provider_reference: string | null } }

/** Whether a charge that was found is a payment that this provider knows. */
export const isPaymentOf = (provider: Hole<string>) => (charge: ExpressionBuilder<Found, 'charge'>) =>
  charge.and([sql<boolean>`${charge.ref('provider')} = ${provider}`, charge('provider_reference', 'is not', null)])

/** Keeps the payment's id that a webhook brings for a charge in the state it reports, unless the charge or the id has another one. */
export const attachTold = (chargeId: Expression<Record<'id', string>>, $: Told) =>
  db
    .updateTable('charges')
    .set({ provider_reference: $.reference })
    .where('id', '=', scalar(chargeId))
    .where('provider_reference', 'is', null)
    .where((charge) => sql<boolean>`${charge.ref('state')} = ${$.state}`)
    .where((charge) => isFrom(charge.ref('provider'), $))
    .where((charge) =>
      charge.not(
        charge.exists(
          charge
            .selectFrom('charges as other')
            .select('other.id')
            .where((other) => isFrom(other.ref('other.provider'), $))
            .where('other.provider_reference', '=', $.reference),
        ),
      ),
    )
    .returning('id')

/** Asks about a payment under way half a minute from now, in case the event is lost that a webhook is the echo of. */
export const checkToldSoon = ($: Told & { echo: Hole<boolean> }) =>
  db
    .updateTable('charges')
    .set((charge) => ({
      next_check_at: sql`least(${charge.ref('next_check_at')}, now() + interval '30 seconds')`,
    }))
    .where(sql<boolean>`${$.echo.typed('boolean')}`)
    .where((charge) => isFrom(charge.ref('provider'), $))
    .where('provider_reference', '=', $.reference)
    .where((charge) => charge('id', '=', charge.fn.coalesce($.chargeId.typed('text'), 'id')))
    .where('state', 'in', ['pending', 'failed', 'capturable', 'processing'])
    .where((charge) => sql<boolean>`${charge.ref('state')} <> ${$.state}`)
    .returning('id')
