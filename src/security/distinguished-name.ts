import { DerTag, type DerValue, objectIdentifier, readDer, readDerList } from '../base/der.ts'

// Names of certificates as Java's X500Principal.getName() writes them (RFC 2253), because access lists hold them as text
// and are compared letter by letter.

const keywords: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.25': 'DC',
  '0.9.2342.19200300.100.1.1': 'UID',
}

/** Tags of the string types that are written as text: UTF8, Printable, T61, IA5, General, BMP. */
const textTags: ReadonlySet<number> = new Set([0x0c, 0x13, 0x14, 0x16, 0x1b, 0x1e])

/**
 * @param certificate in DER
 * @returns its subject, most particular attribute first: `CN=server,OU=Tests,O=Org`; undefined when it is no certificate
 */
export function subjectName(certificate: Uint8Array): string | undefined {
  const [body] = listOf(readDer(certificate), DerTag.sequence) ?? []
  const fields = listOf(body, DerTag.sequence)
  if (fields === undefined) return undefined
  // Version (explicit, may be missing), serial number, algorithm, issuer, validity, subject.
  const subject = fields[fields[0]?.tag === DerTag.explicit0 ? 5 : 4]
  const parts = listOf(subject, DerTag.sequence)
  if (parts === undefined) return undefined
  const texts: string[] = []
  for (const part of parts) {
    const attributes = listOf(part, DerTag.set)?.map(attributeText)
    if (attributes === undefined || attributes.includes(undefined)) return undefined
    texts.unshift(attributes.join('+'))
  }
  return texts.join(',')
}

function listOf(value: DerValue | undefined, tag: number): readonly DerValue[] | undefined {
  return value?.tag === tag ? readDerList(value.content) : undefined
}

function attributeText(attribute: DerValue): string | undefined {
  const [type, value] = listOf(attribute, DerTag.sequence) ?? []
  if (type?.tag !== DerTag.objectIdentifier || value === undefined) return undefined
  const identifier = objectIdentifier(type.content)
  const keyword = keywords[identifier]
  if (keyword === undefined || !textTags.has(value.tag)) {
    const hex = Array.from(value.whole, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return `${keyword ?? identifier}=#${hex}`
  }
  return `${keyword}=${escaped(new TextDecoder().decode(value.content))}`
}

function escaped(text: string): string {
  const body = text.replace(/[,=+<>#;"\\]/g, '\\$&').replaceAll('\0', '\\00')
  return body.replace(/^ +| +$/g, (spaces) => '\\ '.repeat(spaces.length))
}

const knownKeywords: ReadonlySet<string> = new Set([
  ...['CN', 'C', 'L', 'S', 'ST', 'O', 'OU', 'T', 'IP', 'STREET', 'DC', 'DNQUALIFIER', 'DNQ', 'SURNAME', 'GIVENNAME'],
  ...['INITIALS', 'GENERATION', 'EMAIL', 'EMAILADDRESS', 'UID', 'SERIALNUMBER'],
])

/** @returns whether a text may stand for a name in an access list: what Java's X500Principal would take */
export function isDistinguishedName(text: string): boolean {
  if (text.trim() === '') return true
  return splitUnescaped(text).every((part) => {
    const type = /^\s*([A-Za-z][A-Za-z0-9]*|(?:OID\.)?\d+(?:\.\d+)+)\s*=/i.exec(part)?.[1]
    return type !== undefined && (/\d\./.test(type) || knownKeywords.has(type.toUpperCase()))
  })
}

/** Parts between the commas, semicolons and plus signs that neither stand in quotes nor behind a backslash. */
function splitUnescaped(text: string): readonly string[] {
  const parts: string[] = ['']
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    const last = parts.length - 1
    if (character === '\\') {
      parts[last] += text.slice(at, at + 2)
      at += 1
    } else if (!isQuoted && /[,;+]/.test(character)) parts.push('')
    else {
      if (character === '"') isQuoted = !isQuoted
      parts[last] += character
    }
  }
  return parts
}
