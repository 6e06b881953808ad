import { parse } from 'csv-parse/sync'
import { importLicenceKeys } from '../../../catalog/licence-keys.ts'
import { readSku } from '../../../catalog/skus.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { DoneCode } from '../../pages/seller/flash.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { act, readForm, type SentForm } from './page-form.ts'

const maxKeyLength = 500

/** The form that adds licence keys to a product's pool: lines of text, a CSV file, or both. */
export function registerLicenceKeys(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/products/:id/licence-keys', async (c) => {
    const { merchantId } = c.get('member')
    const skuId = c.req.param('id')
    const form = await readForm(c)
    let done: DoneCode = 'keys-known'
    return act(c, { path: `/dashboard/products/${skuId}`, done: () => done }, async () => {
      const keys = await readKeys(form)
      const imported = await inTransaction(parts, async (tx) => {
        await readSku(tx.em, merchantId, skuId)
        return importLicenceKeys(tx, { merchantId, skuId, keys })
      })
      if (imported > 0) done = 'keys-imported'
    })
  })
}

/** @throws ApiError `missing_parameter` without a key, `invalid_parameter` for a file that is no CSV or a key that is too long */
async function readKeys(form: SentForm): Promise<string[]> {
  const lines = form.text('keys').split(/\r?\n/)
  const cells = await readFirstColumn(form.file('csv'))
  const keys = [...lines, ...cells].map((key) => key.trim()).filter(Boolean)
  if (keys.length === 0) throw new ApiError('missing_parameter')
  if (keys.some((key) => key.length > maxKeyLength)) throw new ApiError('invalid_parameter')
  return keys
}

async function readFirstColumn(file: File | undefined): Promise<string[]> {
  if (!file) return []
  const options = { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true } as const
  try {
    const rows: string[][] = parse(await file.text(), options)
    return rows.map(([first = '']) => first)
  } catch (cause) {
    throw new ApiError('invalid_parameter', { cause })
  }
}
