import { type BrokerConfig, configFlag, configText } from '../cluster/config/broker-config.ts'
import type { ClientSecurity } from './zookeeper-security.ts'

/** Kafka's names of what ZooKeeper's own clients call otherwise. */
const names: readonly (readonly [kafka: string, zookeeper: string])[] = [
  ['zookeeper.ssl.client.enable', 'client.secure'],
  ['zookeeper.ssl.keystore.location', 'ssl.keyStore.location'],
  ['zookeeper.ssl.keystore.password', 'ssl.keyStore.password'],
  ['zookeeper.ssl.keystore.type', 'ssl.keyStore.type'],
  ['zookeeper.ssl.truststore.location', 'ssl.trustStore.location'],
  ['zookeeper.ssl.truststore.password', 'ssl.trustStore.password'],
  ['zookeeper.ssl.truststore.type', 'ssl.trustStore.type'],
  ['zookeeper.ssl.protocol', 'ssl.protocol'],
  ['zookeeper.ssl.enabled.protocols', 'ssl.enabledProtocols'],
  ['zookeeper.ssl.cipher.suites', 'ssl.ciphersuites'],
  ['zookeeper.ssl.crl.enable', 'ssl.crl'],
  ['zookeeper.ssl.ocsp.enable', 'ssl.ocsp'],
]

/**
 * How a broker speaks to the ensemble of `zookeeper.connect`: `zookeeper.ssl.*`, and SASL where KAFKA_OPTS names a login
 * configuration with a section `Client`.
 *
 * @param javaFlags the content of KAFKA_OPTS
 * @throws Error that names the key or file that is wrong
 */
export async function brokerSecurity(broker: BrokerConfig, javaFlags: string | undefined): Promise<ClientSecurity> {
  const isSecure = configFlag(broker, 'zookeeper.ssl.client.enable')
  if (!isSecure && javaFlags === undefined) return { openTls: undefined, sasl: undefined }
  const lines = names.flatMap(([kafka, zookeeper]) => {
    const value = configText(broker, kafka)
    return value === '' ? [] : [`${zookeeper}=${value}`]
  })
  const isNameChecked = configText(broker, 'zookeeper.ssl.endpoint.identification.algorithm') !== ''
  lines.push(`ssl.hostnameVerification=${isNameChecked}`)
  // Loaded only where it is wanted.
  const { clientSecurity } = await import('./zookeeper-security.ts')
  return clientSecurity(isSecure ? lines.join('\n') : '', javaFlags)
}
