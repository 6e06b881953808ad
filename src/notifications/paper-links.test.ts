import { expect, it } from 'vitest'
import type { Sql } from '../database/database.ts'
import { linkInvoice, type PaperParts } from './paper-links.ts'

// Removes the risk that an order calls a person because a file went away between two looks at it.
it('an invoice whose file is gone by the time it is linked is none', async () => {
  const sql = (async () => []) as unknown as Sql
  const parts = { database: { sql } } as PaperParts
  const documents = [{ kind: 'invoice' as const, number: 'INV-1', fileId: 'file_1' }]
  expect(await linkInvoice(parts, { documents, liveMode: false }, { merchantId: 'mer_1', fileId: 'file_1' })).toBe(
    undefined,
  )
})

it('what goes wrong otherwise is told', async () => {
  const sql = (async () => {
    throw new Error('connection lost')
  }) as unknown as Sql
  const parts = { database: { sql } } as PaperParts
  const documents = [{ kind: 'invoice' as const, number: 'INV-1', fileId: 'file_1' }]
  await expect(
    linkInvoice(parts, { documents, liveMode: false }, { merchantId: 'mer_1', fileId: 'file_1' }),
  ).rejects.toThrow('connection lost')
})
