import { insertRows, type NewRow, type Runs, statement } from '../database/statement.ts'

const insert = statement<{ file: NewRow<'files'> }>()((_, $) =>
  insertRows('files', $.file)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id'),
)

/** Stores the row of a file that we have made and whose content is stored; once. Returns whether it was not there yet. */
export async function storeMadeFile(tx: Runs, file: NewRow<'files'>): Promise<boolean> {
  return (await insert(tx, { file })).length > 0
}
