import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { bootstrap } from './bootstrap.ts'
import { connect } from './connect.ts'
import { entities } from './entities.ts'
import { readConfigOrExit } from './read-config-or-exit.ts'

const migrationsFolder = `${import.meta.dirname}/../../migrations`

/** Migrator settings; `npm run migration` uses them too. */
export const migrationOptions = (databaseUrl: string) => ({
  entities: [...entities],
  clientUrl: databaseUrl,
  forceUtcTimezone: true,
  extensions: [Migrator],
  migrations: {
    path: migrationsFolder,
    pathTs: migrationsFolder,
    glob: '!(*.d|index|.snapshot*).{js,ts}',
    emit: 'ts' as const,
    snapshotName: '.snapshot',
    disableForeignKeys: false,
  },
})

/**
 * Brings a database to the newest schema. Any number of processes may do this at once:
 * the migrator itself takes no lock, so a session advisory lock lets one work and the others wait.
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const lock = new pg.Client({ connectionString: databaseUrl })
  await lock.connect()
  try {
    // Raw: there may be no table yet, and the lock has to be held by a connection of its own.
    await lock.query(`select pg_advisory_lock(hashtext('ordermill:migrate'))`)
    const { migrations, ...options } = migrationOptions(databaseUrl)
    // The snapshot is what the entities were, not what a database has: migrating must not rewrite it.
    const orm = await MikroORM.init({ ...options, migrations: { ...migrations, snapshot: false } })
    try {
      await orm.migrator.up()
    } finally {
      await orm.close(true)
    }
  } finally {
    await lock.end()
  }
}

if (import.meta.main) {
  const config = readConfigOrExit()
  await migrateDatabase(config.databaseUrl)
  const database = await connect({ url: config.databaseUrl, poolSize: 1, name: 'migrate' })
  await bootstrap(database, config)
  await database.close()
}
