import { ErrorCode } from '../../model/error-code.ts'
import {
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  describeClusterApi,
  readDescribeClusterRequest,
  writeDescribeClusterResponse,
} from '../../protocol/generated/60-describe-cluster.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { CLUSTER_OPERATIONS, OPERATIONS_NOT_ASKED, reachableBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'

const BROKER_ENDPOINTS = 1
const CONTROLLER_ENDPOINTS = 2

/** DescribeCluster: id, controller and brokers. */
export const describeClusterHandler: ApiHandler<DescribeClusterRequest, DescribeClusterResponse> = {
  apiKey: describeClusterApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: describeClusterApi.flexibleVersion,
  read: readDescribeClusterRequest,
  write: writeDescribeClusterResponse,
  handle(request, context, services): Draft<DescribeClusterResponse> {
    const { endpointType } = request
    if (endpointType === CONTROLLER_ENDPOINTS) {
      return refuse(
        ErrorCode.mismatchedEndpointType,
        `The request was sent to an endpoint of the wrong type: this is a broker, not a controller.`,
      )
    }
    if (endpointType !== BROKER_ENDPOINTS) {
      return refuse(ErrorCode.unsupportedEndpointType, `Unsupported endpoint type ${endpointType}`)
    }
    return {
      errorCode: ErrorCode.none,
      errorMessage: null,
      endpointType,
      clusterId: services.view.clusterId,
      controllerId: services.view.controllerId,
      // Only live brokers are known, so none is fenced.
      brokers: reachableBrokers(services, context).map(({ id, host, port, rack }) => ({
        brokerId: id,
        host,
        port,
        rack,
        isFenced: false,
      })),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? CLUSTER_OPERATIONS
        : OPERATIONS_NOT_ASKED,
    }
  },
}

function refuse(errorCode: ErrorCode, errorMessage: string): Draft<DescribeClusterResponse> {
  return {
    errorCode,
    errorMessage,
    clusterId: '',
    controllerId: -1,
    brokers: [],
    clusterAuthorizedOperations: OPERATIONS_NOT_ASKED,
  }
}
