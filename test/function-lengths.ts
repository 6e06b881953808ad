import path from 'node:path'
import {
  isFunctionDeclaration,
  isFunctionLikeDeclaration,
  isMethodDeclaration,
  isVariableDeclaration,
  type Node,
  type SourceFile,
} from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'

const root = path.resolve(import.meta.dirname, '..')

/** A function of a file, by its name or that of the constant it is a part of. */
type LongFunction = { file: string; name: string; lines: number }

/** The functions of these files of the project that have more lines than `atMost`. */
export function longFunctions(files: readonly string[], atMost: number): LongFunction[] {
  const compiler = new API({ cwd: root })
  try {
    const [project] = compiler.updateSnapshot({ openProject: path.join(root, 'tsconfig.json') }).getProjects()
    return files.flatMap((file) => {
      const source = project?.program.getSourceFile(path.join(root, file))
      if (!source) throw new Error(`the compiler does not know ${file}`)
      return functionsOf(source).flatMap((node) => {
        const lines = source.text.slice(node.getStart(source), node.end).split('\n').length
        return lines > atMost ? [{ file, name: nameOf(node), lines }] : []
      })
    })
  } finally {
    compiler.close()
  }
}

function functionsOf(source: SourceFile): Node[] {
  const found: Node[] = []
  const visit = (node: Node): void => {
    if (isFunctionLikeDeclaration(node)) found.push(node)
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

function nameOf(node: Node): string {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if ((isFunctionDeclaration(at) || isMethodDeclaration(at) || isVariableDeclaration(at)) && at.name)
      return at.name.getText()
  }
  return 'unnamed'
}
