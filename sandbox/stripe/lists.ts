import { invalidParameter } from './errors.ts'
import { hash, integer, type Params, text } from './params.ts'

type Listed = { id: string; created: number }
type List<Row> = { object: 'list'; data: Row[]; has_more: boolean; url: string }

/** One page of rows, newest first, with Stripe's cursors and `created` filter. `ids` come oldest first. */
export function listOf<Row extends Listed>(
  rows: ReadonlyMap<string, Row>,
  ids: readonly string[],
  params: Params,
  url: string,
): List<Row> {
  const limit = integer(params, 'limit') ?? 10
  if (limit < 1 || limit > 100) throw invalidParameter('Invalid integer: must be between 1 and 100', 'limit')
  const within = createdFilter(params)
  const newestFirst = ids.flatMap((id) => {
    const row = rows.get(id)
    return row && within(row.created) ? [row] : []
  })
  newestFirst.reverse()
  const after = text(params, 'starting_after')
  const before = text(params, 'ending_before')
  const start = after === undefined ? 0 : newestFirst.findIndex((row) => row.id === after) + 1
  if (before !== undefined) {
    const end = newestFirst.findIndex((row) => row.id === before)
    const from = Math.max(0, end - limit)
    return { object: 'list', data: newestFirst.slice(from, Math.max(0, end)), has_more: from > 0, url }
  }
  const data = newestFirst.slice(start, start + limit)
  return { object: 'list', data, has_more: newestFirst.length > start + limit, url }
}

/** The `created` parameter as a test: an exact second, or `{gt, gte, lt, lte}`. */
export function createdFilter(params: Params): (created: number) => boolean {
  if (typeof params.created === 'string') {
    const exactly = Number(params.created)
    return (created) => created === exactly
  }
  const range = hash(params, 'created')
  const bound = (name: string) => (range[name] === undefined ? undefined : Number(range[name]))
  const [gt, gte, lt, lte] = [bound('gt'), bound('gte'), bound('lt'), bound('lte')]
  return (created) =>
    (gt === undefined || created > gt) &&
    (gte === undefined || created >= gte) &&
    (lt === undefined || created < lt) &&
    (lte === undefined || created <= lte)
}
