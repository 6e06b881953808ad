import type { OurBooks } from './books.ts'

/** What a shard's tables say, and which of its orders were acknowledged to buyers. */
export type ShardBooks = {
  name: string
  ours: Pick<OurBooks, 'orders' | 'charges' | 'operations' | 'ledger' | 'tasks' | 'events'>
  told: readonly string[]
}

/** One sentence for each row that a shard has of an order of another, or of no order of its own, and for each webhook that two of them keep. */
export function foreignRows(shards: readonly ShardBooks[]): string[] {
  const found: string[] = []
  const keptBy = new Map<string, string>()
  for (const { name, ours, told } of shards) {
    const own = new Set(ours.orders.map(({ id }) => id))
    const acknowledged = new Set(told)
    for (const id of own) if (!acknowledged.has(id)) found.push(`${name} has order ${id}, which it did not take`)
    for (const kind of ['charges', 'operations', 'ledger', 'tasks', 'events'] as const)
      for (const { orderId } of ours[kind])
        if (orderId !== null && !own.has(orderId))
          found.push(`${name} has ${kind} of ${orderId}, which is not its order`)
    for (const { provider, eventId } of ours.events) {
      const key = `${provider} ${eventId}`
      const other = keptBy.get(key)
      if (other !== undefined) found.push(`${name} and ${other} both keep ${key}`)
      keptBy.set(key, name)
    }
  }
  return found
}
