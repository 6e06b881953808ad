import { defineEntity, p } from '@mikro-orm/postgresql'
import { chargeTypes } from '../checkouts/checkout.entity.ts'
import type { TablesOf } from '../database/tables.ts'
import { chargeStates } from '../providers/charge-states.ts'
import type { NextAction } from '../providers/observations.ts'
import type { PaymentMethod } from '../providers/payment-methods.ts'
import type { ProviderName } from '../providers/registry.ts'

/** One payment at one provider for one order. Its id is the provider's idempotency key (I3). Minor units. */
export const ChargeEntity = defineEntity({
  name: 'Charge',
  tableName: 'charges',
  properties: {
    id: p.text().primary(),
    orderId: p.text().index(),
    method: p.text().$type<PaymentMethod>(),
    provider: p.text().$type<ProviderName>(),
    /** The provider's id of the payment: a PaymentIntent, an invoice. Null until the provider has answered. */
    providerReference: p.text().nullable(),
    /** The provider's id of the money itself: Stripe's `ch_…`, which transfers are taken from. */
    providerChargeId: p.text().nullable(),
    currency: p.text(),
    amount: p.bigint('number'),
    state: p.enum(chargeStates),
    stateTransitions: p.json<Record<string, string>>(),
    clientSecret: p.text().nullable(),
    checkoutUrl: p.text().nullable(),
    returnUrl: p.text().nullable(),
    /** What pays it; null where the buyer enters a means of payment at the provider. */
    sourceId: p.uuid().nullable(),
    /** `manual`: authorized first, captured as the order is fulfilled. */
    captureMethod: p.enum(['automatic', 'manual'] as const).default('automatic'),
    /** The provider takes several captures of one authorization. */
    multicapture: p.boolean().default(false),
    /** When the authorization lapses. */
    authorizedUntil: p.datetime().nullable(),
    nextAction: p.json<NextAction>().nullable(),
    type: p.enum(chargeTypes).default('customer_initiated'),
    /** The charge that was paid more than it asked for: this one is what was too much, and goes back. */
    surplusOf: p.text().nullable(),
    capturedAmount: p.bigint('number').default(0),
    cancelledAmount: p.bigint('number').default(0),
    refundedAmount: p.bigint('number').default(0),
    failureCode: p.text().nullable(),
    failureMessage: p.text().nullable(),
    /** When the provider is asked for the truth if no webhook brings it. */
    nextCheckAt: p.datetime().nullable(),
    checks: p.integer().default(0),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    { properties: ['providerChargeId'] },
    {
      name: 'charges_live',
      expression: `create unique index charges_live on charges (order_id) where state in ('pending', 'failed')`,
    },
    {
      name: 'charges_lapsing',
      expression: "create index charges_lapsing on charges (authorized_until) where state = 'capturable'",
    },
    {
      name: 'charges_surplus',
      expression: 'create index charges_surplus on charges (surplus_of) where surplus_of is not null',
    },
    {
      name: 'charges_next_check',
      expression: 'create index charges_next_check on charges (next_check_at) where next_check_at is not null',
    },
  ],
  uniques: [{ name: 'charges_provider_reference', properties: ['provider', 'providerReference'] }],
  checks: [
    { name: 'charges_captured', expression: 'captured_amount + cancelled_amount <= amount' },
    { name: 'charges_refunded', expression: 'refunded_amount <= captured_amount' },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ChargeEntity> {}
}
