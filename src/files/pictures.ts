import { Readable } from 'node:stream'
import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { type FileParts, type StoredFile, storedFile } from './files.ts'
import { storeSizes } from './picture-sizes.ts'
import { discardFile, keepFile, receiveFile } from './receive-file.ts'
import { closeFile, lockFile } from './remove-file.ts'

const mostBytes = 10_000_000
/** A small file may be of so many pixels that unpacking it takes all memory. */
const mostPixels = 50_000_000
const longestSide = 1200
/**
 * The widths that a picture of a product is kept in beside its own: a list, a phone, a dense phone. All are WebP, which every browser shows and
 * which is drawn in a moment; AVIF is a quarter smaller, but drawing it takes seconds of a processor that answers buyers.
 */
const widths = [160, 320, 640, 960]
const quality = 82
/** So much of a logo is shown at twice the density of a screen. */
const logoSize = { width: 480, height: 192 }

const accepted = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif']

/** A stored picture; its size is in pixels. */
export type Picture = { id: string; width: number; height: number }

type Given = { merchantId: string; picture: Blob }

/**
 * Keeps a picture of a product, which anybody may see: upright, no larger than a page shows it, in the widths that pages ask for, and without
 * what a camera writes beside it, such as where it was taken. Another picture of the product has another address, and this one is kept on
 * purpose: orders, shops and mails name it, and who has bought something sees what it was.
 * Returns its file's id. @throws ApiError `picture_refused` for what is no picture, or too large
 */
export async function storePicture(parts: FileParts, given: Given): Promise<string> {
  const { merchantId } = given
  const bytes = await readGiven(given.picture)
  const whole = await draw(bytes, { width: longestSide, height: longestSide })
  const smaller = widths.filter((width) => width < whole.info.width).map((width) => draw(bytes, { width }))
  const pictures: Picture[] = []
  for (const drawn of [whole, ...(await Promise.all(smaller))]) pictures.push(await keep(parts, merchantId, drawn))
  const [{ id }] = pictures as [Picture]
  const sizes = pictures.map(({ id: fileId, width, height }) => ({ fileId, width, height }))
  await storeSizes(parts.database.sql, id, sizes)
  return id
}

/** Keeps a seller's logo, as {@link storePicture} does, in one size. @throws ApiError `picture_refused` */
export async function storeLogo(parts: FileParts, { merchantId, picture }: Given): Promise<Picture> {
  return keep(parts, merchantId, await draw(await readGiven(picture), logoSize))
}

async function keep(parts: FileParts, merchantId: string, { data, info }: Drawn): Promise<Picture> {
  const file = await receiveFile(parts, {
    merchantId,
    filename: 'picture.webp',
    declaredType: 'image/webp',
    content: Readable.from([data]),
    folder: 'pictures',
  })
  await keepFile(parts, file)
  return { id: file.id, width: info.width, height: info.height }
}

type Drawn = { data: Buffer; info: { width: number; height: number } }

async function readGiven(picture: Blob): Promise<Uint8Array> {
  if (picture.size > mostBytes) throw new ApiError('picture_refused')
  const bytes = new Uint8Array(await picture.arrayBuffer())
  const type = (await fileTypeFromBuffer(bytes))?.mime
  if (type === undefined || !accepted.includes(type)) throw new ApiError('picture_refused')
  return bytes
}

async function draw(bytes: Uint8Array, { width, height }: { width: number; height?: number }): Promise<Drawn> {
  try {
    return await sharp(bytes, { limitInputPixels: mostPixels })
      .autoOrient()
      .resize(width, height ?? null, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality })
      .toBuffer({ resolveWithObject: true })
  } catch (cause) {
    throw new ApiError('picture_refused', { cause })
  }
}

const read = statement<{ id: string }>()((db, $) =>
  db
    .selectFrom('files as f')
    .select(storedFile)
    .where('f.id', '=', $.id)
    .where('f.state', '=', 'stored')
    .where('f.storage_key', 'like', 'pictures/%'),
)

/** A picture, for anybody. @throws ApiError `not_found`, also for a file that is none */
export async function readPicture(on: Sql, id: string): Promise<StoredFile> {
  const [file] = await read(on, { id })
  if (!file) throw new ApiError('not_found')
  return file
}

/** Removes a picture that nothing shows any more; its owner may have been faster. */
export async function removePicture(parts: FileParts, owner: { merchantId: string; id: string }): Promise<void> {
  try {
    const file = await parts.database.transaction(async (tx) => {
      const locked = await lockFile(tx, owner)
      await closeFile(tx, locked.id)
      return locked
    })
    await discardFile(parts, file)
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'not_found')) throw error
  }
}
