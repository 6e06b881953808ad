import { raw } from '@mikro-orm/postgresql'
import { firstIdSince, type IdKind } from '../platform/ids.ts'
import { clocksApartMs, type Period } from './made-within.ts'

/** Rows of a find that were made in a period; nothing without one. Where ids of a kind sort by time, the index of ids ends there too. */
export function madeIn(period: Period | undefined, kind?: IdKind): object[] {
  const { since = null, before = null } = period ?? {}
  const idAt = (moment: Date, byMs: number) =>
    kind && firstIdSince(kind, new Date(Math.max(0, moment.getTime() + byMs)))
  const from = since && idAt(since, -clocksApartMs)
  const until = before && idAt(before, clocksApartMs)
  return [
    ...(since ? [{ createdAt: { $gte: since } }] : []),
    ...(before ? [{ createdAt: { $lt: before } }] : []),
    ...(from ? [{ id: { $gte: from } }] : []),
    ...(until ? [{ id: { $lt: until } }] : []),
  ]
}

/** Rows of a find one of whose columns begins like a text, whatever the case, or whose id it is; nothing without a text. */
export const beginning = (text: string | undefined, columns: readonly string[]): object[] =>
  text === undefined
    ? []
    : [
        {
          $or: [
            { id: text },
            ...columns.map((column) => ({
              [raw((table) => `lower(${table}.${column})`)]: { $like: `${escaped(text.toLowerCase())}%` },
            })),
          ],
        },
      ]

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&')
