import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { FileStorage } from '../storage.ts'

/**
 * Files under `<data folder>/files`, readable by this user only. Several machines need one folder they all see, or S3.
 * A file appears under its name only when all of it is on the disk: written beside it, fsynced, renamed, the folder fsynced.
 */
export function diskStorage(dataDir: string): FileStorage {
  const root = path.resolve(dataDir, 'files')
  const fileOf = (key: string): string => {
    if (!/^[\w-]+(\/[\w-]+)*$/.test(key)) throw new Error('not a storage key')
    return path.join(root, ...key.split('/'))
  }
  return {
    async put(key, content) {
      const file = fileOf(key)
      const partial = partialOf(file)
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      try {
        const handle = await open(partial, 'wx', 0o600)
        try {
          await handle.writeFile(content)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(partial, file)
        await syncFolder(path.dirname(file))
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
    },

    async open(key, range) {
      const handle = await open(fileOf(key), 'r').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      if (!handle) return undefined
      try {
        const { size } = await handle.stat()
        // The stream closes the handle, also when its reader goes away in the middle.
        const stream = Readable.toWeb(handle.createReadStream(range)) as NodeReadableStream<Uint8Array>
        return { stream: stream as ReadableStream<Uint8Array>, size }
      } catch (error) {
        await handle.close()
        throw error
      }
    },

    async delete(key) {
      const file = fileOf(key)
      await rm(file, { force: true })
      await rm(partialOf(file), { force: true })
    },
  }
}

const partialOf = (file: string): string => `${file}.part`

/** Makes a rename survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
