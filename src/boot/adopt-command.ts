import { parseArgs } from 'node:util'
import { type Adoption, adopt } from '../recovery/adopt.ts'
import { connectCommand } from './connect-command.ts'

const usage = `usage: npm run adopt -- --restored-to 2026-11-25T10:00:00Z [--give-back]
  --restored-to  the moment to which the database was restored, or one before it
  --give-back    cancel or refund the payments of orders that were lost, and reverse their transfers`

/** `npm run adopt`: takes over what providers did in the time that a restored database has lost. */
async function adoptFromCommand(): Promise<number> {
  const { values } = parseArgs({
    options: { 'restored-to': { type: 'string' }, 'give-back': { type: 'boolean', default: false } },
  })
  const restoredTo = new Date(values['restored-to'] ?? '')
  if (Number.isNaN(restoredTo.getTime())) {
    process.stderr.write(`${usage}\n`)
    return 2
  }
  const parts = await connectCommand('adopt')
  try {
    const adoption = await adopt(parts, restoredTo, values['give-back'])
    process.stdout.write(`${reportOf(adoption)}\n`)
    return adoption.open.length > 0 || adoption.lost.some((payment) => !payment.givenBack) ? 1 : 0
  } finally {
    await parts.database.close()
  }
}

const reportOf = ({ events, charges, asked, lost, open }: Adoption): string =>
  [
    `${events} events stored, ${charges} charges made, ${asked} payments asked about`,
    ...lost.map(
      ({ orderId, reference, received, currency, givenBack }) =>
        `lost order ${orderId}: ${reference}, received ${received} ${currency} (minor units)${givenBack ? ', given back' : ''}`,
    ),
    ...open.map(({ orderId, reference, reason }) => `not adopted ${orderId}: ${reference}, ${reason}`),
  ].join('\n')

if (import.meta.main) process.exitCode = await adoptFromCommand()
