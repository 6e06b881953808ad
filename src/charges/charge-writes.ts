import { sql } from 'kysely'
import { db, type Hole, now, statement } from '../database/statement.ts'
import type { NextAction } from '../providers/observations.ts'

/** A charge under its own lock, where its order is locked or nobody else can know of it yet. */
export const lockChargeAlone = statement<{ id: string }>()((db, $) =>
  db
    .selectFrom('charges')
    .select(['state', 'provider_reference as providerReference'])
    .where('id', '=', $.id)
    .forUpdate(),
)

/**
 * Names the provider's payment of a charge that does not know its own, because a webhook brought it before the answer of the request that
 * made it, or because the database was restored.
 */
export const attachPayment = statement<{ id: string; reference: string; clientSecret?: string | undefined }>()(
  (db, $) =>
    db
      .updateTable('charges')
      .set((c) => ({
        provider_reference: $.reference,
        client_secret: c.fn.coalesce('client_secret', $.clientSecret.typed('text')),
        updated_at: now,
      }))
      .where('id', '=', $.id)
      .where('provider_reference', 'is', null),
)

/** Keeps what the buyer still has to do, which changes when part of the money arrives. */
export const storeNextAction = statement<{ id: string; nextAction: NextAction }>()((db, $) =>
  db.updateTable('charges').set({ next_action: $.nextAction.json, updated_at: now }).where('id', '=', $.id),
)

/** Keeps until when the provider holds the money, and whether it can be captured in parts. */
export const storeHold = statement<{ id: string; authorizedUntil: string; multicapture: boolean }>()((db, $) =>
  db
    .updateTable('charges')
    .set({ authorized_until: $.authorizedUntil.time, multicapture: $.multicapture, updated_at: now })
    .where('id', '=', $.id),
)

/** Keeps what the provider answered about an authorization. */
export const storeAnswer = statement<{
  id: string
  reference: string
  clientSecret: string | null
  nextAction: NextAction | null
  multicapture: boolean | null
  authorizedUntil: string | null
}>()((db, $) =>
  db
    .updateTable('charges')
    .set((c) => ({
      provider_reference: c.fn.coalesce('provider_reference', $.reference.typed('text')),
      client_secret: $.clientSecret,
      next_action: $.nextAction.json,
      multicapture: c.fn.coalesce($.multicapture.typed('boolean'), 'multicapture'),
      authorized_until: c.fn.coalesce($.authorizedUntil.time, 'authorized_until'),
      updated_at: now,
    }))
    .where('id', '=', $.id),
)

/** Keeps the intent that a buyer pays by, unless the charge has another one; as a part of a larger statement. */
export const attachIntent = (intent: {
  chargeId: Hole<string>
  reference: Hole<string>
  clientSecret: Hole<string | null>
  checkoutUrl: Hole<string | null>
}) =>
  db
    .updateTable('charges')
    .set({
      provider_reference: intent.reference,
      client_secret: intent.clientSecret,
      checkout_url: intent.checkoutUrl,
      updated_at: now,
    })
    .where('id', '=', intent.chargeId)
    .where((c) => c.or([c('provider_reference', 'is', null), c('provider_reference', '=', intent.reference)]))
    .returning(['provider', 'provider_reference'])

type Capture = { id: string; capturedAmount: number; providerChargeId: string | null }

const capture = ($: { [Name in keyof Capture]: Hole<Capture[Name]> }) =>
  db
    .updateTable('charges')
    .set((c) => ({
      captured_amount: $.capturedAmount,
      cancelled_amount: c('amount', '-', $.capturedAmount.typed('bigint')),
      provider_charge_id: c.fn.coalesce('provider_charge_id', $.providerChargeId.typed('text')),
      updated_at: now,
    }))
    .where('id', '=', $.id)

/** Counts the money of a charge that stays cancelled although it was paid, wholly or in part. Minor units. */
export const captureCancelled = statement<Capture>()((_, $) => capture($))

/**
 * Counts that more of a charge has come, of which nothing is on its way back: `capturedAmount` in all, in minor units. Returns no row where
 * something is.
 */
export const captureMore = statement<Capture>()((db, $) =>
  capture($)
    .where((c) =>
      c.not(
        c.exists(
          db
            .selectFrom('charge_entries as e')
            .select('e.id')
            .where('e.charge_id', '=', $.id)
            .where('e.kind', 'in', ['refund', 'dispute'])
            .where('e.state', '<>', 'failed'),
        ),
      ),
    )
    .returning('id'),
)

/** Counts captured money, as a part of the statement that books it. `capturedAmount` is all that was captured, in minor units. */
export const setCaptured = (captured: {
  chargeId: Hole<string>
  capturedAmount: Hole<number>
  providerChargeId: Hole<string | null>
}) =>
  db
    .updateTable('charges')
    .set((c) => ({
      captured_amount: captured.capturedAmount,
      provider_charge_id: c.fn.coalesce('provider_charge_id', captured.providerChargeId.typed('text')),
      updated_at: now,
    }))
    .where('id', '=', captured.chargeId)

/** Makes a charge of the same source as another's for what that one no longer holds, as a part of the statement that moves what it is for. */
export const renewCharge = (renewal: {
  renewedId: Hole<string>
  chargeId: Hole<string>
  amount: Hole<number>
  stamp: Hole<Record<string, string>>
}) =>
  db
    .insertInto('charges')
    .columns([
      'id',
      'order_id',
      'method',
      'provider',
      'currency',
      'amount',
      'state',
      'state_transitions',
      'source_id',
      'capture_method',
      'type',
    ])
    .expression((from) =>
      from
        .selectFrom('charges as c')
        .select([
          renewal.chargeId.as('id'),
          'c.order_id',
          'c.method',
          'c.provider',
          'c.currency',
          renewal.amount.typed('bigint').as('amount'),
          sql.lit<'pending'>('pending').as('state'),
          renewal.stamp.json.as('state_transitions'),
          'c.source_id',
          sql.lit<'manual'>('manual').as('capture_method'),
          sql.lit<'merchant_initiated'>('merchant_initiated').as('type'),
        ])
        .where('c.id', '=', renewal.renewedId),
    )

/** Counts a question to the provider about each of some charges and says when the next is due; those that another sweep has are left out. */
export const postponeChecks = statement<{ ids: readonly string[] }>()((from, $) =>
  from
    .updateTable('charges')
    .set((c) => ({
      checks: c('checks', '+', 1),
      // The doubling ends where the longest wait is reached: a power without bound leaves the range of an interval after a week.
      next_check_at: sql`now() + least(interval '10 minutes' * power(2, least(${c.ref('checks')}, 6)), interval '6 hours')`,
    }))
    .where(
      'id',
      'in',
      from
        .selectFrom('charges')
        .select('id')
        .where((c) => c('id', '=', c.fn.any($.ids.typed('text[]'))))
        .where('next_check_at', '<', now)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'order_id as orderId', 'checks']),
)
