import { MikroORM } from '@mikro-orm/postgresql'
import { migrationOptions } from './migrate.ts'
import { readConfigOrExit } from './read-config-or-exit.ts'

/** `npm run migration -- NAME`: writes a migration from what changed in the entities since the last one. */
const orm = await MikroORM.init(migrationOptions(readConfigOrExit().databaseUrl))
const { fileName, diff } = await orm.migrator.create(undefined, false, false, process.argv[2])
process.stdout.write(diff.up.length > 0 ? `migrations/${fileName}\n` : 'The entities have not changed.\n')
await orm.close(true)
