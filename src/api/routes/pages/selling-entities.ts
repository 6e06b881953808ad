import type { Context } from 'hono'
import {
  createSellingEntity,
  deleteSellingEntity,
  listSellingEntities,
  readSellingEntity,
  updateSellingEntity,
} from '../../../checkouts/selling-entities.ts'
import type { OwnedSellingEntity } from '../../../checkouts/selling-entity.ts'
import { sellingEntityChangesSchema, sellingEntitySchema } from '../../../checkouts/selling-entity-schema.ts'
import { readMerchantName } from '../../../merchants/merchants.ts'
import { listMerchantAccess } from '../../../operators/users.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction, type Transaction } from '../../../tasks/transaction.ts'
import { type OperatorEnv, requireOperator } from '../../middleware/require-operator.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import {
  type EntityOwner,
  entityPath,
  sellingEntityFormPage,
  sellingEntityListPage,
} from '../../pages/selling-entity-pages.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm, toErrors } from './page-form.ts'
import { entityErrors, fieldAt, sentValues, toInput, valuesOf } from './selling-entity-form.ts'

/** What the list says after a form has been carried out, by the code in its address. */
const done: Record<string, string> = {
  added: 'Added. It sells from now on.',
  saved: 'Saved. It sells like that from now on.',
  moved: 'The order is changed.',
  removed: 'Removed. It sells nothing any more.',
}

type PageContext = Context<PageEnv & OperatorEnv>

/** `/ops/selling-entities`: operators enter who sells, and which of them where. */
export function registerSellingEntityPages(app: PageApp, parts: PageParts): void {
  const operatorOnly = requireOperator(parts)

  app.get('/ops/selling-entities', operatorOnly, async (c) => {
    const owner = await ownerOf(c, parts)
    const [entities, merchants] = await Promise.all([
      listSellingEntities(parts.database, idOf(owner)),
      listMerchantAccess(parts.database.sql),
    ])
    return sendPage(c, sellingEntityListPage({ owner, entities, merchants, done: done[c.req.query('done') ?? ''] }))
  })

  app.get('/ops/new-selling-entity', operatorOnly, async (c) => show(c, await ownerOf(c, parts), undefined, emptyForm))
  app.post('/ops/new-selling-entity', operatorOnly, (c) => add(c, parts))
  app.get('/ops/selling-entities/:id', operatorOnly, async (c) => {
    const { owner, entity } = await readOwned(c, parts)
    return show(c, owner, entity, { values: valuesOf(entity), errors: {} })
  })
  app.post('/ops/selling-entities/:id', operatorOnly, (c) => save(c, parts))

  app.post('/ops/selling-entities/:id/move', operatorOnly, async (c) => {
    const { owner, entity } = await readOwned(c, parts)
    const position = Number((await readForm(c)).text('position'))
    if (!Number.isInteger(position) || position < 1) throw new ApiError('invalid_parameter', { parameter: 'position' })
    return change(c, parts, { owner, id: entity.id, what: 'moved' }, (tx) =>
      updateSellingEntity(tx, idOf(owner), entity.id, { position }),
    )
  })

  app.post('/ops/selling-entities/:id/remove', operatorOnly, async (c) => {
    const { owner, entity } = await readOwned(c, parts)
    return change(c, parts, { owner, id: entity.id, what: 'removed' }, (tx) =>
      deleteSellingEntity(tx, idOf(owner), entity.id),
    )
  })
}

async function add(c: PageContext, parts: PageParts): Promise<Response> {
  const owner = await ownerOf(c, parts)
  const values = sentValues(await readForm(c))
  const refuse = (errors: FormState['errors']) => show(c, owner, undefined, { values, errors }, 400)
  const input = sellingEntitySchema.safeParse(toInput(values))
  if (!input.success) return refuse(entityErrors(input.error))
  return orRefused(refuse, () =>
    change(c, parts, { owner, id: input.data.id, what: 'added' }, (tx) =>
      createSellingEntity(tx, idOf(owner), input.data),
    ),
  )
}

async function save(c: PageContext, parts: PageParts): Promise<Response> {
  const { owner, entity } = await readOwned(c, parts)
  const values = sentValues(await readForm(c))
  const refuse = (errors: FormState['errors']) => show(c, owner, entity, { values, errors }, 400)
  const input = sellingEntityChangesSchema.safeParse(toInput(values))
  if (!input.success) return refuse(entityErrors(input.error))
  return orRefused(refuse, () =>
    change(c, parts, { owner, id: entity.id, what: 'saved' }, (tx) =>
      updateSellingEntity(tx, idOf(owner), entity.id, input.data),
    ),
  )
}

const show = (
  c: Context,
  owner: EntityOwner,
  entity: OwnedSellingEntity | undefined,
  state: FormState,
  status: PageStatus = 200,
) => sendPage(c, sellingEntityFormPage({ owner, entity, state }), status)

/** Changes the list and goes back to it. */
async function change(
  c: PageContext,
  parts: PageParts,
  { owner, id, what }: { owner: EntityOwner; id: string; what: string },
  work: (tx: Transaction) => Promise<void>,
): Promise<Response> {
  await inTransaction(parts, work)
  const operatorId = c.get('operator').userId
  parts.log.info({ operatorId, merchantId: idOf(owner), sellingEntity: id }, `selling entity ${what}`)
  const list = entityPath(owner)
  return c.redirect(`${list}${owner ? '&' : '?'}done=${what}`, 303)
}

/** What the use case refuses is said at the field it names. */
async function orRefused(
  refuse: (errors: FormState['errors']) => Response | Promise<Response>,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500 || error.code === 'not_found') throw error
    if (error.code === 'id_in_use') return refuse({ id: 'There is an entity with this id.' })
    const { parameter } = error
    return refuse(toErrors(error, parameter ? { [parameter]: fieldAt(parameter.split('.')) } : {}))
  }
}

const idOf = (owner: EntityOwner): string | null => owner?.merchantId ?? null

/** Whose entities a page is about. @throws ApiError `not_found` for a merchant that there is not */
async function ownerOf(c: Context, { database }: PageParts): Promise<EntityOwner> {
  const merchantId = c.req.query('merchantId')
  if (!merchantId) return null
  const [merchant] = await readMerchantName(database, { merchantId })
  if (!merchant) throw new ApiError('not_found', { parameter: 'merchantId' })
  return { merchantId, name: merchant.name }
}

async function readOwned(c: Context, parts: PageParts): Promise<{ owner: EntityOwner; entity: OwnedSellingEntity }> {
  const owner = await ownerOf(c, parts)
  return { owner, entity: await readSellingEntity(parts.database, idOf(owner), c.req.param('id') ?? '') }
}
