import { sql } from 'kysely'
import { now, statement } from '../database/statement.ts'
import type { SourceState } from './source.state-machine.ts'

/** Takes out of means of payment whose they are; what could still pay is cancelled. */
export const eraseSources = statement<{ sourceIds: string[] }>()((db, $) =>
  db
    .updateTable('sources')
    .set((s) => ({
      owner: null,
      details: sql`'{}'`,
      fingerprint: null,
      provider_reference: null,
      setup_reference: null,
      client_secret: null,
      customer_id: null,
      state: s
        .case()
        .when('state', '=', 'chargeable')
        .then(sql.lit<SourceState>('cancelled'))
        .else(s.ref('state'))
        .end(),
      updated_at: now,
    }))
    .where((s) => s('id', '=', s.fn.any($.sourceIds)))
    .returning('id'),
)
