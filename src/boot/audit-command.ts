import { parseArgs } from 'node:util'
import { listFindings } from '../audit/findings.ts'
import { type Balance, runAudit } from '../audit/run-audit.ts'
import { toMajor } from '../platform/money.ts'
import { connectCommand } from './connect-command.ts'

const usage = `usage: npm run audit -- [--grace-minutes 60]
  --grace-minutes  what happened in so short a time before may be unknown to the other side, and is no finding (default: 60)`

const shownFindings = 100

/** `npm run audit`: compares the providers' books with the ledger. Ends with 1 where something is unexplained, and with 2 for wrong words. */
async function auditFromCommand(): Promise<number> {
  const { values } = parseArgs({ options: { 'grace-minutes': { type: 'string', default: '60' } } })
  const minutes = Number(values['grace-minutes'])
  if (!Number.isInteger(minutes) || minutes < 0) {
    process.stderr.write(`${usage}\n`)
    return 2
  }
  const parts = await connectCommand('audit')
  try {
    const balances = await runAudit(parts, minutes * 60_000)
    const { findings } = await listFindings(parts.database.sql, 'open', { limit: shownFindings })
    const lines = [
      ...balances.map(balanceLine),
      ...findings.map(
        ({ provider, currency, subject, orderId, kind, theirs, ours }) =>
          `${kind}: ${provider} ${subject}${orderId ? ` of ${orderId}` : ''}, theirs ${toMajor(theirs, currency)}, ours ${toMajor(ours, currency)} ${currency}`,
      ),
    ]
    process.stdout.write(`${lines.join('\n') || 'no books to compare'}\n`)
    return balances.every(({ unexplained }) => unexplained === 0) && findings.length === 0 ? 0 : 1
  } finally {
    await parts.database.close()
  }
}

const balanceLine = ({ provider, currency, theirs, ours, underWay, explained, unexplained }: Balance): string => {
  const money = (amount: number) => toMajor(amount, currency)
  return `${provider} ${currency}: theirs ${money(theirs)}, ours ${money(ours)}, under way ${money(underWay)}, explained ${money(explained)}, unexplained ${money(unexplained)}`
}

if (import.meta.main) process.exitCode = await auditFromCommand()
