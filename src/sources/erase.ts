import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import { cancelChargeable } from './move-source.ts'

/** Takes out of means of payment whose they are; what could still pay is cancelled. */
export const eraseSources = statement<{ sourceIds: string[] }>()((_, $) =>
  cancelChargeable()
    .set({
      owner: null,
      details: sql`'{}'`,
      fingerprint: null,
      upstream_id: null,
      provider_reference: null,
      setup_reference: null,
      client_secret: null,
      customer_id: null,
    })
    .where((s) => s('s.id', '=', s.fn.any($.sourceIds)))
    .returning('s.id'),
)
