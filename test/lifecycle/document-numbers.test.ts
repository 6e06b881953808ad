import { describe, expect, it } from 'vitest'
import { nextNumber } from '../../src/documents/document-number.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'

const series = [
  { sellingEntityId: 'A', kind: 'invoice' as const },
  { sellingEntityId: 'A', kind: 'credit_memo' as const },
  { sellingEntityId: 'B', kind: 'invoice' as const },
]
const attempts = 240

// Removes the risk of a series with a gap or a number that was given twice, whatever dies at the same time.
describe('numbers of documents', () => {
  const { system } = runningShop(storefront, { workers: false })

  it('have no gap in any series when transactions fail and connections die between a number and its document', async () => {
    const seller = { name: 'Seller', address: null, taxIdentifiers: [] }
    const issue = (attempt: number) =>
      system.database.transaction(async (tx) => {
        const { sellingEntityId, kind } = series[attempt % series.length] ?? { sellingEntityId: 'A', kind: 'invoice' }
        const issuer = { ownerId: '*', sellingEntityId, seller, prefix: `${sellingEntityId}-` }
        const number = await nextNumber(tx, issuer, { kind, liveMode: true })
        if (attempt % 5 === 3) throw new Error('died')
        // As the database sees a process that is killed: its connection ends in the middle of the transaction.
        if (attempt % 11 === 7) await tx.sql('select pg_terminate_backend(pg_backend_pid())')
        await tx.sql(
          `insert into order_documents (id, order_id, merchant_id, kind, number, selling_entity_id, file_id, data)
           values ($1, $1, 'mer_1', $2, $3, $4, $1, '{}')`,
          [`doc_${attempt}_${crypto.randomUUID()}`, kind, number, sellingEntityId],
        )
      })
    const ends = await Promise.allSettled(Array.from({ length: attempts }, (_, attempt) => issue(attempt)))
    expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(attempts / 6)
    for (const { sellingEntityId, kind } of series) {
      const rows = await system.database.sql<{ number: string }>(
        'select number from order_documents where selling_entity_id = $1 and kind = $2 order by number',
        [sellingEntityId, kind],
      )
      expect(rows.length).toBeGreaterThan(30)
      expect(rows.map(({ number }) => Number(number.slice(-6)))).toEqual(rows.map((_, index) => index + 1))
    }
  })
})
