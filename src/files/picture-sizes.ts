import type { Sql } from '../database/database.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import { pictureIdOf } from './picture-address.ts'

/** A picture in one size, in pixels. */
export type PictureSize = { fileId: string; width: number; height: number }

const insert = statement<{ sizes: NewRow<'picture_sizes'>[] }>()((_, $) => insertRows('picture_sizes', $.sizes))

export async function storeSizes(on: Sql, pictureId: string, sizes: readonly PictureSize[]): Promise<void> {
  await insert(
    { sql: on },
    {
      sizes: sizes.map(({ fileId, width, height }) => ({ file_id: fileId, picture_id: pictureId, width, height })),
    },
  )
}

const read = statement<{ ids: string[] }>()((db, $) =>
  db
    .selectFrom('picture_sizes')
    .select(['picture_id as pictureId', 'file_id as fileId', 'width', 'height'])
    .where((size) => size('picture_id', '=', size.fn.any($.ids)))
    .orderBy('width'),
)

/** The sizes of those of these addresses that are pictures of ours, the smallest first. One statement, and none where there are none. */
export async function readSizes(
  on: Sql,
  publicUrl: string,
  urls: readonly (string | null)[],
): Promise<ReadonlyMap<string, readonly PictureSize[]>> {
  const ours = urls.flatMap((url) => {
    const id = url === null ? undefined : pictureIdOf(publicUrl, url)
    return url !== null && id !== undefined ? [{ url, id }] : []
  })
  if (ours.length === 0) return new Map()
  const sizes = await read(on, { ids: ours.map(({ id }) => id) })
  return new Map(ours.map(({ url, id }) => [url, sizes.filter(({ pictureId }) => pictureId === id)]))
}
