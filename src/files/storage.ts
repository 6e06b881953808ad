/** A part of a file: first and last byte, both included. */
export type ByteRange = { start: number; end: number }

/** Where contents are kept, by a key of ours such as `uploads/<merchant>/<file>`. */
export type FileStorage = {
  /** Stores a stream of any length in bounded memory. What fails in the middle leaves nothing under the key. */
  put(key: string, content: AsyncIterable<Uint8Array>, options: { contentType: string }): Promise<void>
  /** The content, or a part of it, with the size of the whole in bytes; undefined when there is nothing under the key. */
  open(key: string, range?: ByteRange): Promise<{ stream: ReadableStream<Uint8Array>; size: number } | undefined>
  /** An address where whoever has it may fetch the content as an attachment, for at most ten minutes; not on disk. */
  signedUrl?(key: string, options: { disposition: string; contentType: string; seconds: number }): Promise<string>
  /** Removes the content and what an interrupted `put` has left; what is gone already is fine. */
  delete(key: string): Promise<void>
}
