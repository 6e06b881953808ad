import type { StatementSync } from 'node:sqlite'
import type { Store } from '../store.ts'

/** The owner of what belongs to the platform and to no connected account. */
export const platform = ''

type Entry = { owner: string; currency: string; availableOn: number; id: string; net: number }

const definition = `
  CREATE TABLE IF NOT EXISTS "stripe.unpaidTransactions" (
    owner TEXT, currency TEXT, available_on INTEGER, id TEXT, net INTEGER NOT NULL,
    PRIMARY KEY (owner, currency, available_on, id)
  ) WITHOUT ROWID
`

/** Balance transactions that no automatic payout has taken along yet, by when their money may be spent. */
export class UnpaidTransactions {
  readonly #store: Store
  readonly #statements: Record<'add' | 'pending' | 'due' | 'take' | 'waiting' | 'hurry', StatementSync>

  constructor(store: Store) {
    this.#store = store
    store.define(definition)
    const table = '"stripe.unpaidTransactions"'
    const mine = 'owner = ? AND currency = ?'
    this.#statements = {
      add: store.prepare(`INSERT INTO ${table} (owner, currency, available_on, id, net) VALUES (?, ?, ?, ?, ?)`),
      pending: store.prepare(`SELECT sum(net) AS net FROM ${table} WHERE ${mine} AND available_on > ?`),
      due: store.prepare(`SELECT id FROM ${table} WHERE ${mine} AND available_on <= ? ORDER BY available_on, id`),
      take: store.prepare(`DELETE FROM ${table} WHERE ${mine} AND available_on <= ?`),
      waiting: store.prepare(`SELECT id FROM ${table} WHERE available_on > ?`),
      hurry: store.prepare(`UPDATE ${table} SET available_on = ?1 WHERE available_on > ?1`),
    }
  }

  add({ owner, currency, availableOn, id, net }: Entry): void {
    this.#store.begin()
    this.#statements.add.run(owner, currency, availableOn, id, net)
  }

  /** What is not available yet, in minor units. */
  pending(owner: string, currency: string, now: number): number {
    return Number(this.#statements.pending.get(owner, currency, now)?.net ?? 0)
  }

  /** The ids of all that is available, oldest first, for a payout that takes them along. */
  take(owner: string, currency: string, now: number): string[] {
    const ids = this.#statements.due.all(owner, currency, now).map(({ id }) => String(id))
    this.#store.begin()
    this.#statements.take.run(owner, currency, now)
    return ids
  }

  /** Makes everything available now. Returns the ids of what was not. */
  hurry(now: number): string[] {
    const ids = this.#statements.waiting.all(now).map(({ id }) => String(id))
    this.#store.begin()
    this.#statements.hurry.run(now)
    return ids
  }
}
