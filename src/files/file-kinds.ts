/** A kind of digital goods: what its names end with, and what its content is recognised as (`file-type`'s names, or text). */
export type FileKind = {
  contentType: string
  extensions: readonly string[]
  content: readonly string[] | 'text'
}

const zip = 'application/zip'
const ooxml = 'application/vnd.openxmlformats-officedocument'
const oasis = 'application/vnd.oasis.opendocument'
const legacyOffice = 'application/x-cfb'

const binary = (contentType: string, extensions: string, ...also: string[]): FileKind => ({
  contentType,
  extensions: extensions.split(' '),
  content: [contentType, ...also],
})
const text = (contentType: string, extensions: string): FileKind => ({
  contentType,
  extensions: extensions.split(' '),
  content: 'text',
})

/**
 * What is stored under a type of its own. Everything else that is neither refused nor dressed up is stored as
 * `application/octet-stream`. Office formats and EPUB are ZIP archives whose inner names may lie beyond what is looked at.
 */
export const fileKinds: readonly FileKind[] = [
  binary('application/pdf', 'pdf'),
  binary('application/epub+zip', 'epub', zip),
  binary('application/x-mobipocket-ebook', 'mobi azw azw3'),
  binary(zip, 'zip cbz'),
  binary('application/gzip', 'gz tgz'),
  binary('application/x-7z-compressed', '7z'),
  binary('application/x-rar-compressed', 'rar cbr'),
  binary('application/x-tar', 'tar'),
  binary('application/rtf', 'rtf'),

  binary('image/png', 'png', 'image/apng'),
  binary('image/jpeg', 'jpg jpeg'),
  binary('image/gif', 'gif'),
  binary('image/webp', 'webp'),
  binary('image/avif', 'avif'),
  binary('image/heic', 'heic heif', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'),
  binary('image/tiff', 'tif tiff'),
  binary('image/bmp', 'bmp'),
  binary('image/vnd.adobe.photoshop', 'psd'),

  binary('audio/mpeg', 'mp3'),
  binary('audio/wav', 'wav'),
  binary('audio/flac', 'flac'),
  binary('audio/ogg', 'ogg oga opus', 'audio/ogg; codecs=opus', 'application/ogg'),
  binary('audio/mp4', 'm4a m4b', 'audio/x-m4a', 'video/mp4'),
  binary('audio/aac', 'aac'),
  binary('audio/aiff', 'aif aiff'),
  binary('audio/midi', 'mid midi'),

  binary('video/mp4', 'mp4 m4v', 'video/x-m4v', 'video/quicktime', 'audio/mp4', 'audio/x-m4a'),
  binary('video/webm', 'webm', 'video/matroska'),
  binary('video/matroska', 'mkv', 'video/webm'),
  binary('video/quicktime', 'mov', 'video/mp4'),
  binary('video/vnd.avi', 'avi'),

  text('text/plain', 'txt log'),
  text('text/csv', 'csv tsv'),
  text('text/markdown', 'md markdown'),
  text('text/plain', 'srt ass'),
  { contentType: 'text/vtt', extensions: ['vtt'], content: ['text/vtt'] },
  text('application/json', 'json'),

  binary('font/ttf', 'ttf'),
  binary('font/otf', 'otf', 'font/ttf'),
  binary('font/woff', 'woff'),
  binary('font/woff2', 'woff2'),

  binary(`${ooxml}.wordprocessingml.document`, 'docx', zip),
  binary(`${ooxml}.spreadsheetml.sheet`, 'xlsx', zip),
  binary(`${ooxml}.presentationml.presentation`, 'pptx', zip),
  binary(`${oasis}.text`, 'odt', zip),
  binary(`${oasis}.spreadsheet`, 'ods', zip),
  binary(`${oasis}.presentation`, 'odp', zip),
  binary('application/msword', 'doc', legacyOffice),
  binary('application/vnd.ms-excel', 'xls', legacyOffice),
  binary('application/vnd.ms-powerpoint', 'ppt', legacyOffice),

  binary('model/gltf-binary', 'glb'),
  binary('model/3mf', '3mf', zip),
  text('model/obj', 'obj mtl'),
  text('model/gltf+json', 'gltf'),
]

/** Names of pages, scripts and programs, which a browser or a desktop would run. */
export const refusedExtensions = new Set(
  (
    'html htm xhtml xht shtml mhtml mht svg svgz xsl js mjs cjs php phtml asp aspx jsp cgi swf wasm hta ' +
    'exe msi msix dll com scr pif cpl bat cmd ps1 psm1 vbs vbe jse wsf wsh lnk url reg inf chm jar class apk aab ipa ' +
    'app dmg pkg deb rpm run elf so dylib sh bash zsh fish csh command desktop docm xlsm pptm dotm xltm potm'
  ).split(' '),
)

/** What `file-type` calls programs and what starts them. */
const programs = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/java-vm',
  'application/java-archive',
  'application/wasm',
  'application/x-shockwave-flash',
  'application/x-deb',
  'application/x-rpm',
  'application/x-apple-diskimage',
  'application/vnd.android.package-archive',
  'application/x-google-chrome-extension',
  'application/x-xpinstall',
  'application/x-ms-shortcut',
  'application/x-ft-apple.alias',
  'application/x-ms-regedit',
  'application/vnd.ms-htmlhelp',
])

/** Whether content is a program or a document with macros, by `file-type`'s name of it. */
export const isProgram = (content: string): boolean => programs.has(content) || content.includes('macroenabled')

/** Types a sender declares for pages, scripts and programs. */
export const refusedDeclarations =
  /^(text\/html|application\/xhtml\+xml|image\/svg\+xml|(text|application)\/(x-)?(java|ecma)script|application\/(x-httpd-php|x-sh|x-msdownload|x-msdos-program|vnd\.microsoft\.portable-executable|java-archive|hta))$/
