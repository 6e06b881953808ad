import type { NewStatement } from '../audit/reconcile-statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { BankLine } from '../providers/bank-line.ts'
import { providersWithStatements, statementFormatOf } from '../providers/registry.ts'
import { dayOf, momentsOf } from '../providers/statement-days.ts'
import type { StatementFormat } from '../providers/statement-format.ts'

/** Whose statement it is, which days it is about where that is not those of its lines, and who enters it. */
export type StatementOf = { provider: string; from?: string | undefined; to?: string | undefined; by: string }

/**
 * A statement that was sent, ready to be entered: its lines as `read` reads them in the format of its provider.
 * @throws ApiError `invalid_parameter`
 */
export function toNewStatement(
  { provider, from, to, by }: StatementOf,
  read: (format: StatementFormat) => BankLine[],
): NewStatement {
  const format = statementFormatOf(provider)
  if (!format) {
    throw new ApiError('invalid_parameter', {
      message: `provider: only ${providersWithStatements.join(', ')} is known by its statements.`,
      parameter: 'provider',
    })
  }
  const lines = read(format)
  const days = lines.map(({ at }) => dayOf(at, format.utcOffset)).sort()
  const [firstDay, lastDay] = [from ?? days[0] ?? '', to ?? days.at(-1) ?? '']
  if ((days[0] ?? '') < firstDay || (days.at(-1) ?? '') > lastDay) {
    throw new ApiError('invalid_parameter', {
      message: `A line is of a day outside ${firstDay} to ${lastDay}.`,
      parameter: from === undefined ? 'to' : 'from',
    })
  }
  return { provider, by, firstDay, lastDay, lines, ...momentsOf({ firstDay, lastDay }, format.utcOffset) }
}
