import { z } from '@hono/zod-openapi'
import type { StatementSummary, StatementView } from '../../../audit/read-statements.ts'
import {
  type StatementItem,
  type StatementMoney,
  statementOutcomes,
} from '../../../audit/settlement-statement.entity.ts'
import { iso } from '../../../database/database.ts'
import { majorUnits } from '../../schemas.ts'

const moneySchema = z.object({ amount: z.number(), currency: z.string() })

const itemSchema = z
  .object({
    references: z.array(z.string()).openapi({ description: 'The lines about it, or how the provider calls it.' }),
    id: z.string().nullable().openapi({ description: 'Ours: a charge or a refund.' }),
    orderId: z.string().nullable(),
    theirs: moneySchema.nullable(),
    ours: moneySchema.nullable().openapi({ description: 'Of a line that was not entered: the line that was.' }),
  })
  .openapi('StatementItem')

const perOutcome = <T extends z.ZodType>(schema: T) =>
  z.object(
    Object.fromEntries(statementOutcomes.map((outcome) => [outcome, schema])) as Record<
      (typeof statementOutcomes)[number],
      T
    >,
  )

export const summarySchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    firstDay: z.string(),
    lastDay: z.string(),
    enteredBy: z.string(),
    enteredTime: z.string(),
    comparedTime: z.string(),
    counts: perOutcome(z.number().int()).extend({
      lines: z.number().int(),
      entered: z.number().int().openapi({ description: 'Lines that were not known.' }),
      known: z.number().int().openapi({ description: 'Lines that were entered before, word for word.' }),
    }),
    totals: z.array(
      z.object({
        currency: z.string(),
        amount: z.number().openapi({ description: 'What the lines say in all, before fees.' }),
        fee: z.number(),
        elsewhere: z.number().openapi({ description: 'What lines of other statements say about the same payments.' }),
        ours: z.number().openapi({ description: 'What the ledger has of all that, with what is missing.' }),
        explained: z.number(),
        unexplained: z.number().openapi({ description: '`amount + elsewhere - ours - explained`.' }),
      }),
    ),
  })
  .openapi('SettlementStatementSummary')

export const statementSchema = summarySchema
  .extend(perOutcome(z.array(itemSchema)).shape)
  .openapi('SettlementStatement', { description: 'Of each outcome at most 1,000; `counts` is of all.' })

export function toSummaryJson({
  createdAt,
  comparedAt,
  totals,
  ...statement
}: StatementSummary): z.infer<typeof summarySchema> {
  return {
    ...statement,
    enteredTime: iso(createdAt),
    comparedTime: iso(comparedAt),
    totals: totals.map(({ currency, ...sums }) => ({
      currency,
      amount: majorUnits(sums.amount, currency),
      fee: majorUnits(sums.fee, currency),
      elsewhere: majorUnits(sums.elsewhere, currency),
      ours: majorUnits(sums.ours, currency),
      explained: majorUnits(sums.explained, currency),
      unexplained: majorUnits(sums.unexplained, currency),
    })),
  }
}

export function toStatementJson({ items, ...summary }: StatementView): z.infer<typeof statementSchema> {
  return {
    ...toSummaryJson(summary),
    matched: items.matched.map(toItem),
    mismatch: items.mismatch.map(toItem),
    missing: items.missing.map(toItem),
    unexpected: items.unexpected.map(toItem),
    doubled: items.doubled.map(toItem),
    conflict: items.conflict.map(toItem),
  }
}

const toItem = ({ references, subject, orderId, theirs, ours }: StatementItem): z.infer<typeof itemSchema> => ({
  references,
  id: subject,
  orderId,
  theirs: theirs && toMoney(theirs),
  ours: ours && toMoney(ours),
})

const toMoney = ({ amount, currency }: StatementMoney) => ({ amount: majorUnits(amount, currency), currency })
