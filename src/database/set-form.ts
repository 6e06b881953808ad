import {
  AliasNode,
  CommonTableExpressionNameNode,
  CommonTableExpressionNode,
  type DeleteQueryNode,
  FromNode,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  type OperationNode,
  OperationNodeTransformer,
  type QueryId,
  RawNode,
  ReturningNode,
  type RootOperationNode,
  SelectionNode,
  type SelectQueryNode,
  TableNode,
  type UpdateQueryNode,
  UsingNode,
  type WithNode,
} from 'kysely'

/** The calls of a set, and the number of a call in it. No name of ours begins with an underscore. */
export const calls = '_v'
export const callNumber = '_n'

/**
 * The form of a statement in which it serves many calls at once: its holes are columns of a table of calls, every row it answers carries the
 * number of its call, and whatever one part of it hands to another is kept apart by that number. It is the same statement, made of the same
 * text; one call alone needs no table.
 *
 * It changes what calls see of each other: all of them see the rows as they were before, and a row that two of them change is changed once.
 * So it is for statements about rows of one order, charge or task each, and a set has each of those once.
 * @throws Error for a statement that has no such form: one that sorts, that joins what it inserts, or that is written by hand
 */
export function setForm(
  root: RootOperationNode,
  callsAre: OperationNode,
  insertedBy: Readonly<Record<string, { column: string; hole: string }>>,
  queryId: QueryId,
): RootOperationNode {
  const expressions = 'with' in root ? (root.with?.expressions ?? []) : []
  const parts: Parts = new Map()
  const carried = new CarryNumbers(parts)
  const carry = (node: OperationNode): OperationNode => carried.numbered(node, queryId)
  const made: CommonTableExpressionNode[] = [
    CommonTableExpressionNode.cloneWith(CommonTableExpressionNode.create(nameOf(calls), callsAre), {
      materialized: true,
    }),
  ]
  for (const part of expressions) {
    made.push({ ...part, expression: carry(part.expression) })
    const { name } = part.name.table.table.identifier
    const by = insertedBy[name]
    const isInsert = part.expression.kind === 'InsertQueryNode'
    parts.set(name, isInsert ? by && [by.column, `_${by.hole}`] : [callNumber, callNumber])
  }
  const withNode: WithNode = { kind: 'WithNode', expressions: made }
  const bare: OperationNode = Object.assign({ ...root }, { with: undefined })
  return { ...carry(bare), with: withNode } as unknown as RootOperationNode
}

const nameOf = (name: string) => CommonTableExpressionNameNode.create(name)
const raw = (fragments: string[], nodes: OperationNode[] = []) => RawNode.create(fragments, nodes)
const number = raw([`"${calls}"."${callNumber}"`])
const eachCall = (node: OperationNode) => raw([`"${calls}" cross join lateral `, ' as "_s"'], [node])

/** The parts of a statement that were named so far, with their column and that of the calls that say which call a row is of. */
type Parts = Map<string, readonly [column: string, ofCall: string] | undefined>

class CarryNumbers extends OperationNodeTransformer {
  private readonly parts: Parts

  constructor(parts: Parts) {
    super()
    this.parts = parts
  }

  numbered(node: OperationNode, queryId: QueryId): OperationNode {
    const inner = this.transformNode(node, queryId)
    switch (inner.kind) {
      case 'SelectQueryNode':
        return this.numberedSelect(inner as SelectQueryNode)
      case 'UpdateQueryNode':
        return this.numberedUpdate(inner as UpdateQueryNode)
      case 'DeleteQueryNode':
        return this.numberedDelete(inner as DeleteQueryNode)
      case 'InsertQueryNode':
        return this.numberedInsert(inner as InsertQueryNode)
      default:
        throw new Error(`${inner.kind} has no form for a set of calls`)
    }
  }

  private numberedSelect(select: SelectQueryNode): OperationNode {
    if (select.orderBy) throw new Error('a set of calls is not answered in an order')
    return {
      kind: 'SelectQueryNode',
      from: FromNode.create([eachCall(select)]),
      selections: [SelectionNode.create(number as never), SelectionNode.create(raw(['"_s".*']) as never)],
    } as OperationNode
  }

  private numberedUpdate(update: UpdateQueryNode): OperationNode {
    const froms = [raw([`"${calls}"`]), ...(update.from?.froms ?? [])]
    return { ...update, from: FromNode.create(froms), returning: returningNumber(update.returning) } as OperationNode
  }

  private numberedDelete(deletion: DeleteQueryNode): OperationNode {
    const tables = [raw([`"${calls}"`]), ...(deletion.using?.tables ?? [])]
    return {
      ...deletion,
      using: UsingNode.create(tables),
      returning: returningNumber(deletion.returning),
    } as OperationNode
  }

  private numberedInsert(insert: InsertQueryNode): OperationNode {
    if (!insert.values) throw new Error('an insert without values has no form for a set of calls')
    const values = insert.values.kind === 'RawNode' ? raw(['(', ')'], [insert.values]) : insert.values
    return { ...insert, values: raw(['select "_s".* from ', ''], [eachCall(values)]) } as OperationNode
  }

  protected override transformFrom(node: FromNode, queryId: QueryId): FromNode {
    const { froms } = super.transformFrom(node, queryId)
    return FromNode.create(froms.map((from) => this.ofItsCall(from)))
  }

  protected override transformUsing(node: UsingNode, queryId: QueryId): UsingNode {
    const { tables } = super.transformUsing(node, queryId)
    return UsingNode.create(tables.map((table) => this.ofItsCall(table)))
  }

  protected override transformJoin(node: JoinNode, queryId: QueryId): JoinNode {
    const join = super.transformJoin(node, queryId)
    return { ...join, table: this.ofItsCall(join.table) }
  }

  /** What is written by hand is not looked into: it would read the rows of all calls. */
  protected override transformRaw(node: RawNode, queryId: QueryId): RawNode {
    for (const name of this.parts.keys()) {
      if (node.sqlFragments.some((fragment) => new RegExp(`\\b${name}\\b`).test(fragment)))
        throw new Error(`what is written by hand reads ${name}`)
    }
    return super.transformRaw(node, queryId)
  }

  /** Of a part of the statement, only the rows of the same call. */
  private ofItsCall(from: OperationNode): OperationNode {
    const table = AliasNode.is(from) ? from.node : from
    if (!TableNode.is(table)) return from
    const { name } = table.table.identifier
    if (!this.parts.has(name)) return from
    const columns = this.parts.get(name)
    if (!columns) throw new Error(`what ${name} inserts does not say which call it is of`)
    const alias = AliasNode.is(from) && IdentifierNode.is(from.alias) ? from.alias.name : name
    return raw([
      `lateral (select * from "${name}" where "${name}"."${columns[0]}" = "${calls}"."${columns[1]}") as "${alias}"`,
    ])
  }
}

function returningNumber(returning: ReturningNode | undefined): ReturningNode {
  const also = SelectionNode.create(number as never)
  return returning ? ReturningNode.cloneWithSelections(returning, [also]) : ReturningNode.create([also])
}
