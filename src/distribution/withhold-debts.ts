import { expressionBuilder, sql } from 'kysely'
import { db, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { merchantAccount } from '../ledger/merchant-account.ts'
import { clearDebtor, lockDebtors } from '../merchants/debtors.ts'
import type { PaymentProvider } from '../providers/providers.ts'
import { withholdFromSplits } from '../splits/withhold-from-splits.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'

/** A share that is about to be paid out. Minor units. */
type ShareToPay = {
  id: string
  destination: string | null
  amount: number
  withheldAmount: number
  /** The merchant whose own share it is and that may owe the platform something. */
  debtor: string | null
}

const s = expressionBuilder<{ s: Tables['splits'] }, 's'>()

/** Of `splits as s`, for one JSON object: what is kept back of it, and the merchant whose share it is if that may owe something. */
export const withheldOf = {
  withheldAmount: s.ref('s.withheld_amount'),
  debtor: s
    .case()
    .when('s.kind', '=', 'merchant')
    .then(
      sql<string | null>`${db
        .selectFrom('merchants as m')
        .select('m.id')
        .where('m.id', '=', s.ref('s.seller_id'))
        .where('m.in_debt', '=', true)}`,
    )
    .end(),
}

// What an account owes, less what of it shares are kept back for that are not paid out yet.
const readDebt = statement<{ account: string; currency: string }>()((db, $) =>
  db.selectNoFrom((none) => [
    none
      .selectFrom('ledger_entries as l')
      .select((l) => sql<number>`coalesce(-${l.fn.sum('l.amount')}, 0)::bigint`.as('owed'))
      .where('l.account', '=', $.account)
      .where('l.currency', '=', $.currency)
      .as('owed'),
    none
      .selectFrom('splits as s')
      .select((s) => sql<number>`coalesce(${s.fn.sum('s.withheld_amount')}, 0)::bigint`.as('withheld'))
      .where('s.recipient', '=', $.account)
      .where('s.currency', '=', $.currency)
      .where('s.state', '=', 'planned')
      .where('s.kind', 'in', ['merchant', 'tax'])
      .where('s.withheld_amount', '>', 0)
      .as('withheld'),
  ]),
)

const readOwing = statement<{ account: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries')
    .select('currency')
    .where('account', '=', $.account)
    .groupBy('currency')
    .having((l) => sql<boolean>`${l.fn.sum('amount')} < 0`),
)

/**
 * Keeps shares back of merchants that owe the platform something, as much as they owe: it stays in the ledger, where it balances what they
 * owe, and only the rest is transferred. How much is kept back of a share is decided once, before its transfer is asked for.
 * Returns the shares with what is kept back of each. Minor units.
 */
export async function withholdDebts<Share extends ShareToPay>(
  parts: UnitOfWork,
  { settlement }: Pick<PaymentProvider, 'settlement'>,
  currency: string,
  shares: readonly Share[],
): Promise<readonly Share[]> {
  const open = shares.filter(
    ({ debtor, destination, withheldAmount }) => debtor !== null && destination !== null && withheldAmount === 0,
  )
  if (settlement !== 'live' || open.length === 0) return shares
  const debtors = Map.groupBy(open, ({ debtor }) => debtor ?? '')
  const kept = new Map<string, number>()
  await inTransaction(parts, async (tx) => {
    for (const { id } of await lockDebtors(tx, { ids: [...debtors.keys()] })) {
      const account = merchantAccount(id)
      const [debt] = await readDebt(tx, { account, currency })
      let left = Math.max(0, (debt?.owed ?? 0) - (debt?.withheld ?? 0))
      const withheld = (debtors.get(id) ?? []).map((share) => {
        const amount = Math.min(left, share.amount)
        left -= amount
        return { id: share.id, amount }
      })
      for (const row of await withholdFromSplits(tx, { withheld: withheld.filter(({ amount }) => amount > 0) }))
        kept.set(row.id, row.amount)
      if ((await readOwing(tx, { account })).length === 0) await clearDebtor(tx, { id })
    }
  })
  return shares.map((share) => ({ ...share, withheldAmount: kept.get(share.id) ?? share.withheldAmount }))
}
