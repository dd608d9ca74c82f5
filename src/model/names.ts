/** The topics that brokers keep for themselves. */
export const OFFSETS_TOPIC: string = '__consumer_offsets'
export const TRANSACTIONS_TOPIC: string = '__transaction_state'

const TOPIC_NAME_SIZE_MAX = 249
const TOPIC_NAME_PATTERN = /^[a-zA-Z0-9._-]+$/

/**
 * Says why a name cannot be a topic's, or `undefined` when it can.
 *
 * A directory name is `topic-partition`, hence the letters and the length.
 */
export function whyInvalidTopicName(name: string): string | undefined {
  if (name.length === 0) return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > TOPIC_NAME_SIZE_MAX)
    return `the length of '${name}' is longer than the max allowed length ${TOPIC_NAME_SIZE_MAX}`
  if (!TOPIC_NAME_PATTERN.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  }
  return undefined
}

/** Two names collide when metrics, which turn '.' into '_', could not tell them apart. */
export function topicNamesCollide(left: string, right: string): boolean {
  return left !== right && left.replaceAll('.', '_') === right.replaceAll('.', '_')
}
