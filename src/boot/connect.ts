import { connectDatabase, type Database, type DatabaseOptions } from '../database/database.ts'
import { entities } from './entities.ts'

/** The database with all its tables, for the processes that are started. Connects lazily. */
export const connect = (options: Omit<DatabaseOptions, 'entities'>): Promise<Database> =>
  connectDatabase({ ...options, entities })
