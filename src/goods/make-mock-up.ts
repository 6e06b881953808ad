import { sql } from 'kysely'
import type { Carriers } from '../carriers/carriers.ts'
import { readSku, setSkuPicture } from '../catalog/skus.ts'
import { now, type Runs, statement } from '../database/statement.ts'
import type { FileParts } from '../files/files.ts'
import { pictureUrl } from '../files/picture-address.ts'
import { storePicture } from '../files/pictures.ts'
import { ApiError } from '../platform/errors.ts'
import { TaskError, TaskMoot } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'

type OfSku = { merchantId: string; skuId: string }
type Parts = UnitOfWork & FileParts & { carriers: Carriers }

const anHourAgo = sql<Date>`now() - make_interval(hours => 1)`

// Whoever asks twice gets one picture; what has not come within an hour may be asked for again.
const ask = statement<OfSku>()((db, $) =>
  db
    .insertInto('mock_ups')
    .values({ merchant_id: $.merchantId, sku_id: $.skuId })
    .onConflict((conflict) =>
      conflict
        .columns(['merchant_id', 'sku_id'])
        .doUpdateSet({ asked_at: now, failure: null })
        .where((row) => row.or([row('mock_ups.failure', 'is not', null), row('mock_ups.asked_at', '<', anHourAgo)])),
    )
    .returning('asked_at as askedAt'),
)

const forget = statement<OfSku>()((db, $) =>
  db.deleteFrom('mock_ups').where('merchant_id', '=', $.merchantId).where('sku_id', '=', $.skuId),
)

const fail = statement<OfSku & { failure: string }>()((db, $) =>
  db
    .updateTable('mock_ups')
    .set({ failure: $.failure })
    .where('merchant_id', '=', $.merchantId)
    .where('sku_id', '=', $.skuId),
)

const read = statement<OfSku>()((db, $) =>
  db
    .selectFrom('mock_ups')
    .select('failure')
    .where('merchant_id', '=', $.merchantId)
    .where('sku_id', '=', $.skuId)
    .where((row) => row.or([row('failure', 'is not', null), row('asked_at', '>=', anHourAgo)])),
)

/** Calls for a picture of a product that is printed on demand, made by its printer. @throws ApiError `not_found`, also for what is not printed */
export async function askMockUp(tx: Transaction, { merchantId, skuId }: OfSku): Promise<void> {
  const sku = await readSku(tx.em, merchantId, skuId)
  if (!sku.printful) throw new ApiError('not_found')
  const [row] = await ask(tx, { merchantId, skuId })
  if (!row) return
  const dedupeKey = `${merchantId}-${skuId}-mock-up-${row.askedAt.getTime()}`
  tx.enqueue({ job: 'begin-mock-up', payload: { merchantId, skuId }, dedupeKey })
}

/** A picture that is being made, or why there is none; undefined where none was asked for within an hour, and once it is the product's. */
export async function readMockUp(on: Runs, of: OfSku): Promise<{ failure: string | null } | undefined> {
  const [found] = await read(on, of)
  return found
}

/** Asks the printer; another task takes the picture when it is made. */
export async function beginMockUp(parts: Parts, of: OfSku, taskId: string): Promise<void> {
  const printable = await printableOf(parts, of)
  const mockUpId = await mockUpsOf(parts).begin(printable)
  await inTransaction(parts, async (tx) => {
    tx.enqueue({
      job: 'take-mock-up',
      payload: { ...of, mockUpId },
      dedupeKey: `${of.merchantId}-${of.skuId}-mock-up-of-${mockUpId}`,
    })
    tx.finish(taskId)
  })
}

/** Makes what the printer has drawn the picture of the product. A worker that dies in between leaves a picture that nobody sees. */
export async function takeMockUp(
  parts: Parts,
  { mockUpId, ...of }: OfSku & { mockUpId: number },
  taskId: string,
): Promise<void> {
  await printableOf(parts, of)
  const mockUps = mockUpsOf(parts)
  const mockUp = await mockUps.read(mockUpId)
  if (mockUp.state === 'pending') throw new TaskError('mock_up_pending', { retry: true })
  if (mockUp.state === 'failed') throw new TaskError('mock_up_refused', { retry: false })
  const picture = await mockUps.fetch(mockUp.url)
  const id = await storePicture(parts, { merchantId: of.merchantId, picture })
  await inTransaction(parts, async (tx) => {
    await setSkuPicture(tx, { ...of, imageUrl: pictureUrl(parts.config.publicUrl, id) })
    await forget(tx, of)
    tx.finish(taskId)
  })
}

/** Says why there is no picture, once a task has given up. */
export const failMockUp = (tx: Runs, of: OfSku & { failure: string }) => fail(tx, of)

function mockUpsOf({ carriers }: Pick<Parts, 'carriers'>) {
  if (!carriers.printer) throw new TaskError('printful_not_configured', { retry: false })
  return carriers.printer.mockUps
}

/** What is printed. @throws TaskMoot for a product that is off sale or not printed any more */
async function printableOf(parts: Parts, of: OfSku) {
  const sku = await readSku(parts.database.em(), of.merchantId, of.skuId).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 'not_found') throw new TaskMoot('product_gone')
    throw error
  })
  if (!sku.printful) throw new TaskMoot('product_not_printed')
  return sku.printful
}
