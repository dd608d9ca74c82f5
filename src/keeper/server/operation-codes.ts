import { Operation } from '../../jute/operations.ts'

/** The four letters that the `cons` command shows for an operation. */
export function operationCode(type: number): string {
  return operationCodes.get(type) ?? `UNKN`
}

const operationCodes: ReadonlyMap<number, string> = new Map([
  [Operation.create, 'CREA'],
  [Operation.create2, 'CRE2'],
  [Operation.createTtl, 'CRTL'],
  [Operation.createContainer, 'CRCT'],
  [Operation.delete, 'DELE'],
  [Operation.exists, 'EXIS'],
  [Operation.getData, 'GETD'],
  [Operation.setData, 'SETD'],
  [Operation.getAcl, 'GETA'],
  [Operation.setAcl, 'SETA'],
  [Operation.getChildren, 'GETC'],
  [Operation.getChildren2, 'GETC'],
  [Operation.sync, 'SYNC'],
  [Operation.ping, 'PING'],
  [Operation.multi, 'MULT'],
  [Operation.closeSession, 'CLOS'],
  [Operation.setWatches, 'SETW'],
  [Operation.setWatches2, 'SEW2'],
])
