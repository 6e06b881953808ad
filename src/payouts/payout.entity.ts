import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { payoutStates } from './payout.state-machine.ts'

export const payoutMethods = ['transfer', 'manual'] as const
/** `transfer`: to a connected account, by us. `manual`: by a person at the bank. */
export type PayoutMethod = (typeof payoutMethods)[number]

/** Money that leaves a balance for whoever it is owed to. `amount` in minor units of `currency`. */
export const PayoutEntity = defineEntity({
  name: 'Payout',
  tableName: 'payouts',
  properties: {
    id: p.text().primary(),
    /** Whose balance it is, or whose affiliate's or referrer's. */
    merchantId: p.text(),
    recipientId: p.text().nullable(),
    currency: p.text(),
    amount: p.bigint('number'),
    method: p.enum(payoutMethods),
    /** The connected account that a transfer goes to. */
    destination: p.text().nullable(),
    /** Under which it is found at the bank, or the transfer at the provider. */
    reference: p.text().nullable(),
    state: p.enum(payoutStates),
    stateTransitions: p.json<Record<string, string>>(),
    /** Why it failed. */
    reason: p.text().nullable(),
    /** Who asked for it: an API key, an operator, or the schedule. */
    author: p.text(),
    /** The beginning of the period that the schedule made it for; there is one of each. */
    scheduledFor: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    { properties: ['merchantId', 'id'] },
    {
      name: 'payouts_scheduled',
      expression: `create unique index payouts_scheduled on payouts (merchant_id, coalesce(recipient_id, ''), currency, scheduled_for) where scheduled_for is not null`,
    },
  ],
  checks: [{ name: 'payouts_of_something', expression: 'amount > 0' }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof PayoutEntity> {}
}
