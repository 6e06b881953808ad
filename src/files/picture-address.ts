/** Where anybody sees a picture. */
export const pictureUrl = (publicUrl: string, id: string): string => `${publicUrl.replace(/\/+$/, '')}/pictures/${id}`

/** The picture that an address of ours names; undefined for every other. */
export function pictureIdOf(publicUrl: string, url: string): string | undefined {
  const base = pictureUrl(publicUrl, '')
  return url.startsWith(base) ? /^file_[0-9a-z]{26}$/.exec(url.slice(base.length))?.[0] : undefined
}
