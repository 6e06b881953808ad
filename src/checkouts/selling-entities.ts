import type { Sql } from '../database/database.ts'
import { lockName } from '../database/lock-name.ts'
import { insertRows, type Runs, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { checkTaxIdentifier } from '../tax/check-tax-identifier.ts'
import type { OwnedSellingEntity, SellingEntity } from './selling-entity.ts'
import { names, type SellingEntityValues, sellingEntityColumns, toRows } from './selling-entity-rows.ts'
import type { SellingEntityChanges } from './selling-entity-schema.ts'

/** Whose entities: a merchant's, or with null those of the installation, which serve every merchant that has none. */
type Owner = string | null

const maxEntities = 50

const removeAll = statement<{ owner: Owner }>()((db, $) =>
  db.deleteFrom('selling_entities').where('merchant_id', 'is not distinct from', $.owner),
)

const insertAll = statement<{ entities: SellingEntityValues[] }>()((_, $) =>
  insertRows('selling_entities', $.entities, names),
)

const readOwn = statement<{ owner: Owner }>()((db, $) =>
  db
    .selectFrom('selling_entities')
    .select(sellingEntityColumns)
    .where('merchant_id', 'is not distinct from', $.owner)
    .orderBy('position'),
)

/** An owner's entities in the order in which they are tried. */
export async function listSellingEntities(on: Runs, owner: Owner): Promise<OwnedSellingEntity[]> {
  return await readOwn(on, { owner })
}

/** @throws ApiError `not_found`, also for another owner's */
export async function readSellingEntity(on: Runs, owner: Owner, id: string): Promise<OwnedSellingEntity> {
  return at(await listSellingEntities(on, owner), id)
}

/** Adds an entity at a place in the order, first is 1; the last without one. @throws ApiError `id_in_use`, `invalid_parameter` */
export async function createSellingEntity(
  tx: Pick<Transaction, 'sql'>,
  owner: Owner,
  entity: SellingEntity,
  position?: number,
): Promise<void> {
  const made = await withCheckedNumbers(entity)
  await changeList(tx, owner, (list) => {
    if (list.some(({ id }) => id === made.id)) throw new ApiError('id_in_use', { parameter: 'id' })
    if (list.length >= maxEntities)
      throw new ApiError('invalid_parameter', { message: `There are at most ${maxEntities} selling entities.` })
    return placed(list, made, position)
  })
}

/**
 * Changes an entity, and with `position` when it is tried. What was sold before keeps the entity as it was, because every checkout and
 * order carries its own copy. @throws ApiError `not_found`, `invalid_parameter`
 */
export async function updateSellingEntity(
  tx: Pick<Transaction, 'sql'>,
  owner: Owner,
  id: string,
  { position, ...changes }: SellingEntityChanges & { position?: number | undefined },
): Promise<void> {
  const checked = changes.taxIdentifiers ? await withCheckedNumbers({ taxIdentifiers: changes.taxIdentifiers }) : {}
  await changeList(tx, owner, (list) => {
    const changed: SellingEntity = { ...at(list, id), ...definedOf(changes), ...checked }
    if (position === undefined) return list.map((entity) => (entity.id === id ? changed : entity))
    return placed(
      list.filter((entity) => entity.id !== id),
      changed,
      position,
    )
  })
}

/** From now on it sells nothing; what it has sold stays as it is. @throws ApiError `not_found` */
export async function deleteSellingEntity(tx: Pick<Transaction, 'sql'>, owner: Owner, id: string): Promise<void> {
  await changeList(tx, owner, (list) => {
    at(list, id)
    return list.filter((entity) => entity.id !== id)
  })
}

/** Replaces the entities of an owner by these, which are tried in the order given. */
export async function replaceSellingEntities(
  tx: Pick<Transaction, 'sql'>,
  owner: Owner,
  entities: readonly SellingEntity[],
): Promise<void> {
  await changeList(tx, owner, () => entities)
}

async function changeList(
  tx: { sql: Sql },
  owner: Owner,
  change: (list: readonly SellingEntity[]) => readonly SellingEntity[],
): Promise<void> {
  // Two changes at once would leave a mixture of both.
  await lockName(tx, 'selling-entities')
  const entities = change(await listSellingEntities(tx, owner))
  await removeAll(tx, { owner })
  if (entities.length > 0) await insertAll(tx, { entities: toRows(owner, entities) })
}

function at<Entity extends SellingEntity>(list: readonly Entity[], id: string): Entity {
  const found = list.find((entity) => entity.id === id)
  if (!found) throw new ApiError('not_found', { message: `Selling entity ${id} not found`, parameter: 'id' })
  return found
}

/** The changes that were sent. */
const definedOf = (changes: SellingEntityChanges) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<SellingEntity>

const placed = (list: readonly SellingEntity[], entity: SellingEntity, position = list.length + 1): SellingEntity[] =>
  list.toSpliced(position - 1, 0, entity)

/** Numbers that are a seller's alone: of the European Union's one-stop shop, and of the United States. */
const numbersOfSellers: Record<string, RegExp> = {
  eu_oss: /^EU\d{9}$/,
  eu_ioss: /^IM\d{10}$/,
  us_ein: /^\d{2}-?\d{7}$/,
}

/** An entity with its numbers as they are issued. @throws ApiError `invalid_parameter` that names the number */
async function withCheckedNumbers<Entity extends Pick<SellingEntity, 'taxIdentifiers'>>(
  entity: Entity,
): Promise<Entity> {
  const taxIdentifiers = await Promise.all(
    entity.taxIdentifiers.map(async ({ type, value }, index) => {
      const own = Object.hasOwn(numbersOfSellers, type) ? numbersOfSellers[type] : undefined
      if (own?.test(value)) return { type, value }
      const checked = own ? undefined : await checkTaxIdentifier(type, value)
      if (!checked?.ok || !checked.plausible) {
        throw new ApiError('invalid_parameter', {
          message: `taxIdentifiers.${index}: '${value}' is no tax identifier of type '${type}'.`,
          parameter: `taxIdentifiers.${index}.value`,
        })
      }
      return { type, value: checked.value }
    }),
  )
  return { ...entity, taxIdentifiers }
}
