import type { Context } from 'hono'
import { iso } from '../database/database.ts'
import type { DocumentFonts } from '../documents/document-fonts.ts'
import { decimalAmount } from '../platform/money.ts'
import type { BalanceStatement } from '../statements/read-balance-statement.ts'
import { renderStatement, type StatementReader } from '../statements/statement-pdf.ts'
import { sendCsv } from './csv.ts'

const nameOf = ({ month, currency }: BalanceStatement, ending: string) => `statement-${month}-${currency}.${ending}`

/** Sends a statement as a PDF. */
export async function sendStatementPdf(
  c: Context,
  statement: BalanceStatement,
  reader: StatementReader,
  fonts: DocumentFonts,
): Promise<Response> {
  const pdf = await renderStatement(statement, reader, fonts)
  return c.body(new Uint8Array(pdf), 200, {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${nameOf(statement, 'pdf')}"`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  })
}

type Row = { at: Date | undefined; what: string; about: string | null; amount: number | undefined; balance: number }

/** Sends a statement as CSV: a row with the opening balance, one for each entry, and one with the closing balance. */
export const sendStatementCsv = (c: Context, statement: BalanceStatement): Promise<Response> =>
  sendCsv<Row, never>(c, {
    filename: nameOf(statement, 'csv'),
    header: ['createdTime', 'type', 'about', 'amount', 'currency', 'balance'],
    toCells: ({ at, what, about, amount, balance }) => [
      at ? iso(at) : null,
      what,
      about,
      amount === undefined ? null : decimalAmount(amount, statement.currency),
      statement.currency,
      decimalAmount(balance, statement.currency),
    ],
    read: async () => ({ rows: rowsOf(statement), next: undefined }),
  })

const rowsOf = ({ from, until, opening, closing, entries }: BalanceStatement): Row[] => [
  { at: from, what: 'opening', about: null, amount: undefined, balance: opening },
  ...entries.map(({ createdAt, type, orderId, payoutId, amount, balance }) => ({
    at: createdAt,
    what: type,
    about: orderId ?? payoutId,
    amount,
    balance,
  })),
  { at: until, what: 'closing', about: null, amount: undefined, balance: closing },
]
