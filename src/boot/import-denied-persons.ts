import { readFile } from 'node:fs/promises'
import { replaceDeniedList } from '../fraud/replace-denied-list.ts'
import { ApiError } from '../platform/errors.ts'
import { inTransaction } from '../tasks/transaction.ts'
import { connect } from './connect.ts'
import { readConfigOrExit } from './read-config-or-exit.ts'

/** `npm run denied-persons -- LIST sdn.csv [alt.csv] [add.csv]`: replaces a list of denied persons from files. */
async function importDeniedPersons(args: readonly string[]): Promise<void> {
  const [list, ...paths] = args
  if (!list || paths.length === 0 || paths.length > 3) {
    throw new Error('usage: npm run denied-persons -- LIST sdn.csv [alt.csv] [add.csv]')
  }
  const [sdn = '', alt, add] = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  const config = readConfigOrExit()
  const database = await connect({ url: config.databaseUrl, poolSize: 1, name: 'denied-persons' })
  // Nobody is rung: the relay starts the screening of open orders within seconds.
  const silent = async () => undefined
  const bell = { ring: () => undefined, ringNow: silent, ringAlone: silent, flush: silent, close: silent }
  try {
    const replaced = await inTransaction({ database, bell, operationLeaseSeconds: 0 }, (tx) =>
      replaceDeniedList(tx, { list, sdn, alt, add }),
    )
    const { entries, aliases, addresses } = replaced
    process.stdout.write(`${list}: ${entries} entries, ${aliases} aliases, ${addresses} addresses\n`)
  } finally {
    await database.close()
  }
}

if (import.meta.main) {
  await importDeniedPersons(process.argv.slice(2)).catch((error: unknown) => {
    const expected = error instanceof ApiError || (error instanceof Error && /^(usage|ENOENT)/.test(error.message))
    if (!expected) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  })
}
