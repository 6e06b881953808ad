import type { Sequence } from '../table.ts'
import { invalidParameter } from './errors.ts'
import { hash, integer, type Params, text } from './params.ts'

type Listed = { id: string; created: number }
type List<Row> = { object: 'list'; data: Readonly<Row>[]; has_more: boolean; url: string }

/**
 * One page of rows, newest first, with Stripe's cursors and `created` filter. It reads on until the page is full or
 * every older row is out of the filter's range.
 */
export function listOf<Row extends Listed>(
  rows: Sequence<Row>,
  params: Params,
  url: string,
  accepts: (row: Readonly<Row>) => boolean = () => true,
): List<Row> {
  const limit = integer(params, 'limit') ?? 10
  if (limit < 1 || limit > 100) throw invalidParameter('Invalid integer: must be between 1 and 100', 'limit')
  const created = createdRange(params)
  const after = text(params, 'starting_after')
  const before = text(params, 'ending_before')
  const found: Readonly<Row>[] = []
  for (const row of before === undefined ? rows.newestFirst(after) : rows.oldestFirst(before)) {
    if (rows.inOrderOfCreation && (before === undefined ? row.created < created.from : row.created > created.to)) break
    if (row.created < created.from || row.created > created.to || !accepts(row)) continue
    found.push(row)
    if (found.length > limit) break
  }
  const data = found.slice(0, limit)
  if (before !== undefined) data.reverse()
  return { object: 'list', data, has_more: found.length > limit, url }
}

/** The seconds that the `created` parameter allows, both ends included: an exact second, or `{gt, gte, lt, lte}`. */
function createdRange(params: Params): { from: number; to: number } {
  if (typeof params.created === 'string') return { from: Number(params.created), to: Number(params.created) }
  const range = hash(params, 'created')
  const bound = (name: string, otherwise: number) => (range[name] === undefined ? otherwise : Number(range[name]))
  return {
    from: Math.max(bound('gte', Number.NEGATIVE_INFINITY), bound('gt', Number.NEGATIVE_INFINITY) + 1),
    to: Math.min(bound('lte', Number.POSITIVE_INFINITY), bound('lt', Number.POSITIVE_INFINITY) - 1),
  }
}

/** A few rows at hand, oldest first, as a sequence. */
export function sequenceOf<Row extends { id: string }>(rows: readonly Row[]): Sequence<Row> {
  const at = (id: string) => rows.findIndex((row) => row.id === id)
  return {
    newestFirst: (before) => rows.slice(0, before === undefined ? undefined : Math.max(0, at(before))).reverse(),
    oldestFirst: (after) => (after === undefined ? rows : rows.slice(at(after) < 0 ? rows.length : at(after) + 1)),
  }
}
