import { now, statement } from '../database/statement.ts'

/** Names the provider's payment of a charge that does not know its own. */
export const attachPayment = statement<{ chargeId: string; reference: string; clientSecret: string | null }>()(
  (db, $) =>
    db
      .updateTable('charges')
      .set((c) => ({
        provider_reference: $.reference,
        client_secret: c.fn.coalesce('client_secret', $.clientSecret.typed('text')),
        updated_at: now,
      }))
      .where('id', '=', $.chargeId)
      .where('provider_reference', 'is', null),
)
